/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dovecot's list of subscriptions. */
#include "maildir/dovecot-subscriptions.h"

#include "basic/log.h"
#include "basic/text.h"
#include "maildir/folder-name.h"

static const char header[] = "V\t2\n\n";
static const size_t header_size = sizeof(header) - 1;

/* False where a level holds what separates levels on disk; ^A begins an escape, and those stand
 * for control characters only. */
static bool append_levels(const char *line, size_t size, Buffer *name) {
        for (size_t i = 0; i < size; i++) {
                if (line[i] == '.' || line[i] == '/' || line[i] == '\001' || line[i] == '\0')
                        return false;
                buffer_append_char(name, line[i] == '\t' ? '.' : line[i]);
        }
        return true;
}

static bool append_plain(const char *line, size_t size, Buffer *name) {
        for (size_t i = 0; i < size; i++) {
                if (line[i] == '\0')
                        return false;
                buffer_append_char(name, line[i] == '/' ? '.' : line[i]);
        }
        return true;
}

static void take_line(const char *line, size_t size, bool with_tabs, NameList *names) {
        _cleanup_buffer_ Buffer name = { 0 };
        _cleanup_free_ char *directory = NULL, *mailbox = NULL;

        if (size == 0 || size + 1 >= FOLDER_DIRECTORY_SIZE)
                return;
        if (!(with_tabs ? append_levels(line, size, &name) : append_plain(line, size, &name)))
                return;
        directory = text_printf(".%s", name.data);
        if (folder_name_from_directory(directory, &mailbox))
                name_list_add(names, name.data);
}

void dovecot_subscriptions_parse(const char *octets, size_t size, NameList *ret_names) {
        const char *end = octets + size, *line;
        bool with_tabs = size >= header_size && memcmp(octets, header, header_size) == 0;

        if (with_tabs)
                octets += header_size;
        while (text_next_line(&octets, end, &line, &size))
                take_line(line, size, with_tabs, ret_names);
}

int dovecot_subscriptions_read(int root_fd, NameList *ret_names, struct stat *ret_stat) {
        _cleanup_free_ char *octets = NULL;
        size_t size;
        int r = disk_read(root_fd, DOVECOT_SUBSCRIPTIONS_NAME, DOVECOT_SUBSCRIPTIONS_OCTETS_MAX,
                          &octets, &size, ret_stat);

        if (r == DISK_DONE)
                dovecot_subscriptions_parse(octets, size, ret_names);
        return r;
}

void dovecot_subscriptions_append(Buffer *target, const char *name) {
        if (target->size == 0)
                buffer_append_text(target, header);
        for (const char *c = name; *c; c++)
                buffer_append_char(target, *c == '.' ? '\t' : *c);
        buffer_append_char(target, '\n');
}

int dovecot_subscriptions_write(int root_fd, UniqueNames *names, const Buffer *octets) {
        _cleanup_free_ char *unique = unique_name_control(names, "subscriptions");
        _cleanup_free_ char *temporary = text_printf("tmp/%s", unique);
        DiskFile file = {
                .temporary_dir = root_fd, .temporary = temporary, .dir = root_fd,
                .name = DOVECOT_SUBSCRIPTIONS_NAME, .mode = 0600, .synced = true,
        };

        return disk_replace(&file, octets->size > 0 ? octets->data : header,
                            octets->size > 0 ? octets->size : header_size);
}
