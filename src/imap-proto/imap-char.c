/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classes of octets in IMAP. */
#include "imap-proto/imap-char.h"

#include "basic/text.h"

/* c is never NUL here, which strchr() would find. */
static bool is_one_of(char c, const char *set) {
        return strchr(set, c) != NULL;
}

bool imap_char_is(ImapCharSet set, char c) {
        if (c <= ' ' || c >= 0x7f) /* controls, space; 8-bit octets where char is signed or not */
                return false;

        switch (set) {
        case IMAP_CHARS_ATOM:
                return !is_one_of(c, "(){%*\"\\]");
        case IMAP_CHARS_ASTRING:
                return !is_one_of(c, "(){%*\"\\");
        case IMAP_CHARS_LIST:
                return !is_one_of(c, "(){\"\\");
        case IMAP_CHARS_TAG:
                return !is_one_of(c, "(){%*\"\\+");
        case IMAP_CHARS_SEQUENCE:
                return char_is_digit(c) || is_one_of(c, ":,*$");
        }
        return false;
}

size_t imap_char_span(ImapCharSet set, const char *text, size_t size) {
        size_t n = 0;

        while (n < size && imap_char_is(set, text[n]))
                n++;
        return n;
}
