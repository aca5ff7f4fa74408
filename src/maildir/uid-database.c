/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Courier's UID database. */
#include "maildir/uid-database.h"

#include <errno.h>
#include <fcntl.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "maildir/message-name.h"

void uid_database_done(UidDatabase *database) {
        free(database->entries);
        free(database->octets);
        *database = (UidDatabase){ 0 };
}

static const char *skip_blanks(const char *text) {
        while (*text == ' ' || *text == '\t')
                text++;
        return text;
}

static bool take_u32(const char **text, uint32_t *ret_number) {
        const char *end, *start = skip_blanks(*text);
        uint64_t number;

        if (!char_is_digit(*start) || !text_parse_u64_prefix(start, &end, &number) ||
            number > UINT32_MAX)
                return false;
        *text = end;
        *ret_number = (uint32_t) number;
        return true;
}

static bool take_header(const char *line, UidDatabase *database) {
        uint32_t version;

        return take_u32(&line, &version) && version == 1 &&
               take_u32(&line, &database->uidvalidity) && take_u32(&line, &database->uidnext);
}

/* Ends the line at its LF and gives the start of the next, NULL after the last. */
static char *cut_line(char *line, char *end) {
        char *line_feed = memchr(line, '\n', (size_t) (end - line));

        if (!line_feed)
                return NULL;
        *line_feed = '\0';
        return line_feed + 1;
}

static bool take_entry(char *line, UidEntry *ret_entry) {
        const char *at = line;
        uint32_t uid;

        if (!take_u32(&at, &uid) || uid == 0 || (*at != ' ' && *at != '\t'))
                return false;
        at = skip_blanks(at);
        line += at - line;
        line[strcspn(line, ":")] = '\0';
        *ret_entry = (UidEntry){ .uid = uid, .base = line, .fields = "" };
        return *line != '\0';
}

static int compare_uids(const void *a, const void *b) {
        const UidEntry *left = a, *right = b;

        if (left->uid != right->uid)
                return left->uid < right->uid ? -1 : 1;
        return left->base < right->base ? -1 : left->base > right->base; /* order in the file */
}

static int compare_names(const void *a, const void *b) {
        const UidEntry *left = a, *right = b;
        int order = strcmp(left->base, right->base);

        return order != 0 ? order : compare_uids(a, b);
}

static void drop_same_names(UidDatabase *database, bool last_wins) {
        size_t n_kept = 0;

        qsort(database->entries, database->n_entries, sizeof(UidEntry), compare_names);
        for (size_t i = 0; i < database->n_entries; i++) {
                bool is_new = n_kept == 0 || !text_equal(database->entries[n_kept - 1].base,
                                                         database->entries[i].base);

                if (is_new)
                        n_kept++;
                if (is_new || last_wins)
                        database->entries[n_kept - 1] = database->entries[i];
        }
        database->n_entries = n_kept;
}

static void drop_same_uids(UidDatabase *database) {
        size_t n_kept = 0;

        qsort(database->entries, database->n_entries, sizeof(UidEntry), compare_uids);
        for (size_t i = 0; i < database->n_entries; i++)
                if (n_kept == 0 || database->entries[n_kept - 1].uid != database->entries[i].uid)
                        database->entries[n_kept++] = database->entries[i];
        database->n_entries = n_kept;
}

void uid_database_settle(UidDatabase *database, bool last_name_wins) {
        uint32_t last;

        if (database->n_entries == 0)
                return;
        drop_same_names(database, last_name_wins);
        drop_same_uids(database);
        last = database->entries[database->n_entries - 1].uid;
        if (last >= database->uidnext)
                database->uidnext = last < UINT32_MAX ? last + 1 : UINT32_MAX;
}

bool uid_database_parse(char *octets, size_t size, UidDatabase *ret_database) {
        _cleanup_uid_database_ UidDatabase database = { .octets = octets };
        size_t n_allocated = 0;
        char *end = octets + size, *line = octets, *next = cut_line(line, end);

        if (!take_header(line, &database))
                return false;
        for (line = next; line && line < end; line = next) {
                next = cut_line(line, end);
                GROW(database.entries, database.n_entries, n_allocated);
                if (take_entry(line, &database.entries[database.n_entries]))
                        database.n_entries++;
        }
        uid_database_settle(&database, false);
        *ret_database = database;
        database = (UidDatabase){ 0 };
        return true;
}

int uid_database_read(const Folder *folder, UidDatabase *ret_database, struct stat *ret_stat) {
        char *octets;
        size_t size;
        int r = disk_read(folder->dir_fd, UID_DATABASE_NAME, UID_DATABASE_OCTETS_MAX, &octets,
                          &size, ret_stat);

        if (r != DISK_DONE)
                return r;
        return uid_database_parse(octets, size, ret_database) ? DISK_DONE : DISK_MISSING;
}

void uid_database_append_header(Buffer *target, uint32_t uidvalidity, uint32_t uidnext) {
        buffer_printf(target, "1 %u %u\n", uidvalidity, uidnext);
}

void uid_database_append_entry(Buffer *target, uint32_t uid, const char *base) {
        buffer_append_number(target, uid);
        buffer_append_char(target, ' ');
        buffer_append_text(target, base);
        buffer_append_char(target, '\n');
}

int uid_database_append(const Folder *folder, const Buffer *lines, struct stat *ret_stat) {
        _cleanup_close_ int fd = -EBADF;
        struct stat before;
        int r = disk_open(folder->dir_fd, UID_DATABASE_NAME, O_WRONLY | O_APPEND, 0, &fd);

        if (r != DISK_DONE)
                return r;
        if (fstat(fd, &before) < 0)
                return failed(-errno, "stat '%s'", UID_DATABASE_NAME);
        r = disk_write(fd, lines->data, lines->size, UID_DATABASE_NAME);
        if (r != DISK_DONE) {
                (void) disk_truncate(fd, (uint64_t) before.st_size, UID_DATABASE_NAME);
                return r;
        }
        return fstat(fd, ret_stat) < 0 ? failed(-errno, "stat '%s'", UID_DATABASE_NAME) : DISK_DONE;
}

void uid_database_start(const Folder *folder, const char *temporary, DiskWriter *ret_writer) {
        DiskFile file = {
                .temporary_dir = folder->tmp_fd, .temporary = temporary,
                .dir = folder->dir_fd, .name = UID_DATABASE_NAME, .mode = 0644,
        };

        disk_writer_start(&file, ret_writer);
}

int uid_database_finish(const Folder *folder, DiskWriter *writer, struct stat *ret_stat) {
        int r = disk_writer_finish(writer);

        return r == DISK_DONE ? disk_stat(folder->dir_fd, UID_DATABASE_NAME, ret_stat) : r;
}
