/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of userdb: whatever is asked of its fields lies inside it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth/userdb-line.h"
#include "basic/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static const char *const names[] = { "uid", "home", "systempw", "imappw", "" };
        _cleanup_free_ char *line = text_dup_range((const char *) data, size);
        const char *fields = NULL;
        uint32_t number;

        if (userdb_line_split(line, size, &fields) != USERDB_ACCOUNT)
                return 0;
        if (!*line || strlen(line) + 1 + strlen(fields) != size)
                abort();
        for (size_t i = 0; i < ELEMENTSOF(names); i++) {
                _cleanup_free_ char *value = userdb_field(fields, names[i]);

                if (value && (strlen(value) > size || strchr(value, '|')))
                        abort();
        }
        (void) userdb_field_number(fields, "uid", &number); /* only looked at */
        return 0;
}
