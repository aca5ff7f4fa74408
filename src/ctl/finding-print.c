/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printing what the store found. */
#include "ctl/finding-print.h"

#include <stdio.h>

#include "basic/text.h"
#include "ipc/json-record.h"

enum { SHOWN_MAX = 4096 };

char *mailbox_shown(const char *name) {
        char *shown = text_dup(name);

        for (char *c = shown; *c; c++)
                if (*c == '/')
                        *c = '.';
        return shown;
}

static void print_json(const StoreFinding *finding, const char *mailbox) {
        _cleanup_buffer_ Buffer line = { 0 };

        json_write_begin(&line, NULL);
        json_write_text(&line, "mailbox", mailbox);
        json_write_text(&line, "kind", finding->kind);
        json_write_text(&line, "path", finding->path);
        if (finding->uid != 0)
                json_write_number(&line, "uid", finding->uid);
        json_write_text(&line, "text", finding->text);
        json_write_text(&line, "remedy", finding->remedy);
        json_write_end(&line);
        puts(line.data);
}

static void print_text(const StoreFinding *finding, const char *mailbox) {
        _cleanup_buffer_ Buffer line = { 0 };
        _cleanup_free_ char *shown = NULL;

        buffer_append_text(&line, "");
        if (mailbox)
                buffer_printf(&line, "%s: ", mailbox);
        if (finding->path)
                buffer_printf(&line, "%s: ", finding->path);
        if (finding->uid != 0)
                buffer_printf(&line, "UID %u: ", finding->uid);
        buffer_append_text(&line, finding->text);
        if (finding->remedy)
                buffer_printf(&line, " (%s)", finding->remedy);
        shown = text_for_log(line.data, SHOWN_MAX);
        puts(shown);
}

void finding_print(void *userdata, const StoreFinding *finding) {
        FindingPrinter *printer = userdata;
        _cleanup_free_ char *mailbox = finding->mailbox ? mailbox_shown(finding->mailbox) : NULL;

        printer->n_findings++;
        if (printer->as_json)
                print_json(finding, mailbox);
        else
                print_text(finding, mailbox);
}
