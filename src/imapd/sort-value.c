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

static int compare_texts(const SortValue *a, const SortValue *b) {
        size_t size = MIN(a->rest_size, b->rest_size);
        int order = size > 0 ? memcmp(a->rest, b->rest, size) : 0;

        return order != 0 ? order : (a->rest_size > b->rest_size) - (a->rest_size < b->rest_size);
}

static int compare(const void *a, const void *b) {
        const SortValue *left = a, *right = b;

        if (left->prefix != right->prefix)
                return left->prefix < right->prefix ? -1 : 1;
        return compare_texts(left, right);
}

void sort_rank(SortValue *values, size_t n, uint32_t *ret_ranks) {
        uint32_t rank = 0;

        if (n > 0)
                qsort(values, n, sizeof(*values), compare);
        for (size_t i = 0; i < n; i++) {
                if (i > 0 && compare(&values[i - 1], &values[i]) != 0)
                        rank++;
                ret_ranks[values[i].row] = rank;
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
