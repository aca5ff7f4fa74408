/* SPDX-License-Identifier: GPL-3.0-or-later */
/* i;unicode-casemap by the tables of libunistring. */
#include "mime/casemap.h"

#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

/* Titlecase, then the whole decomposition; the number of characters. */
static size_t map_character(ucs4_t character, ucs4_t mapped[CASEMAP_CHARACTERS_MAX]) {
        ucs4_t pending[CASEMAP_CHARACTERS_MAX] = { uc_totitle(character) };
        size_t n_pending = 1, n_mapped = 0;

        while (n_pending > 0 && n_mapped < CASEMAP_CHARACTERS_MAX) {
                ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
                ucs4_t next = pending[--n_pending];
                int tag, n = uc_decomposition(next, &tag, parts);

                if (n <= 0 || n_pending + (size_t) n > CASEMAP_CHARACTERS_MAX) {
                        mapped[n_mapped++] = next;
                        continue;
                }
                while (n > 0)
                        pending[n_pending++] = parts[--n]; /* the first comes off first */
        }
        return n_mapped;
}

size_t casemap_character(uint32_t character, unsigned char octets[CASEMAP_OCTETS_MAX]) {
        ucs4_t mapped[CASEMAP_CHARACTERS_MAX];
        size_t n = map_character(character, mapped), size = 0;

        for (size_t i = 0; i < n; i++) {
                int n_octets = u8_uctomb(octets + size, mapped[i],
                                         (ptrdiff_t) (CASEMAP_OCTETS_MAX - size));

                if (n_octets > 0)
                        size += (size_t) n_octets;
        }
        return size;
}

/* The octets at the front that are ASCII, which has one octet for one. */
static size_t append_ascii(const char *text, size_t size, Buffer *target) {
        char *room = buffer_reserve(target, size);
        size_t n = 0;

        for (; n < size && (unsigned char) text[n] < 0x80; n++)
                room[n] = (char) (text[n] - (text[n] >= 'a' && text[n] <= 'z' ? 32 : 0));
        buffer_commit(target, n);
        return n;
}

void casemap_append(const char *text, size_t size, Buffer *target) {
        while (size > 0) {
                unsigned char octets[CASEMAP_OCTETS_MAX];
                size_t done = append_ascii(text, size, target);
                ucs4_t character;
                int n;

                text += done;
                size -= done;
                if (size == 0)
                        break;
                n = u8_mbtoucr(&character, (const uint8_t *) text, size);
                if (n > 0)
                        buffer_append(target, octets, casemap_character(character, octets));
                else
                        buffer_append_char(target, *text);
                text += MAX(n, 1);
                size -= (size_t) MAX(n, 1);
        }
}
