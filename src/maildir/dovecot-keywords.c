/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dovecot's numbers of keywords. */
#include "maildir/dovecot-keywords.h"

#include "basic/log.h"
#include "basic/text.h"
#include "maildir/keyword-list.h"

void dovecot_keywords_free(DovecotKeywords *keywords) {
        for (size_t i = 0; keywords && i < keywords->n_names; i++)
                free(keywords->names[i]);
        free(keywords);
}

bool dovecot_keywords_find(const DovecotKeywords *keywords, const char *name, size_t *ret_number) {
        for (size_t i = 0; i < keywords->n_names; i++)
                if (keywords->names[i] && text_equal_nocase(keywords->names[i], name)) {
                        *ret_number = i;
                        return true;
                }
        return false;
}

static void set(DovecotKeywords *keywords, size_t number, char *name) {
        keywords->names[number] = name;
        keywords->n_names = MAX(keywords->n_names, number + 1);
}

static void take_line(DovecotKeywords *keywords, const char *line, const char *end) {
        _cleanup_free_ char *name = NULL;
        size_t number = 0, taken;
        const char *at = line;

        for (; at < end && char_is_digit(*at) && number < DOVECOT_KEYWORDS_MAX; at++)
                number = number * 10 + (size_t) (*at - '0');
        if (at == line || end - at < 2 || *at != ' ' || number >= DOVECOT_KEYWORDS_MAX ||
            keywords->names[number])
                return;
        name = keyword_name_clean(at + 1, (size_t) (end - at - 1));
        if (*name != '\0' && !dovecot_keywords_find(keywords, name, &taken))
                set(keywords, number, TAKE_PTR(name));
}

DovecotKeywords *dovecot_keywords_parse(const char *octets, size_t size) {
        DovecotKeywords *keywords = make(DovecotKeywords, .n_names = 0);
        const char *end = octets + size, *line;

        while (text_next_line(&octets, end, &line, &size))
                take_line(keywords, line, line + size);
        return keywords;
}

int dovecot_keywords_read(const Folder *folder, DovecotKeywords **ret_keywords) {
        _cleanup_free_ char *octets = NULL;
        size_t size;
        int r = disk_read(folder->dir_fd, DOVECOT_KEYWORDS_NAME, DOVECOT_KEYWORDS_OCTETS_MAX,
                          &octets, &size, NULL);

        if (r == DISK_DONE)
                *ret_keywords = dovecot_keywords_parse(octets, size);
        return r;
}

bool dovecot_keywords_add(DovecotKeywords *keywords, const char *name, size_t *ret_number) {
        size_t number = 0;

        if (dovecot_keywords_find(keywords, name, ret_number))
                return true;
        while (number < keywords->n_names && keywords->names[number])
                number++;
        if (number == DOVECOT_KEYWORDS_MAX)
                return false;
        set(keywords, number, text_dup(name));
        *ret_number = number;
        return true;
}

int dovecot_keywords_write(const Folder *folder, UniqueNames *names,
                           const DovecotKeywords *keywords) {
        _cleanup_free_ char *temporary = unique_name_control(names, "keywords");
        _cleanup_buffer_ Buffer octets = { 0 };
        struct stat st;
        DiskFile file = {
                .temporary_dir = folder->tmp_fd, .temporary = temporary, .dir = folder->dir_fd,
                .name = DOVECOT_KEYWORDS_NAME, .synced = true,
        };

        if (fstat(folder->dir_fd, &st) < 0)
                return failed(-errno, "stat a folder");
        file.mode = st.st_mode & 0666; /* Dovecot too follows the folder */
        buffer_append_text(&octets, "");
        for (size_t i = 0; i < keywords->n_names; i++)
                if (keywords->names[i])
                        buffer_printf(&octets, "%zu %s\n", i, keywords->names[i]);
        return disk_replace(&file, octets.data, octets.size);
}
