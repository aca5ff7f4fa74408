/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The uses that folders were designated for. */
#include "maildir/special-use-file.h"

#include "basic/buffer.h"
#include "basic/text.h"

void special_use_lines_done(SpecialUseLines *lines) {
        for (size_t i = 0; i < lines->n_lines; i++) {
                free(lines->lines[i].use);
                free(lines->lines[i].name);
        }
        free(lines->lines);
        *lines = (SpecialUseLines){ 0 };
}

static void remove_at(SpecialUseLines *lines, size_t i) {
        free(lines->lines[i].use);
        free(lines->lines[i].name);
        lines->n_lines--;
        memmove(lines->lines + i, lines->lines + i + 1,
                (lines->n_lines - i) * sizeof(SpecialUseLine));
}

static void add(SpecialUseLines *lines, char *use, char *name) {
        GROW(lines->lines, lines->n_lines, lines->n_allocated);
        lines->lines[lines->n_lines++] = (SpecialUseLine){ use, name };
}

void special_use_lines_set(SpecialUseLines *lines, const char *use, const char *name) {
        for (size_t i = 0; i < lines->n_lines; i++)
                if (text_equal_nocase(lines->lines[i].use, use))
                        remove_at(lines, i--);
        add(lines, text_dup(use), text_dup(name));
}

static void parse_line(const char *line, size_t size, SpecialUseLines *lines) {
        const char *blank = memchr(line, ' ', size);
        size_t use_size = blank ? (size_t) (blank - line) : 0;
        _cleanup_free_ char *use = NULL, *name = NULL;

        if (use_size < 2 || line[0] != '\\' || use_size + 1 == size || memchr(line, '\0', size) ||
            lines->n_lines >= SPECIAL_USE_LINES_MAX)
                return;
        use = text_dup_range(line, use_size);
        name = text_dup_range(blank + 1, size - use_size - 1);
        special_use_lines_set(lines, use, name);
}

void special_use_lines_parse(const char *octets, size_t size, SpecialUseLines *ret_lines) {
        const char *end = octets + size, *line;

        while (text_next_line(&octets, end, &line, &size))
                parse_line(line, size, ret_lines);
}

/* What follows the name in one of it or below it; NULL when it is neither. */
static const char *rest_below(const char *line, const char *name, bool with_children) {
        const char *rest = line + strlen(name);

        if (!text_starts_with(line, name))
                return NULL;
        return *rest == '\0' || (with_children && *rest == '.') ? rest : NULL;
}

bool special_use_lines_rename(SpecialUseLines *lines, const char *name, const char *new_name,
                              bool with_children) {
        bool changed = false;

        for (size_t i = 0; i < lines->n_lines; i++) {
                const char *rest = rest_below(lines->lines[i].name, name, with_children);
                char *renamed;

                if (!rest)
                        continue;
                changed = true;
                if (!new_name) {
                        remove_at(lines, i--);
                        continue;
                }
                renamed = text_printf("%s%s", new_name, rest);
                free(lines->lines[i].name);
                lines->lines[i].name = renamed;
        }
        return changed;
}

int special_use_file_read(int root_fd, SpecialUseLines *ret_lines) {
        _cleanup_free_ char *octets = NULL;
        size_t size;
        int r = disk_read(root_fd, SPECIAL_USE_FILE_NAME, SPECIAL_USE_OCTETS_MAX, &octets, &size,
                          NULL);

        if (r == DISK_DONE)
                special_use_lines_parse(octets, size, ret_lines);
        return r == DISK_MISSING ? DISK_DONE : r;
}

int special_use_file_write(int root_fd, UniqueNames *names, const SpecialUseLines *lines) {
        _cleanup_free_ char *unique = unique_name_control(names, "imapspecialuse");
        _cleanup_free_ char *temporary = text_printf("tmp/%s", unique);
        _cleanup_buffer_ Buffer octets = { 0 };
        DiskFile file = {
                .temporary_dir = root_fd, .temporary = temporary,
                .dir = root_fd, .name = SPECIAL_USE_FILE_NAME, .mode = 0644, .synced = true,
        };
        int r;

        buffer_append_text(&octets, "");
        for (size_t i = 0; i < lines->n_lines; i++)
                buffer_printf(&octets, "%s %s\n", lines->lines[i].use, lines->lines[i].name);
        r = disk_replace(&file, octets.data, octets.size);
        return r == DISK_DONE ? disk_sync(root_fd, file.name) : r;
}
