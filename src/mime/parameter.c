/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens and parameters; RFC 2231 sections are joined after all have been read. */
#include "mime/parameter.h"

#include <string.h>

#include "basic/buffer.h"
#include "basic/text.h"
#include "mime/parser.h"

enum { SECTION_NONE = -1, SECTION_BROKEN = -2 };

typedef struct RawParam {
        const char *name;   /* as written, lower case */
        size_t base_size;   /* of the name without its section */
        int section;        /* number behind the '*' */
        bool encoded;       /* a '*' at the end */
        bool used;
        const char *value;
} RawParam;

static bool is_space(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_token(char c) {
        return !char_is_control(c) && c != ' ' && !strchr("()<>@,;:\\\"/[]?=", c);
}

static void skip_comment(ParameterReader *reader) {
        unsigned depth = 0;

        while (reader->at < reader->end) {
                char c = *reader->at++;

                if (c == '\\' && reader->at < reader->end)
                        reader->at++;
                else if (c == '(')
                        depth++;
                else if (c == ')' && --depth == 0)
                        return;
        }
}

static void skip_blanks(ParameterReader *reader) {
        while (reader->at < reader->end) {
                if (is_space(*reader->at))
                        reader->at++;
                else if (*reader->at == '(')
                        skip_comment(reader);
                else
                        return;
        }
}

bool parameter_take_char(ParameterReader *reader, char c) {
        skip_blanks(reader);
        if (reader->at == reader->end || *reader->at != c)
                return false;
        reader->at++;
        return true;
}

bool parameter_at_end(ParameterReader *reader) {
        skip_blanks(reader);
        return reader->at == reader->end;
}

char *parameter_take_token(ParameterReader *reader, Arena *arena) {
        const char *start;

        skip_blanks(reader);
        start = reader->at;
        while (reader->at < reader->end && is_token(*reader->at))
                reader->at++;
        return reader->at > start ? arena_text(arena, start, (size_t) (reader->at - start)) : NULL;
}

static char *take_quoted(ParameterReader *reader, Arena *arena) {
        _cleanup_buffer_ Buffer text = { 0 };

        reader->at++;
        while (reader->at < reader->end) {
                char c = *reader->at++;

                if (c == '"')
                        break;
                if (c == '\\' && reader->at < reader->end)
                        c = *reader->at++;
                if (c != '\r' && c != '\n')
                        buffer_append_char(&text, c);
        }
        return arena_text(arena, text.size > 0 ? text.data : "", text.size);
}

/* Without quotes a value should be a token; mail has names of files with blanks there. */
static char *take_value(ParameterReader *reader, Arena *arena) {
        const char *start, *end;

        skip_blanks(reader);
        if (reader->at < reader->end && *reader->at == '"')
                return take_quoted(reader, arena);
        start = reader->at;
        while (reader->at < reader->end && !strchr(";(\r\n", *reader->at))
                reader->at++;
        for (end = reader->at; end > start && is_space(end[-1]);)
                end--;
        return arena_text(arena, start, (size_t) (end - start));
}

/* "name", "name*", "name*0", "name*0*"; anything else keeps its name. */
static void read_section(RawParam *param) {
        const char *star = strchr(param->name, '*'), *at;

        param->section = SECTION_NONE;
        param->base_size = strlen(param->name);
        if (!star || star == param->name)
                return;
        at = star + 1;
        param->section = 0;
        if (*at == '\0') {
                param->encoded = true;
        } else {
                size_t n_digits = strspn(at, "0123456789");

                if (n_digits == 0 || n_digits > 3) {
                        param->section = SECTION_BROKEN;
                        return;
                }
                for (; n_digits > 0; n_digits--)
                        param->section = param->section * 10 + (*at++ - '0');
                param->encoded = *at == '*';
                if (at[param->encoded] != '\0') {
                        param->section = SECTION_BROKEN;
                        param->encoded = false;
                        return;
                }
        }
        param->base_size = (size_t) (star - param->name);
}

static size_t take_raw(ParameterReader *reader, Arena *arena, RawParam *params) {
        size_t n_params = 0;

        while (n_params < MIME_PARAMS_MAX && !parameter_at_end(reader)) {
                RawParam *param = params + n_params;
                char *name = parameter_take_token(reader, arena);

                if (!name) {
                        reader->at++; /* a semicolon, or something that has no business here */
                        continue;
                }
                if (!parameter_take_char(reader, '='))
                        continue;
                text_to_lower(name);
                *param = (RawParam){ .name = name, .value = take_value(reader, arena) };
                read_section(param);
                n_params++;
        }
        return n_params;
}

static RawParam *find_section(RawParam *params, size_t n_params, const RawParam *like,
                              int section) {
        for (size_t i = 0; i < n_params; i++)
                if (params[i].section == section && params[i].base_size == like->base_size &&
                    memcmp(params[i].name, like->name, like->base_size) == 0)
                        return params + i;
        return NULL;
}

static void append_plain_section(Buffer *text, const char *value) {
        for (; *value; value++)
                if (*value == '%')
                        buffer_append_text(text, "%25");
                else
                        buffer_append_char(text, *value);
}

/* Sections 0, 1, 2, … of one name as one parameter; one that is encoded makes all of it so. */
static MimeParam join_sections(RawParam *params, size_t n_params, const RawParam *like,
                               Arena *arena) {
        _cleanup_buffer_ Buffer name = { 0 }, value = { 0 };
        bool encoded = false;
        RawParam *part;

        for (int n = 0; (part = find_section(params, n_params, like, n)); n++)
                encoded = encoded || part->encoded;
        for (int n = 0; (part = find_section(params, n_params, like, n)); n++) {
                if (n == 0 && encoded && !part->encoded)
                        buffer_append_text(&value, "''");
                if (encoded && !part->encoded)
                        append_plain_section(&value, part->value);
                else
                        buffer_append_text(&value, part->value);
                part->used = true;
        }
        buffer_append(&name, like->name, like->base_size);
        if (encoded)
                buffer_append_char(&name, '*');
        return (MimeParam){
                arena_text(arena, name.data, name.size),
                arena_text(arena, value.size > 0 ? value.data : "", value.size),
        };
}

static bool has_name(const MimeParam *params, size_t n_params, const char *name) {
        for (size_t i = 0; i < n_params; i++)
                if (text_equal(params[i].name, name))
                        return true;
        return false;
}

void parameter_take_all(ParameterReader *reader, Arena *arena, MimeParam **ret_params,
                        size_t *ret_n_params) {
        RawParam raw[MIME_PARAMS_MAX];
        size_t n_raw = take_raw(reader, arena, raw), n_params = 0;
        /* One more than needed: the caller may add a charset. */
        MimeParam *params = arena_new(arena, (n_raw + 1) * sizeof(MimeParam));

        for (size_t i = 0; i < n_raw; i++) {
                MimeParam param = { raw[i].name, raw[i].value };
                RawParam *first = NULL;

                if (raw[i].used)
                        continue;
                if (raw[i].section >= 0)
                        first = find_section(raw, n_raw, raw + i, 0);
                if (first && !first->used)
                        param = join_sections(raw, n_raw, raw + i, arena);
                if (!has_name(params, n_params, param.name))
                        params[n_params++] = param;
        }
        *ret_params = params;
        *ret_n_params = n_params;
}
