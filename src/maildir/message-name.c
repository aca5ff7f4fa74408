/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Message file names, read as Courier reads them. */
#include "maildir/message-name.h"

#include <string.h>

#include "basic/buffer.h"
#include "basic/text.h"

static const struct {
        char letter;
        MessageFlags flag;
} flag_letters[] = { /* in ASCII order */
        { 'D', FLAG_DRAFT    },
        { 'F', FLAG_FLAGGED  },
        { 'R', FLAG_ANSWERED },
        { 'S', FLAG_SEEN     },
        { 'T', FLAG_DELETED  },
};

static MessageFlags flag_of_letter(char letter) {
        for (size_t i = 0; i < ELEMENTSOF(flag_letters); i++)
                if (flag_letters[i].letter == letter)
                        return flag_letters[i].flag;
        return 0;
}

static uint64_t bit_of_letter(char letter) {
        if (letter >= 'A' && letter <= 'Z')
                return UINT64_C(1) << (letter - 'A');
        if (letter >= 'a' && letter <= 'z')
                return UINT64_C(1) << (letter - 'a' + 26);
        return 0;
}

void message_name_parse(const char *name, MessageName *ret_name) {
        const char *first = strchr(name, ':'), *last = strrchr(name, ':');
        MessageName parsed = { .base_size = first ? (size_t) (first - name) : strlen(name) };

        if (last)
                parsed.suffix = text_starts_with(last, ":2,") && first == last
                                        ? MESSAGE_SUFFIX_FLAGS : MESSAGE_SUFFIX_ODD;
        if (last && text_starts_with(last, ":2,"))
                for (const char *c = last + 3; *c; c++) {
                        MessageFlags flag = flag_of_letter(*c);

                        parsed.flags |= flag;
                        parsed.letters |= flag ? 0 : bit_of_letter(*c);
                }
        *ret_name = parsed;
}

char *message_name_format(const char *base, size_t base_size, MessageSuffix suffix,
                          MessageFlags flags, uint64_t letters) {
        Buffer name = { 0 };

        buffer_append(&name, base, base_size);
        if (suffix == MESSAGE_SUFFIX_NONE)
                return buffer_take_text(&name);
        buffer_append_text(&name, ":2,");
        for (size_t i = 0; i < ELEMENTSOF(flag_letters); i++)
                if (flags & flag_letters[i].flag)
                        letters |= bit_of_letter(flag_letters[i].letter);
        for (int i = 0; i < 52; i++)
                if (letters >> i & 1)
                        buffer_append_char(&name, (char) (i < 26 ? 'A' + i : 'a' + i - 26));
        return buffer_take_text(&name);
}

/* Finds ",S=<digits>" that ends at a ',' or at the end; *ret_end points behind the digits. */
static const char *find_number(const char *base, size_t base_size, char which,
                               const char **ret_end) {
        const char *end = base + base_size;

        for (const char *at = base; end - at >= 4; at++) {
                const char *c = at + 3;

                if (at[0] != ',' || at[1] != which || at[2] != '=')
                        continue;
                while (c < end && char_is_digit(*c))
                        c++;
                if (c > at + 3 && (c == end || *c == ',')) {
                        *ret_end = c;
                        return at;
                }
        }
        return NULL;
}

bool message_name_size(const char *base, size_t base_size, char which, uint64_t *ret_octets) {
        _cleanup_free_ char *digits = NULL;
        const char *end, *at = find_number(base, base_size, which, &end);

        if (!at)
                return false;
        digits = text_dup_range(at + 3, (size_t) (end - at - 3));
        return text_parse_u64(digits, ret_octets);
}

static size_t base_size_of(const char *name) {
        return strcspn(name, ":");
}

/* The octets of a base name one after the other, without ",S=<digits>". */
typedef struct BaseReader {
        const char *at, *end;
        const char *skip_from, *skip_to;
} BaseReader;

static BaseReader base_reader(const char *name) {
        size_t size = base_size_of(name);
        BaseReader reader = { .at = name, .end = name + size };

        reader.skip_from = find_number(name, size, 'S', &reader.skip_to);
        return reader;
}

static int next_octet(BaseReader *reader) {
        if (reader->at == reader->skip_from)
                reader->at = reader->skip_to;
        return reader->at < reader->end ? (unsigned char) *reader->at++ : -1;
}

bool message_name_is_same(const char *a, const char *b) {
        BaseReader left = base_reader(a), right = base_reader(b);
        int octet;

        do {
                octet = next_octet(&left);
                if (octet != next_octet(&right))
                        return false;
        } while (octet >= 0);
        return true;
}

uint64_t message_name_number(const char *name) {
        uint64_t number = 0;

        for (; char_is_digit(*name) && number < UINT64_MAX / 10 - 1; name++)
                number = number * 10 + (uint64_t) (*name - '0');
        return number;
}

int message_name_compare(const char *a, const char *b) {
        uint64_t a_number = message_name_number(a), b_number = message_name_number(b);
        size_t a_size = base_size_of(a), b_size = base_size_of(b);
        int order;

        if (a_number != b_number)
                return a_number < b_number ? -1 : 1;
        order = memcmp(a, b, MIN(a_size, b_size));
        return order != 0 ? order : a_size < b_size ? -1 : a_size > b_size;
}
