/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One pass without going back: words are gathered until a special character tells what they
 * were, the name before '<', the local part before '@', or the name of a group before ':'.
 */
#include "mime/address.h"

#include <stdbool.h>
#include <string.h>

#include "basic/buffer.h"

typedef struct AddressReader {
        const char *at, *end;
        size_t limit;
        Arena *arena;
        MimeAddressList *list;
        bool in_group;

        /* Of the entry that is being read: */
        Buffer phrase;        /* all words, one space where the mail has white space */
        size_t local_start;   /* in phrase: where the words begin that dots join to the last one */
        bool has_words;
        Buffer comment;       /* the last one */
        Buffer local, domain, route;
} AddressReader;

static bool is_space(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_word(char c) {
        return !is_space(c) && (c == '\0' || !strchr("\"()<>@,;:", c));
}

static void take_comment(AddressReader *reader) {
        unsigned depth = 1;

        buffer_clear(&reader->comment);
        for (reader->at++; reader->at < reader->end; reader->at++) {
                char c = *reader->at;

                if (c == '\\' && reader->at + 1 < reader->end)
                        c = *++reader->at;
                else if (c == '(')
                        depth++;
                else if (c == ')' && --depth == 0) {
                        reader->at++;
                        return;
                }
                if (c != '\r' && c != '\n')
                        buffer_append_char(&reader->comment, c);
        }
}

/* Return: there were blanks or comments. */
static bool skip_blanks(AddressReader *reader) {
        const char *start = reader->at;

        while (reader->at < reader->end) {
                if (is_space(*reader->at))
                        reader->at++;
                else if (*reader->at == '(')
                        take_comment(reader);
                else
                        break;
        }
        return reader->at > start;
}

static bool next_is(const AddressReader *reader, char c) {
        return reader->at < reader->end && *reader->at == c;
}

static void take_quoted(AddressReader *reader, Buffer *target) {
        for (reader->at++; reader->at < reader->end; reader->at++) {
                char c = *reader->at;

                if (c == '"') {
                        reader->at++;
                        return;
                }
                if (c == '\\' && reader->at + 1 < reader->end)
                        c = *++reader->at;
                if (c != '\r' && c != '\n')
                        buffer_append_char(target, c);
        }
}

static void take_atom(AddressReader *reader, Buffer *target) {
        const char *start = reader->at;

        while (reader->at < reader->end && is_word(*reader->at))
                reader->at++;
        buffer_append(target, start, (size_t) (reader->at - start));
}

static bool ends_with_dot(const Buffer *text) {
        return text->size > 0 && text->data[text->size - 1] == '.';
}

/* Words up to a special character; @letters: a special that counts as a letter here, or "". */
static void take_words(AddressReader *reader, const char *letters) {
        Buffer *phrase = &reader->phrase;

        while (reader->at < reader->end) {
                bool apart = skip_blanks(reader), is_letter;

                if (reader->at == reader->end)
                        return;
                is_letter = *letters && *reader->at == *letters;
                if (!is_word(*reader->at) && *reader->at != '"' && !is_letter)
                        return;
                if (apart && reader->has_words) {
                        bool joined = ends_with_dot(phrase) || *reader->at == '.';

                        buffer_append_char(phrase, ' ');
                        if (!joined)
                                reader->local_start = phrase->size;
                }
                reader->has_words = true;
                if (is_letter)
                        buffer_append_char(phrase, *reader->at++);
                else if (*reader->at == '"')
                        take_quoted(reader, phrase);
                else
                        take_atom(reader, phrase);
        }
}

/* Behind '@': "example . com", "[192.0.2.1]". */
static void take_domain(AddressReader *reader, Buffer *target) {
        bool first = true;

        for (;;) {
                bool apart = skip_blanks(reader);

                if (reader->at == reader->end || !is_word(*reader->at))
                        return;
                if (apart && !first && *reader->at != '.' && !ends_with_dot(target))
                        return;
                first = false;
                if (*reader->at != '[') {
                        take_atom(reader, target);
                        continue;
                }
                while (reader->at < reader->end && *reader->at != ']' && *reader->at != '>')
                        buffer_append_char(target, *reader->at++);
                if (next_is(reader, ']'))
                        buffer_append_char(target, *reader->at++);
        }
}

static const char *copy(AddressReader *reader, const Buffer *text) {
        return arena_text(reader->arena, text->size > 0 ? text->data : "", text->size);
}

static bool is_full(const AddressReader *reader) {
        /* Room for the end of a group is kept. */
        return reader->list->n_addresses + 2 > reader->limit;
}

static void add_row(AddressReader *reader, MimeAddress row) {
        MimeAddressList *list = reader->list;

        list->addresses = arena_grow(reader->arena, list->addresses, list->n_addresses,
                                     &list->n_allocated, sizeof(MimeAddress));
        list->addresses[list->n_addresses++] = row;
}

static void forget_entry(AddressReader *reader) {
        buffer_clear(&reader->phrase);
        buffer_clear(&reader->comment);
        buffer_clear(&reader->local);
        buffer_clear(&reader->domain);
        buffer_clear(&reader->route);
        reader->local_start = 0;
        reader->has_words = false;
}

/* The entry with @name or, without one, the last comment as its name. */
static void add_mailbox(AddressReader *reader, const Buffer *name) {
        if (name->size == 0)
                name = &reader->comment;
        if (!is_full(reader))
                add_row(reader, (MimeAddress){
                        .name = name->size > 0 ? copy(reader, name) : NULL,
                        .route = reader->route.size > 0 ? copy(reader, &reader->route) : NULL,
                        .mailbox = copy(reader, &reader->local),
                        .host = copy(reader, &reader->domain),
                });
        forget_entry(reader);
}

/* "@a.example,@b.example:" */
static void take_route(AddressReader *reader) {
        while (skip_blanks(reader), next_is(reader, '@') || next_is(reader, ',')) {
                if (*reader->at++ == ',')
                        continue;
                if (reader->route.size > 0)
                        buffer_append_char(&reader->route, ',');
                buffer_append_char(&reader->route, '@');
                take_domain(reader, &reader->route);
        }
        if (next_is(reader, ':')) {
                reader->at++;
        } else {
                /* "<@example.com>" is no route but an address without local part. */
                buffer_append(&reader->domain, reader->route.data, reader->route.size);
                buffer_drop_front(&reader->domain, MIN(reader->domain.size, (size_t) 1));
                buffer_clear(&reader->route);
        }
}

/* Local part and domain; "a@b@c" is a@b at c. */
static void take_domains(AddressReader *reader) {
        bool first = true;

        while (skip_blanks(reader), next_is(reader, '@')) {
                reader->at++;
                if (!first) {
                        buffer_append_char(&reader->local, '@');
                        buffer_append(&reader->local, reader->domain.data, reader->domain.size);
                        buffer_clear(&reader->domain);
                }
                take_domain(reader, &reader->domain);
                first = false;
        }
}

/* Behind '<'; the name is in phrase. */
static void take_angle(AddressReader *reader) {
        Buffer name = reader->phrase;

        reader->phrase = (Buffer){ 0 };
        buffer_clear(&reader->comment); /* only one behind the address is a name */
        reader->has_words = false;
        reader->local_start = 0;
        skip_blanks(reader);
        if (next_is(reader, '@'))
                take_route(reader);
        take_words(reader, ":");
        buffer_append(&reader->local, reader->phrase.data, reader->phrase.size);
        take_domains(reader);
        while (reader->at < reader->end && !strchr(">,;<", *reader->at))
                reader->at++;
        if (next_is(reader, '>'))
                reader->at++;
        skip_blanks(reader);
        add_mailbox(reader, &name);
        buffer_done(&name);
}

/* "example . com" reads "example.com". */
static void append_local(Buffer *target, const char *data, size_t size) {
        for (size_t i = 0; i < size; i++) {
                bool beside_dot = data[i] == ' ' && ((i > 0 && data[i - 1] == '.') ||
                                                     (i + 1 < size && data[i + 1] == '.'));

                if (!beside_dot)
                        buffer_append_char(target, data[i]);
        }
}

/* At '@' outside of angle brackets. */
static void take_plain(AddressReader *reader) {
        Buffer *phrase = &reader->phrase;
        size_t start = MIN(reader->local_start, phrase->size);

        buffer_clear(&reader->comment);
        append_local(&reader->local, phrase->data ? phrase->data + start : "",
                     phrase->size - start);
        take_domains(reader);
        if (next_is(reader, '<')) {
                /* ann@example.com <ann@example.com> */
                buffer_append_char(phrase, '@');
                buffer_append(phrase, reader->domain.data, reader->domain.size);
                buffer_clear(&reader->local);
                buffer_clear(&reader->domain);
                reader->at++;
                take_angle(reader);
                return;
        }
        if (start > 0)
                start--; /* the space before the local part */
        phrase->size = start;
        add_mailbox(reader, phrase);
}

static void take_group(AddressReader *reader) {
        if (!is_full(reader)) {
                add_row(reader, (MimeAddress){ .mailbox = copy(reader, &reader->phrase) });
                reader->in_group = true;
        }
        forget_entry(reader);
}

static void end_group(AddressReader *reader) {
        if (reader->in_group)
                add_row(reader, (MimeAddress){ 0 });
        reader->in_group = false;
}

/* Words that nothing followed: "ann". Behind an address without a comma they are rubbish. */
static void take_bare(AddressReader *reader, bool behind_address) {
        if (reader->has_words && !behind_address) {
                buffer_append(&reader->local, reader->phrase.data, reader->phrase.size);
                buffer_clear(&reader->phrase);
                add_mailbox(reader, &reader->phrase);
        }
        forget_entry(reader);
}

/* One entry and the special character that ended it. Return: an address without a comma. */
static bool take_entry(AddressReader *reader, bool behind_address) {
        take_words(reader, reader->in_group ? ":" : "");
        if (reader->at == reader->end) {
                take_bare(reader, behind_address);
                return false;
        }
        switch (*reader->at) {
        case '<':
                reader->at++;
                take_angle(reader);
                return true;
        case '@':
                take_plain(reader);
                return true;
        case ':':
                reader->at++;
                take_group(reader);
                return false;
        case ',':
        case ';':
                take_bare(reader, behind_address);
                if (*reader->at++ == ';')
                        end_group(reader);
                return false;
        default:
                reader->at++; /* '>' or ')' that nothing opened */
                return behind_address;
        }
}

void mime_addresses_parse(const char *value, size_t size, size_t limit, Arena *arena,
                          MimeAddressList *list) {
        AddressReader reader = {
                .at = value, .end = value + size, .limit = limit, .arena = arena, .list = list,
        };
        bool behind_address = false;

        while (reader.at < reader.end && !is_full(&reader))
                behind_address = take_entry(&reader, behind_address);
        end_group(&reader);
        buffer_done(&reader.phrase);
        buffer_done(&reader.comment);
        buffer_done(&reader.local);
        buffer_done(&reader.domain);
        buffer_done(&reader.route);
}
