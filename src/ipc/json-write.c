/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing JSON (RFC 8259): everything a string cannot hold as it is, is escaped here. */
#include "basic/text.h"
#include "ipc/json-record.h"

static void write_string(Buffer *target, const char *text) {
        bool is_utf8 = text_is_utf8(text, strlen(text));

        buffer_append_char(target, '"');
        for (const char *at = text; *at; at++) {
                unsigned char c = (unsigned char) *at;

                if (c == '"' || c == '\\')
                        buffer_append_char(target, '\\');
                if (c < 0x20 || c == 0x7f)
                        buffer_printf(target, "\\u%04x", c);
                else
                        buffer_append_char(target, c >= 0x80 && !is_utf8 ? '?' : *at);
        }
        buffer_append_char(target, '"');
}

static void write_name(Buffer *target, const char *name) {
        if (target->size > 0 && target->data[target->size - 1] != '{')
                buffer_append_char(target, ',');
        write_string(target, name);
        buffer_append_char(target, ':');
}

void json_write_begin(Buffer *target, const char *name) {
        if (name)
                write_name(target, name);
        buffer_append_char(target, '{');
}

void json_write_end(Buffer *target) {
        buffer_append_char(target, '}');
}

void json_write_text(Buffer *target, const char *name, const char *text) {
        if (!text)
                return;
        write_name(target, name);
        write_string(target, text);
}

void json_write_number(Buffer *target, const char *name, uint64_t number) {
        write_name(target, name);
        buffer_append_number(target, number);
}

void json_write_flag(Buffer *target, const char *name, bool flag) {
        write_name(target, name);
        buffer_append_text(target, flag ? "true" : "false");
}
