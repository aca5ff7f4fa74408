/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NFC by the tables of libunistring. */
#include "mime/normal-form.h"

#include <uninorm.h>

#include "basic/text.h"

static bool is_ascii(const char *text) {
        while (*text != '\0')
                if ((unsigned char) *text++ >= 0x80)
                        return false;
        return true;
}

char *normal_form_of(const char *text) {
        size_t size = strlen(text), n_octets = 0;
        uint8_t *octets;
        char *normal;

        if (is_ascii(text) || !text_is_utf8(text, size))
                return NULL;
        octets = u8_normalize(UNINORM_NFC, (const uint8_t *) text, size, NULL, &n_octets);
        if (!octets)
                return NULL;
        normal = text_dup_range((const char *) octets, n_octets);
        free(octets);
        if (text_equal(normal, text)) {
                free(normal);
                return NULL;
        }
        return normal;
}
