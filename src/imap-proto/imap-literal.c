/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The announcement of a literal. */
#include "imap-proto/imap-literal.h"

#include "basic/text.h"

static uint64_t append_digit(uint64_t number, char digit) {
        if (number > (UINT64_MAX - 9) / 10)
                return UINT64_MAX;
        return number * 10 + (uint64_t) (digit - '0');
}

bool imap_literal_scan(const char **at, const char *end, ImapLiteral *ret_literal) {
        ImapLiteral literal = { .waits = true };
        const char *c = *at, *digits;

        if (c < end && *c == '~') {
                literal.binary = true;
                c++;
        }
        if (c == end || *c++ != '{')
                return false;
        for (digits = c; c < end && char_is_digit(*c); c++)
                literal.size = append_digit(literal.size, *c);
        if (c == digits)
                return false;
        if (c < end && *c == '+') {
                literal.waits = false;
                c++;
        }
        if (c == end || *c++ != '}')
                return false;
        *ret_literal = literal;
        *at = c;
        return true;
}
