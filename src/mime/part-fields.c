/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content-… fields (RFC 2045, 2183, 3282, 2557, 1864) and those of the envelope (RFC 5322). */
#include "mime/part-fields.h"

#include <stdint.h>

#include "basic/buffer.h"
#include "basic/text.h"
#include "mime/header.h"
#include "mime/parameter.h"
#include "mime/parser.h"

typedef struct PartReader {
        Arena *arena;
        MimePart *part;
        Envelope *envelope; /* NULL when the part is no message */
        bool has_type, has_encoding, has_disposition, has_language;
} PartReader;

typedef struct FieldRow {
        const char *name;
        void (*read)(PartReader *reader, const HeaderField *field, size_t offset);
        size_t offset; /* of the member that a common reader fills */
} FieldRow;

static ParameterReader value_of(const HeaderField *field) {
        return (ParameterReader){ field->value, field->value + field->value_size };
}

static char *take_lower(ParameterReader *reader, Arena *arena) {
        char *token = parameter_take_token(reader, arena);

        if (token)
                text_to_lower(token);
        return token;
}

static void set_text(Arena *arena, const HeaderField *field, const char **target) {
        _cleanup_buffer_ Buffer text = { 0 };

        if (*target)
                return;
        header_unfold(field->value, field->value_size, &text);
        *target = arena_text(arena, text.data ? text.data : "", text.size);
}

static void read_part_text(PartReader *reader, const HeaderField *field, size_t offset) {
        set_text(reader->arena, field, (void *) ((char *) reader->part + offset));
}

/* Where a Content-Location is folded, there was no white space (RFC 2557, section 4.4.2). */
static void read_location(PartReader *reader, const HeaderField *field, _unused_ size_t offset) {
        _cleanup_buffer_ Buffer text = { 0 };
        const char *at = field->value, *end = at + field->value_size;

        if (reader->part->location)
                return;
        while (at < end) {
                const char *lf = memchr(at, '\n', (size_t) (end - at));

                header_unfold(at, (size_t) ((lf ? lf : end) - at), &text);
                at = lf ? lf + 1 : end;
        }
        reader->part->location = arena_text(reader->arena, text.data ? text.data : "", text.size);
}

static void read_envelope_text(PartReader *reader, const HeaderField *field, size_t offset) {
        set_text(reader->arena, field, (void *) ((char *) reader->envelope + offset));
}

static void read_addresses(PartReader *reader, const HeaderField *field, size_t offset) {
        mime_addresses_parse(field->value, field->value_size, MIME_ADDRESSES_MAX, reader->arena,
                             (void *) ((char *) reader->envelope + offset));
}

/* Text has a charset (RFC 2045, section 5.2). */
static void add_charset(Arena *arena, MimePart *part, MimeParam *params, size_t n_params) {
        bool missing = text_equal(part->type, "text");

        part->params = params;
        part->n_params = n_params;
        for (size_t i = 0; i < n_params; i++)
                if (text_equal(params[i].name, "charset") || text_equal(params[i].name, "charset*"))
                        missing = false;
        if (!missing)
                return;
        if (!params)
                part->params = params = arena_new(arena, sizeof(MimeParam));
        params[n_params] = (MimeParam){ "charset", "us-ascii" };
        part->n_params = n_params + 1;
}

/* A type that is none is as good as no type (RFC 2045, section 5.2). */
static void read_type(PartReader *reader, const HeaderField *field, _unused_ size_t offset) {
        ParameterReader value = value_of(field);
        MimeParam *params;
        size_t n_params;
        char *type, *subtype;

        if (reader->has_type)
                return;
        reader->has_type = true;
        type = take_lower(&value, reader->arena);
        if (!type || !parameter_take_char(&value, '/'))
                return;
        subtype = take_lower(&value, reader->arena);
        if (!subtype)
                return;
        reader->part->type = type;
        reader->part->subtype = subtype;
        parameter_take_all(&value, reader->arena, &params, &n_params);
        add_charset(reader->arena, reader->part, params, n_params);
}

static void read_encoding(PartReader *reader, const HeaderField *field, _unused_ size_t offset) {
        ParameterReader value = value_of(field);
        char *encoding;

        if (reader->has_encoding)
                return;
        reader->has_encoding = true;
        encoding = take_lower(&value, reader->arena);
        if (encoding && parameter_at_end(&value))
                reader->part->encoding = encoding;
}

