/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Written one way only, and read as it is written. */
#include "imapd/email-id.h"

#include <inttypes.h>

#include "basic/text.h"

enum { DIGITS = 16 };

void email_id_append(uint64_t email_id, Buffer *target) {
        buffer_printf(target, "E%016" PRIx64, email_id);
}

bool email_id_parse(const char *text, uint64_t *ret_email_id) {
        uint64_t email_id = 0;

        if (strlen(text) != DIGITS + 1 || *text++ != 'E')
                return false;
        for (; *text != '\0'; text++) {
                if (!char_is_digit(*text) && (*text < 'a' || *text > 'f'))
                        return false;
                email_id = email_id << 4 |
                           (uint64_t) (char_is_digit(*text) ? *text - '0' : *text - 'a' + 10);
        }
        *ret_email_id = email_id;
        return true;
}
