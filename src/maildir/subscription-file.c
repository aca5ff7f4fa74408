/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Courier's list of subscriptions, and Dovecot's where that is younger. */
#include "maildir/subscription-file.h"

#include <errno.h>
#include <fcntl.h>

#include "basic/buffer.h"
#include "basic/fd.h"
#include "basic/modified-utf7.h"
#include "basic/text.h"
#include "maildir/dovecot-subscriptions.h"
#include "maildir/folder-lock.h"

enum { LINE_OCTETS_MAX = 8191 };

void subscription_file_parse(const char *octets, size_t size, NameList *ret_names) {
        const char *end = octets + size, *line;

        while (text_next_line(&octets, end, &line, &size))
                if (size > 0 && size <= LINE_OCTETS_MAX && !memchr(line, '\0', size)) {
                        _cleanup_free_ char *name = text_dup_range(line, size);

                        name_list_add(ret_names, name);
                }
}

static int read_courier(int root_fd, NameList *names) {
        _cleanup_free_ char *octets = NULL;
        size_t size;
        int r = disk_read(root_fd, SUBSCRIPTION_FILE_NAME, SUBSCRIPTION_OCTETS_MAX, &octets, &size,
                          NULL);

        if (r == DISK_DONE)
                subscription_file_parse(octets, size, names);
        return r == DISK_MISSING ? DISK_DONE : r;
}

bool subscription_file_is_dovecots(int root_fd) {
        struct stat courier, dovecot;

        if (disk_stat(root_fd, DOVECOT_SUBSCRIPTIONS_NAME, &dovecot) != DISK_DONE)
                return false;
        if (disk_stat(root_fd, SUBSCRIPTION_FILE_NAME, &courier) != DISK_DONE)
                return true;
        return dovecot.st_mtim.tv_sec != courier.st_mtim.tv_sec
                       ? dovecot.st_mtim.tv_sec > courier.st_mtim.tv_sec
                       : dovecot.st_mtim.tv_nsec > courier.st_mtim.tv_nsec;
}

/* "Entw&APw-rfe" to "INBOX.Entwürfe". */
static char *line_from_dovecot(int root_fd, const char *name) {
        _cleanup_free_ char *directory = text_printf(".%s", name);
        _cleanup_buffer_ Buffer decoded = { 0 };
        struct stat st;

        if (text_equal(name, "INBOX"))
                return text_dup(name);
        if (disk_stat(root_fd, directory, &st) == DISK_DONE ||
            !modified_utf7_decode(name, strlen(name), &decoded))
                return text_printf("INBOX.%s", name);
        return text_printf("INBOX.%s", decoded.data);
}

static int read_dovecot(int root_fd, NameList *names) {
        _cleanup_name_list_ NameList found = { 0 };
        struct stat st;
        int r = dovecot_subscriptions_read(root_fd, &found, &st);

        for (size_t i = 0; r == DISK_DONE && i < found.n_names; i++) {
                _cleanup_free_ char *line = line_from_dovecot(root_fd, found.names[i]);

                name_list_add(names, line);
        }
        return r;
}

int subscription_file_read(int root_fd, NameList *ret_names) {
        _cleanup_name_list_ NameList courier = { 0 };
        int r;

        if (!subscription_file_is_dovecots(root_fd))
                return read_courier(root_fd, ret_names);
        r = read_dovecot(root_fd, ret_names);
        if (r == DISK_DONE)
                r = read_courier(root_fd, &courier);
        for (size_t i = 0; r == DISK_DONE && i < courier.n_names; i++)
                if (courier.names[i][0] == '#')
                        name_list_add(ret_names, courier.names[i]);
        return r;
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
                .dir = root_fd, .name = SUBSCRIPTION_FILE_NAME, .mode = 0644, .synced = true,
        };
        int r = disk_replace(&file, octets->data, octets->size);

        return r == DISK_DONE ? disk_sync(root_fd, file.name) : r;
}

int subscription_file_write(int root_fd, UniqueNames *names, const NameList *lines) {
        _cleanup_buffer_ Buffer octets = { 0 };

        buffer_append_text(&octets, "");
        for (size_t i = 0; i < lines->n_names; i++)
                buffer_printf(&octets, "%s\n", lines->names[i]);
        return write_lines(root_fd, names, &octets);
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
