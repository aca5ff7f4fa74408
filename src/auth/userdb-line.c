/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and fields are matched byte for byte, and the first of two wins, as makeuserdb has it. */
#include "auth/userdb-line.h"

#include "basic/text.h"

static bool is_reverse_record(const char *name) {
        size_t n_digits = strspn(name, "0123456789");

        return n_digits > 0 && text_equal(name + n_digits, "=");
}

UserdbLine userdb_line_split(char *line, size_t size, const char **ret_fields) {
        char *tab;

        if (size == 0 || *line == '#')
                return USERDB_NOTHING;
        if (memchr(line, '\0', size))
                return USERDB_BROKEN;
        tab = memchr(line, '\t', size);
        if (!tab || tab == line)
                return USERDB_BROKEN;
        *tab = '\0';
        if (is_reverse_record(line) || text_equal(line, "."))
                return USERDB_NOTHING;
        *ret_fields = tab + 1;
        return USERDB_ACCOUNT;
}

char *userdb_field(const char *fields, const char *name) {
        size_t name_size = strlen(name);

        for (const char *at = fields;;) {
                size_t size = strcspn(at, "|");

                if (size >= name_size && strncmp(at, name, name_size) == 0) {
                        if (size == name_size)
                                return text_dup("");
                        if (at[name_size] == '=')
                                return text_dup_range(at + name_size + 1, size - name_size - 1);
                }
                if (at[size] == '\0')
                        return NULL;
                at += size + 1;
        }
}

bool userdb_field_number(const char *fields, const char *name, uint32_t *ret_number) {
        _cleanup_free_ char *value = userdb_field(fields, name);
        const char *end;
        uint64_t number;

        /* The last number means 'none' to setresuid(2). */
        if (!value || !text_parse_u64_prefix(value, &end, &number) || number >= UINT32_MAX)
                return false;
        *ret_number = (uint32_t) number;
        return true;
}
