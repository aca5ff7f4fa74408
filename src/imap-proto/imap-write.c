/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Responses: quoting and the lines that end a command. */
#include "imap-proto/imap-write.h"

#include "basic/text.h"
#include "imap-proto/date-time.h"
#include "imap-proto/imap-char.h"
#include "imap-proto/imap-limits.h"
#include "imap-proto/mailbox-name.h"

void imap_write_raw(ImapWriter *writer, const char *text) {
        buffer_append_text(writer->out, text);
}

void imap_write_number(ImapWriter *writer, uint64_t number) {
        buffer_append_number(writer->out, number);
}

/* NUL, CR and LF may not be quoted; other controls are allowed, but nobody expects them. */
static bool can_be_quoted(const ImapWriter *writer, const char *text, size_t size) {
        bool is_ascii = true;

        if (size > IMAP_QUOTED_MAX)
                return false;
        for (size_t i = 0; i < size; i++) {
                if ((unsigned char) text[i] >= 0x80)
                        is_ascii = false;
                else if (char_is_control(text[i]) && text[i] != '\t')
                        return false;
        }
        return is_ascii || (writer->utf8 && text_is_utf8(text, size));
}

static void write_quoted(ImapWriter *writer, const char *text, size_t size) {
        size_t done = 0;

        buffer_append_char(writer->out, '"');
        for (size_t i = 0; i < size; i++)
                if (text[i] == '"' || text[i] == '\\') {
                        buffer_append(writer->out, text + done, i - done);
                        buffer_append_char(writer->out, '\\');
                        done = i;
                }
        buffer_append(writer->out, text + done, size - done);
        buffer_append_char(writer->out, '"');
}

void imap_write_literal_head(ImapWriter *writer, uint64_t size, bool binary) {
        imap_write_raw(writer, binary ? "~{" : "{");
        imap_write_number(writer, size);
        imap_write_raw(writer, "}\r\n");
}

/* A literal may hold any octet but NUL (RFC 9051, CHAR8). */
static void write_literal(ImapWriter *writer, const char *text, size_t size) {
        char *copy;

        imap_write_literal_head(writer, size, false);
        copy = buffer_reserve(writer->out, size);
        for (size_t i = 0; i < size; i++)
                copy[i] = text[i] != '\0' ? text[i] : '?';
        buffer_commit(writer->out, size);
}

void imap_write_string(ImapWriter *writer, const void *data, size_t size) {
        if (can_be_quoted(writer, data, size))
                write_quoted(writer, data, size);
        else
                write_literal(writer, data, size);
}

void imap_write_text_string(ImapWriter *writer, const char *text) {
        imap_write_string(writer, text ? text : "", text ? strlen(text) : 0);
}

void imap_write_nstring(ImapWriter *writer, const char *text) {
        if (text)
                imap_write_text_string(writer, text);
        else
                imap_write_raw(writer, "NIL");
}

void imap_write_astring(ImapWriter *writer, const char *text) {
        size_t size = strlen(text);

        if (size > 0 && size <= IMAP_QUOTED_MAX && !text_equal_nocase(text, "NIL") &&
            imap_char_span(IMAP_CHARS_ASTRING, text, size) == size)
                imap_write_raw(writer, text);
        else
                imap_write_string(writer, text, size);
}

void imap_write_atom(ImapWriter *writer, const char *text) {
        for (const char *c = text; *c != '\0'; c++)
                buffer_append_char(writer->out, imap_char_is(IMAP_CHARS_ATOM, *c) ? *c : '_');
        if (*text == '\0')
                buffer_append_char(writer->out, '_');
}

void imap_write_mailbox(ImapWriter *writer, const char *name) {
        _cleanup_buffer_ Buffer wire = { 0 };

        mailbox_name_append_wire(name, writer->utf8, &wire);
        write_quoted(writer, wire.data ? wire.data : "", wire.size);
}

void imap_write_flags(ImapWriter *writer, MessageFlags flags, const char *const *keywords,
                      size_t n_keywords) {
        static const struct {
                MessageFlags bit;
                const char *name;
        } order[] = {
                { FLAG_DRAFT,   "\\Draft"   }, { FLAG_FLAGGED, "\\Flagged" },
                { FLAG_ANSWERED, "\\Answered" }, { FLAG_SEEN,   "\\Seen"    },
                { FLAG_DELETED, "\\Deleted" }, { FLAG_RECENT,  "\\Recent"  },
        };
        const char *separator = "";

        imap_write_raw(writer, "(");
        for (size_t i = 0; i < ELEMENTSOF(order); i++)
                if (flags & order[i].bit) {
                        imap_write_raw(writer, separator);
                        imap_write_raw(writer, order[i].name);
                        separator = " ";
                }
        for (size_t i = 0; i < n_keywords; i++) {
                imap_write_raw(writer, separator);
                imap_write_atom(writer, keywords[i]);
                separator = " ";
        }
        imap_write_raw(writer, ")");
}

void imap_write_date_time(ImapWriter *writer, int64_t sec, int16_t zone_minutes) {
        buffer_append_char(writer->out, '"');
        date_time_append(sec, zone_minutes, writer->out);
        buffer_append_char(writer->out, '"');
}

/* What cannot stand in a line is left out; line breaks and tabs become spaces. */
static void write_line_text(ImapWriter *writer, const char *text, const char *left_out) {
        bool keeps_8bit = writer->utf8 && text_is_utf8(text, strlen(text));

        for (const char *c = text; *c != '\0'; c++) {
                if (*c == '\t' || *c == '\n')
                        buffer_append_char(writer->out, ' ');
                else if ((unsigned char) *c >= 0x80 ? keeps_8bit
                                                    : !char_is_control(*c) && !strchr(left_out, *c))
                        buffer_append_char(writer->out, *c);
        }
}

void imap_write_resp_text(ImapWriter *writer, const char *text) {
        size_t start = writer->out->size;

        write_line_text(writer, text, "");
        if (writer->out->size == start)
                imap_write_raw(writer, "-");
        else if (writer->out->data[start] == '[')
                writer->out->data[start] = '('; /* would be read as a response code */
}

static void write_status(ImapWriter *writer, const char *status, const char *code,
                         const char *text) {
        imap_write_raw(writer, " ");
        imap_write_raw(writer, status);
        imap_write_raw(writer, " ");
        if (code) {
                imap_write_raw(writer, "[");
                write_line_text(writer, code, "]");
                imap_write_raw(writer, "] ");
        }
        imap_write_resp_text(writer, text ? text : "");
        imap_write_raw(writer, "\r\n");
}

void imap_write_tagged(ImapWriter *writer, const char *tag, const char *status, const char *code,
                       const char *text) {
        size_t size = tag ? strlen(tag) : 0;
        bool is_tag = size > 0 && imap_char_span(IMAP_CHARS_TAG, tag, size) == size;

        imap_write_raw(writer, is_tag ? tag : "*");
        write_status(writer, status, code, text);
}

void imap_write_untagged(ImapWriter *writer, const char *status, const char *code,
                         const char *text) {
        imap_write_tagged(writer, NULL, status, code, text);
}

void imap_write_continuation(ImapWriter *writer, const char *text) {
        imap_write_raw(writer, "+ ");
        write_line_text(writer, text, "");
        imap_write_raw(writer, "\r\n");
}
