/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values, ranks and rows of a SORT. */
#include "imapd/sort-value.h"

#include <endian.h>
#include <string.h>

#include "imap-proto/base-subject.h"
#include "imap-proto/imap-limits.h"
#include "mime/address.h"
#include "mime/casemap.h"
#include "mime/encoded-word.h"
#include "mime/header.h"

/* The least that the parser of addresses gives anything with. */
enum { FIRST_AND_GROUP_END = 2 };

SortValue sort_value_number(int64_t number) {
        return (SortValue){ .prefix = (uint64_t) number ^ UINT64_C(1) << 63 };
}

SortValue sort_value_text(const char *text, size_t size, Arena *arena) {
        size_t used = MIN(size, (size_t) IMAP_SORT_TEXT_MAX);
        SortValue value = { 0 };

        if (used > 0)
                memcpy(&value.prefix, text, MIN(used, sizeof(value.prefix)));
        value.prefix = be64toh(value.prefix);
        if (used > sizeof(value.prefix)) {
                value.rest_size = (uint32_t) (used - sizeof(value.prefix));
                value.rest = arena_text(arena, text + sizeof(value.prefix), value.rest_size);
        }
        return value;
}

static const struct {
        const char *header;
        bool displays; /* the name, not the mailbox */
} fields[_SORT_FIELD_MAX] = {
        [SORT_CC]           = { "Cc", false },
        [SORT_DATE]         = { "Date", false },
        [SORT_DISPLAY_FROM] = { "From", true },
        [SORT_DISPLAY_TO]   = { "To", true },
        [SORT_FROM]         = { "From", false },
        [SORT_SUBJECT]      = { "Subject", false },
        [SORT_TO]           = { "To", false },
};

const char *sort_field_header(SortField field) {
        return fields[field].header;
}

static void append_subject(const HeaderField *field, Buffer *target) {
        _cleanup_buffer_ Buffer raw = { 0 }, text = { 0 };
        BaseSubject base;

        header_unfold(field->value, field->value_size, &raw);
        encoded_word_decode(raw.data, raw.size, &text);
        base_subject_find(&text, &base);
        casemap_append(base.text, base.size, target);
}

/* RFC 5957, section 3: the name, decoded; without one mailbox@host, or a group's name. */
static void append_display(const MimeAddress *address, Buffer *target) {
        _cleanup_buffer_ Buffer text = { 0 };

        if (address->name) {
                encoded_word_decode(address->name, strlen(address->name), &text);
        } else {
                buffer_append_text(&text, address->mailbox ? address->mailbox : "");
                if (address->mailbox && address->host)
                        buffer_printf(&text, "@%s", address->host);
        }
        casemap_append(text.data, text.size, target);
}

/* False when the field has no address: the next of that name counts. */
static bool append_address(const HeaderField *field, bool displays, Buffer *target) {
        _cleanup_arena_ Arena arena = { 0 };
        MimeAddressList list = { 0 };

        mime_addresses_parse(field->value, field->value_size, FIRST_AND_GROUP_END, &arena,
                             &list);
        if (list.n_addresses == 0)
                return false;
        if (displays)
                append_display(&list.addresses[0], target);
        else if (list.addresses[0].mailbox)
                casemap_append(list.addresses[0].mailbox, strlen(list.addresses[0].mailbox),
                               target);
        return true;
}

void sort_field_append(SortField which, const char *header, size_t size, Buffer *target) {
        size_t position = 0;
        HeaderField field;

        while (header_next(header, size, &position, &field)) {
                if (!header_field_is(&field, fields[which].header))
                        continue;
                if (which == SORT_SUBJECT) {
                        append_subject(&field, target);
                        return;
                }
                if (append_address(&field, fields[which].displays, target))
                        return;
        }
}

/* A value among those that are equal in all octets up to here. */
typedef struct Ranked {
        uint64_t word; /* the next eight */
        uint32_t at;   /* of the values */
        bool is_same;  /* as the one before it, so far */
} Ranked;

static uint64_t word_at(const SortValue *value, size_t depth) {
        size_t start = (depth - 1) * sizeof(uint64_t);
        uint64_t word = 0;

        if (depth == 0)
                return value->prefix;
        if (start < value->rest_size)
                memcpy(&word, value->rest + start, MIN(value->rest_size - start, sizeof(word)));
        return be64toh(word);
}

static int compare_words(const void *a, const void *b) {
        const Ranked *left = a, *right = b;

        return (left->word > right->word) - (left->word < right->word);
}

/* Return: some of them are equal in these eight octets, too, and have more. */
static bool split(const SortValue *values, Ranked *group, size_t n, size_t depth) {
        bool is_split = false, has_more = false;

        for (size_t i = 0; i < n; i++) {
                group[i].word = word_at(&values[group[i].at], depth);
                is_split |= group[i].word != group[0].word;
        }
        if (is_split)
                qsort(group, n, sizeof(*group), compare_words);
        for (size_t i = 0; i < n; i++) {
                group[i].is_same = i > 0 && group[i].word == group[i - 1].word;
                has_more |= group[i].is_same &&
                            MAX(values[group[i].at].rest_size, values[group[i - 1].at].rest_size) >
                                    depth * sizeof(uint64_t);
        }
        return has_more;
}

static bool split_groups(const SortValue *values, Ranked *all, size_t n, size_t depth) {
        bool has_more = false;

        for (size_t low = 0, high; low < n; low = high) {
                for (high = low + 1; high < n && all[high].is_same; high++)
                        ;
                if (high - low > 1)
                        has_more |= split(values, all + low, high - low, depth);
        }
        return has_more;
}

/* Words are compared, not texts: many have the same beginning, and are in memory far apart. */
void sort_rank(const SortValue *values, size_t n, uint32_t *ret_ranks) {
        _cleanup_free_ Ranked *all = make_array(Ranked, n + 1);
        uint32_t rank = 0;

        for (size_t i = 0; i < n; i++)
                all[i] = (Ranked){ .at = (uint32_t) i, .is_same = i > 0 };
        for (size_t depth = 0; split_groups(values, all, n, depth); depth++)
                ;
        for (size_t i = 0; i < n; i++) {
                rank += i > 0 && !all[i].is_same;
                ret_ranks[values[all[i].at].row] = rank;
        }
}

/* A counting sort: how many have a lower rank is where those of a rank begin. */
void sort_order_by(uint32_t *rows, size_t n, const uint32_t *ranks, bool is_reversed) {
        uint32_t *starts = make_array(uint32_t, n + 1), *before = make_array(uint32_t, n + 1);
        uint32_t last = (uint32_t) n - 1;

        for (size_t i = 0; i < n; i++) {
                before[i] = rows[i];
                starts[(is_reversed ? last - ranks[i] : ranks[i]) + 1]++;
        }
        for (size_t i = 1; i <= n; i++)
                starts[i] += starts[i - 1];
        for (size_t i = 0; i < n; i++) {
                uint32_t rank = ranks[before[i]];

                rows[starts[is_reversed ? last - rank : rank]++] = before[i];
        }
        free(starts);
        free(before);
}
