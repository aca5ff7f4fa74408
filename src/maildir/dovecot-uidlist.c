/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dovecot's list of UIDs. */
#include "maildir/dovecot-uidlist.h"

#include <errno.h>

#include "basic/log.h"
#include "basic/text.h"

void dovecot_uidlist_done(DovecotUidlist *list) {
        uid_database_done(&list->uids);
        *list = (DovecotUidlist){ 0 };
}

static bool take_u32(char **at, uint32_t *ret_number) {
        const char *end;
        uint64_t number;

        if (!char_is_digit(**at) || !text_parse_u64_prefix(*at, &end, &number) ||
            number > UINT32_MAX)
                return false;
        *at += end - *at;
        *ret_number = (uint32_t) number;
        return true;
}

static void skip_blanks(char **at) {
        *at += strspn(*at, " ");
}

/* Ends the line at its LF and gives the start of the next, NULL after the last. */
static char *cut_line(char *line, char *end) {
        char *line_feed = memchr(line, '\n', (size_t) (end - line));

        if (!line_feed)
                return NULL;
        *line_feed = '\0';
        return line_feed + 1;
}

/* "V1795565095 N4 G19c4dd22…": what is neither V nor N moves to the front, one after the other. */
static bool take_fields(char *at, DovecotUidlist *list) {
        char *kept = at, *start = at;
        bool has_uidvalidity = false;

        while (*at) {
                size_t size = strcspn(at, " ");
                char *next = at + size + (at[size] == ' '), *number = at + 1;

                at[size] = '\0';
                if (*at == 'V' && take_u32(&number, &list->uids.uidvalidity)) {
                        has_uidvalidity = *number == '\0' && list->uids.uidvalidity > 0;
                } else if (*at == 'N') {
                        if (!take_u32(&number, &list->uids.uidnext))
                                return false;
                } else if (*at >= 'A' && *at <= 'Z') {
                        if (kept > start)
                                *kept++ = ' ';
                        memmove(kept, at, size);
                        kept += size;
                }
                at = next;
        }
        *kept = '\0';
        list->header_fields = start;
        return has_uidvalidity;
}

static bool take_header(char *line, unsigned *ret_version, DovecotUidlist *list) {
        uint32_t version;

        list->uids.uidnext = 1;
        list->header_fields = "";
        if (!take_u32(&line, &version) || *line != ' ' || (version != 1 && version != 3))
                return false;
        skip_blanks(&line);
        *ret_version = version;
        if (version == 3)
                return take_fields(line, list);
        if (!take_u32(&line, &list->uids.uidvalidity) || *line != ' ')
                return false;
        skip_blanks(&line);
        return take_u32(&line, &list->uids.uidnext) && *line == '\0' && list->uids.uidvalidity > 0;
}

/* Goes over "W2481 Pabc ", up to the ':' in front of the name, and cuts the last blanks off. */
static bool skip_fields(char **at) {
        char *end = *at;

        while (**at != ':') {
                size_t size = strcspn(*at, " ");

                if ((*at)[size] == '\0')
                        return false;
                *at += size;
                end = *at;
                skip_blanks(at);
        }
        (*at)++;
        *end = '\0';
        return true;
}

static bool take_entry(char *line, unsigned version, UidEntry *ret_entry) {
        UidEntry entry = { .fields = "" };
        char *fields;

        if (!take_u32(&line, &entry.uid) || entry.uid == 0 || *line != ' ')
                return false;
        skip_blanks(&line);
        fields = line;
        if (version == 3) {
                if (!skip_fields(&line))
                        return false;
                entry.fields = fields;
        }
        line[strcspn(line, ":")] = '\0';
        entry.base = line;
        *ret_entry = entry;
        return *line != '\0' && !strchr(line, '/');
}

bool dovecot_uidlist_parse(char *octets, size_t size, DovecotUidlist *ret_list) {
        _cleanup_dovecot_uidlist_ DovecotUidlist list = { .uids.octets = octets };
        char *end = octets + size, *line = octets, *next = cut_line(line, end);
        size_t n_allocated = 0;
        unsigned version;

        if (!take_header(line, &version, &list))
                return false;
        for (line = next; line && line < end; line = next) {
                next = cut_line(line, end);
                GROW(list.uids.entries, list.uids.n_entries, n_allocated);
                if (take_entry(line, version, &list.uids.entries[list.uids.n_entries]))
                        list.uids.n_entries++;
        }
        uid_database_settle(&list.uids, true);
        *ret_list = list;
        list = (DovecotUidlist){ 0 };
        return true;
}

int dovecot_uidlist_read(const Folder *folder, DovecotUidlist *ret_list, struct stat *ret_stat) {
        char *octets;
        size_t size;
        int r = disk_read(folder->dir_fd, DOVECOT_UIDLIST_NAME, UID_DATABASE_OCTETS_MAX, &octets,
                          &size, ret_stat);

        if (r != DISK_DONE)
                return r;
        return dovecot_uidlist_parse(octets, size, ret_list) ? DISK_DONE : DISK_MISSING;
}

void dovecot_uidlist_append_header(Buffer *target, uint32_t uidvalidity, uint32_t uidnext,
                                   const char *header_fields) {
        buffer_printf(target, "3 V%u N%u%s%s\n", uidvalidity, uidnext,
                      *header_fields ? " " : "", header_fields);
}

void dovecot_uidlist_append_entry(Buffer *target, uint32_t uid, const char *fields,
                                  const char *base) {
        buffer_append_number(target, uid);
        buffer_append_char(target, ' ');
        if (*fields) {
                buffer_append_text(target, fields);
                buffer_append_char(target, ' ');
        }
        buffer_append_char(target, ':');
        buffer_append_text(target, base);
        buffer_append_char(target, '\n');
}

int dovecot_uidlist_write(const Folder *folder, UniqueNames *names, const Buffer *octets,
                          struct stat *ret_stat) {
        _cleanup_free_ char *temporary = unique_name_control(names, "uidlist");
        struct stat st;
        DiskFile file = {
                .temporary_dir = folder->tmp_fd, .temporary = temporary, .dir = folder->dir_fd,
                .name = DOVECOT_UIDLIST_NAME, .mode = 0600, .synced = true,
        };
        int r;

        if (fstat(folder->dir_fd, &st) < 0)
                return failed(-errno, "stat a folder");
        file.mode = st.st_mode & 0666; /* Dovecot too follows the folder */
        r = disk_replace(&file, octets->data, octets->size);
        return r == DISK_DONE ? disk_stat(folder->dir_fd, DOVECOT_UIDLIST_NAME, ret_stat) : r;
}