static void read_disposition(PartReader *reader, const HeaderField *field,
                             _unused_ size_t offset) {
        ParameterReader value = value_of(field);
        MimeParam *params;

        if (reader->has_disposition)
                return;
        reader->has_disposition = true;
        reader->part->disposition = take_lower(&value, reader->arena);
        if (!reader->part->disposition)
                return;
        parameter_take_all(&value, reader->arena, &params, &reader->part->n_disposition_params);
        reader->part->disposition_params = params;
}

static void read_language(PartReader *reader, const HeaderField *field, _unused_ size_t offset) {
        ParameterReader value = value_of(field);
        const char **languages = NULL;
        size_t n_allocated = 0, n_languages = 0;

        if (reader->has_language)
                return;
        reader->has_language = true;
        while (n_languages < MIME_LANGUAGES_MAX && !parameter_at_end(&value)) {
                const char *language = parameter_take_token(&value, reader->arena);

                if (!language) {
                        value.at++; /* a comma, or a quote that should not be here */
                        continue;
                }
                languages = arena_grow(reader->arena, languages, n_languages, &n_allocated,
                                       sizeof(*languages));
                languages[n_languages++] = language;
        }
        reader->part->languages = languages;
        reader->part->n_languages = n_languages;
}

static const FieldRow part_rows[] = {
        { "Content-Type",              read_type,        0                               },
        { "Content-Transfer-Encoding", read_encoding,    0                               },
        { "Content-Disposition",       read_disposition, 0                               },
        { "Content-Language",          read_language,    0                               },
        { "Content-ID",                read_part_text,   offsetof(MimePart, content_id)  },
        { "Content-Description",       read_part_text,   offsetof(MimePart, description) },
        { "Content-MD5",               read_part_text,   offsetof(MimePart, md5)         },
        { "Content-Location",          read_location,    0                               },
};

static const FieldRow envelope_rows[] = {
        { "Date",        read_envelope_text, offsetof(Envelope, date)        },
        { "Subject",     read_envelope_text, offsetof(Envelope, subject)     },
        { "From",        read_addresses,     offsetof(Envelope, from)        },
        { "Sender",      read_addresses,     offsetof(Envelope, sender)      },
        { "Reply-To",    read_addresses,     offsetof(Envelope, reply_to)    },
        { "To",          read_addresses,     offsetof(Envelope, to)          },
        { "Cc",          read_addresses,     offsetof(Envelope, cc)          },
        { "Bcc",         read_addresses,     offsetof(Envelope, bcc)         },
        { "In-Reply-To", read_envelope_text, offsetof(Envelope, in_reply_to) },
        { "Message-ID",  read_envelope_text, offsetof(Envelope, message_id)  },
};

static const FieldRow *find_row(const FieldRow *rows, size_t n_rows, const HeaderField *field) {
        for (size_t i = 0; i < n_rows; i++)
                if (header_field_is(field, rows[i].name))
                        return rows + i;
        return NULL;
}

static const FieldRow *row_of(const HeaderField *field, bool is_message) {
        const FieldRow *row = NULL;

        if (field->name_size >= 2 && char_to_lower(field->name[0]) == 'c' &&
            char_to_lower(field->name[1]) == 'o')
                row = find_row(part_rows, ELEMENTSOF(part_rows), field);
        else if (is_message)
                row = find_row(envelope_rows, ELEMENTSOF(envelope_rows), field);
        return row;
}

bool part_field_is_wanted(const char *line, size_t size, bool is_message) {
        HeaderField field;
        size_t position = 0;

        size = MIN(size, (size_t) PART_FIELD_NAME_MAX);
        return header_next(line, size, &position, &field) && row_of(&field, is_message);
}

void part_fields_default(Arena *arena, MimePart *part) {
        part->type = "text";
        part->subtype = "plain";
        part->encoding = "7bit";
        add_charset(arena, part, NULL, 0);
}

void part_fields_read(const char *header, size_t size, bool in_digest, Arena *arena,
                      MimePart *part, Envelope *envelope) {
        PartReader reader = { .arena = arena, .part = part, .envelope = envelope };
        HeaderField field;

        for (size_t at = 0; header_next(header, size, &at, &field);) {
                const FieldRow *row = row_of(&field, envelope);

                if (row)
                        row->read(&reader, &field, row->offset);
        }
        if (!part->encoding)
                part->encoding = "7bit";
        if (!part->type && in_digest && !reader.has_type) {
                part->type = "message";
                part->subtype = "rfc822";
        } else if (!part->type) {
                part->type = "text";
                part->subtype = "plain";
                add_charset(arena, part, NULL, 0);
        }
}
