/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flags (1), date (8), then texts, each with its size (2) before it: subject, ID, references. */
#include "imapd/thread-value.h"

#include <endian.h>
#include <string.h>

#include "imap-proto/base-subject.h"
#include "imap-proto/imap-limits.h"
#include "imapd/sent-date.h"
#include "mime/casemap.h"
#include "mime/encoded-word.h"
#include "mime/header.h"
#include "mime/message-id.h"

enum { HAS_DATE = 1 << 0, IS_REPLY = 1 << 1, HEAD_OCTETS = 9 };

static void append_text(const char *text, size_t size, Buffer *target) {
        uint16_t n = htole16((uint16_t) size);

        buffer_append(target, &n, sizeof(n));
        buffer_append(target, text, size);
}

/* The first field of a name; false when the header has none. */
static bool find_field(const char *header, size_t size, const char *name, HeaderField *ret_field) {
        size_t position = 0;

        while (header_next(header, size, &position, ret_field))
                if (header_field_is(ret_field, name))
                        return true;
        return false;
}

/* Return: flags. */
static unsigned append_subject(const char *header, size_t size, Buffer *target) {
        _cleanup_buffer_ Buffer raw = { 0 }, text = { 0 }, mapped = { 0 };
        HeaderField field;
        BaseSubject base = { 0 };

        if (find_field(header, size, "Subject", &field)) {
                header_unfold(field.value, field.value_size, &raw);
                encoded_word_decode(raw.data, raw.size, &text);
                base_subject_find(&text, &base);
                casemap_append(base.text, base.size, &mapped);
        }
        append_text(mapped.data, MIN(mapped.size, (size_t) IMAP_SORT_TEXT_MAX), target);
        return base.is_reply ? IS_REPLY : 0;
}

/* All message IDs of a field, or only one. Return: how many. */
static size_t append_ids(const HeaderField *field, size_t n_wanted, Buffer *target) {
        _cleanup_buffer_ Buffer id = { 0 };
        size_t position = 0, n = 0;

        while (n < n_wanted && message_id_next(field->value, field->value_size, &position, &id))
                if (id.size <= UINT16_MAX) {
                        append_text(id.data, id.size, target);
                        n++;
                }
        return n;
}

void thread_value_build(const char *header, size_t size, Buffer *target) {
        size_t start = target->size;
        unsigned flags = 0;
        int64_t sec = 0;
        HeaderField field;

        if (sent_date_read(header, size, &sec))
                flags |= HAS_DATE;
        sec = (int64_t) htole64((uint64_t) sec);
        buffer_append_char(target, 0);
        buffer_append(target, &sec, sizeof(sec));
        flags |= append_subject(header, size, target);
        target->data[start] = (char) flags;
        if (!find_field(header, size, "Message-ID", &field) || append_ids(&field, 1, target) == 0)
                append_text(NULL, 0, target);
        if (find_field(header, size, "References", &field) &&
            append_ids(&field, SIZE_MAX, target) > 0)
                return;
        if (find_field(header, size, "In-Reply-To", &field))
                (void) append_ids(&field, 1, target); /* or none */
}

bool thread_value_next(ThreadValue *value, ThreadText *ret_id) {
        uint16_t size;

        if (value->end - value->at < (ptrdiff_t) sizeof(size))
                return false;
        memcpy(&size, value->at, sizeof(size));
        size = le16toh(size);
        if (value->end - value->at < (ptrdiff_t) (sizeof(size) + size))
                return false;
        *ret_id = (ThreadText){ value->at + sizeof(size), size };
        value->at += sizeof(size) + size;
        return true;
}

bool thread_value_read(const char *data, size_t size, ThreadValue *ret_value) {
        ThreadValue value = { 0 };
        uint64_t sec;

        if (size < HEAD_OCTETS)
                return false;
        memcpy(&sec, data + 1, sizeof(sec));
        value.has_date = data[0] & HAS_DATE;
        value.is_reply = data[0] & IS_REPLY;
        value.date_sec = (int64_t) le64toh(sec);
        value.at = data + HEAD_OCTETS;
        value.end = data + size;
        if (!thread_value_next(&value, &value.subject) || !thread_value_next(&value, &value.id))
                return false;
        *ret_value = value;
        return true;
}
