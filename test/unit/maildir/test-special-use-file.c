/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/buffer.h"
#include "harness.h"
#include "maildir/special-use-file.h"

static const char *show(const SpecialUseLines *lines, Buffer *shown) {
        buffer_clear(shown);
        buffer_append_text(shown, "");
        for (size_t i = 0; i < lines->n_lines; i++)
                buffer_printf(shown, "%s%s=%s", i > 0 ? " " : "", lines->lines[i].use, lines->lines[i].name);
        return shown->data;
}

TEST("lines that make no sense are passed over, the last of one use counts") {
        static const struct {
                const char *octets, *shown;
        } examples[] = {
                { "", "" },
                { "\\Sent INBOX.Sent\n\\Trash INBOX.Old mail\n", "\\Sent=INBOX.Sent \\Trash=INBOX.Old mail" },
                { "\\Sent INBOX.Sent", "\\Sent=INBOX.Sent" },
                { "\\Sent a\n\\sent b\n", "\\sent=b" },
                { "Sent a\n\\ b\n\\Sent\n\\Sent \n\n \n", "" },
        };
        _cleanup_buffer_ Buffer shown = { 0 };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_special_use_lines_ SpecialUseLines lines = { 0 };

                special_use_lines_parse(examples[i].octets, strlen(examples[i].octets), &lines);
                CHECK_TEXT(show(&lines, &shown), examples[i].shown);
        }
}

TEST("a folder that is renamed or removed takes its use along, with those below or without") {
        _cleanup_special_use_lines_ SpecialUseLines lines = { 0 };
        _cleanup_buffer_ Buffer shown = { 0 };

        special_use_lines_set(&lines, "\\Sent", "INBOX.Work");
        special_use_lines_set(&lines, "\\Trash", "INBOX.Work.Old");
        special_use_lines_set(&lines, "\\Junk", "INBOX.Workshop");
        CHECK(!special_use_lines_rename(&lines, "INBOX.Wor", "INBOX.X", true));
        CHECK(special_use_lines_rename(&lines, "INBOX.Work", "INBOX.Play", true));
        CHECK_TEXT(show(&lines, &shown), "\\Sent=INBOX.Play \\Trash=INBOX.Play.Old \\Junk=INBOX.Workshop");
        CHECK(special_use_lines_rename(&lines, "INBOX.Play", NULL, false));
        CHECK_TEXT(show(&lines, &shown), "\\Trash=INBOX.Play.Old \\Junk=INBOX.Workshop");
        special_use_lines_set(&lines, "\\trash", "INBOX.Bin");
        CHECK_TEXT(show(&lines, &shown), "\\Junk=INBOX.Workshop \\trash=INBOX.Bin");
}

TESTS_END
