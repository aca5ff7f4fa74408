/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Courier's list of subscriptions. */
#include "maildir/subscription-file.h"

#include <errno.h>
#include <fcntl.h>

#include "basic/buffer.h"
#include "basic/fd.h"
#include "basic/text.h"
#include "maildir/folder-lock.h"

static const char file_name[] = "courierimapsubscribed";

enum { LINE_OCTETS_MAX = 8191 };

void subscription_file_parse(const char *octets, size_t size, NameList *ret_names) {
        const char *end = octets + size;

        while (octets < end) {
                const char *line_feed = memchr(octets, '\n', (size_t) (end - octets));
                const char *line_end = line_feed ? line_feed : end;
                size_t line_size = (size_t) (line_end - octets);

                if (line_size > 0 && line_size <= LINE_OCTETS_MAX &&
                    !memchr(octets, '\0', line_size)) {
                        _cleanup_free_ char *line = text_dup_range(octets, line_size);

                        name_list_add(ret_names, line);
                }
                octets = line_end + 1;
        }
}

int subscription_file_read(int root_fd, NameList *ret_names) {
        _cleanup_free_ char *octets = NULL;
        size_t size;
        int r = disk_read(root_fd, file_name, SUBSCRIPTION_OCTETS_MAX, &octets, &size, NULL);

        if (r == DISK_DONE)
                subscription_file_parse(octets, size, ret_names);
        return r == DISK_MISSING ? DISK_DONE : r;
}

static bool is_same(const char *a, const char *b) {
        size_t inbox = strlen("INBOX");

        if (text_starts_with_nocase(a, "INBOX") && text_starts_with_nocase(b, "INBOX"))
                return text_equal(a + inbox, b + inbox);
        return text_equal(a, b);
}

static int write_lines(int root_fd, UniqueNames *names, const Buffer *octets) {
        _cleanup_free_ char *unique = unique_name_control(names, "imapsubscribe");
        _cleanup_free_ char *temporary = text_printf("tmp/%s", unique);
        DiskFile file = {
                .temporary_dir = root_fd, .temporary = temporary,
                .dir = root_fd, .name = file_name, .mode = 0644, .synced = true,
        };

        return disk_replace(&file, octets->data, octets->size);
}

static int change(int root_fd, UniqueNames *names, const char *line, bool subscribed) {
        _cleanup_name_list_ NameList lines = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 };
        bool was_subscribed = false;
        int r = subscription_file_read(root_fd, &lines);

        if (r != DISK_DONE)
                return r;
        buffer_append(&octets, "", 0);
        for (size_t i = 0; i < lines.n_names; i++) {
                bool is_it = is_same(lines.names[i], line);

                was_subscribed |= is_it;
                if (!is_it || subscribed)
                        buffer_printf(&octets, "%s\n", lines.names[i]);
        }
        if (was_subscribed == subscribed)
                return DISK_DONE;
        if (subscribed)
                buffer_printf(&octets, "%s\n", line);
        return write_lines(root_fd, names, &octets);
}

int subscription_file_change(int root_fd, UniqueNames *names, const char *line, bool subscribed) {
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        int r = account_lock(root_fd, &lock);

        return r == DISK_DONE ? change(root_fd, names, line, subscribed) : r;
}
