/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dovecot-keywords: names are legal, none twice, and one more finds a place. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "maildir/dovecot-keywords.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_(dovecot_keywords_freep) DovecotKeywords *keywords =
                dovecot_keywords_parse((const char *) data, size);
        size_t number;

        for (size_t i = 0; i < keywords->n_names; i++) {
                const char *name = keywords->names[i];

                if (name && (*name == '\0' || name[strcspn(name, " (){%*\"\\]\n\r\t")] != '\0' ||
                             !dovecot_keywords_find(keywords, name, &number) || number != i))
                        abort();
        }
        if (dovecot_keywords_add(keywords, "$one-more", &number) &&
            strcasecmp(keywords->names[number], "$one-more") != 0)
                abort();
        return 0;
}
