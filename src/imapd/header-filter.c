/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fields of a header by name. A line that begins with white space continues the field before
 * it; a line without a colon is a field without a name, which only HEADER.FIELDS.NOT keeps.
 */
#include "imapd/header-filter.h"

#include <string.h>

#include "basic/text.h"

void header_filter_init(HeaderFilter *filter, const char *const *names, size_t n_names,
                        bool inverted) {
        *filter = (HeaderFilter){
                .names = names, .n_names = n_names, .inverted = inverted, .in_name = true,
                .keeps = inverted, /* of a continuation before any field */
        };
}

static bool is_blank(char c) {
        return c == ' ' || c == '\t';
}

static bool is_chosen(const HeaderFilter *filter, size_t size) {
        /* "Subject : x" is the obsolete form of "Subject: x" (RFC 5322, section 4.5). */
        while (size > 0 && is_blank(filter->name[size - 1]))
                size--;
        for (size_t i = 0; i < filter->n_names; i++)
                if (text_equal_nocase_range(filter->name, size, filter->names[i]))
                        return !filter->inverted;
        return filter->inverted;
}

/* Decides about the line whose start is in name[], last of it c. */
static void decide(HeaderFilter *filter, char c, OctetSink sink, void *userdata) {
        bool blank_line = c == '\n' && (filter->name_size == 1 ||
                                        (filter->name_size == 2 && filter->name[0] == '\r'));

        if (blank_line) {
                filter->ended = true;
                return;
        }
        if (c == ':')
                filter->keeps = is_chosen(filter, filter->name_size - 1);
        else if (!is_blank(filter->name[0]))
                filter->keeps = filter->inverted;
        if (filter->keeps)
                sink(userdata, filter->name, filter->name_size);
        filter->in_name = c == '\n';
        filter->name_size = 0;
}

/* Gathers the start of a line. Return: octets taken. */
static size_t take_name(HeaderFilter *filter, const char *data, size_t size, OctetSink sink,
                        void *userdata) {
        for (size_t i = 0; i < size; i++) {
                char c = data[i];

                filter->name[filter->name_size++] = c;
                if (c == ':' || c == '\n' || filter->name_size == sizeof(filter->name) ||
                    is_blank(filter->name[0])) {
                        decide(filter, c, sink, userdata);
                        return i + 1;
                }
        }
        return size;
}

/* Passes on or drops the rest of a line. Return: octets taken. */
static size_t take_line(HeaderFilter *filter, const char *data, size_t size, OctetSink sink,
                        void *userdata) {
        const char *end = memchr(data, '\n', size);
        size_t taken = end ? (size_t) (end - data) + 1 : size;

        if (filter->keeps)
                sink(userdata, data, taken);
        filter->in_name = end;
        return taken;
}

void header_filter_feed(HeaderFilter *filter, const char *data, size_t size, OctetSink sink,
                        void *userdata) {
        while (size > 0 && !filter->ended) {
                size_t taken = filter->in_name ? take_name(filter, data, size, sink, userdata)
                                               : take_line(filter, data, size, sink, userdata);
                data += taken;
                size -= taken;
        }
}

void header_filter_finish(HeaderFilter *filter, OctetSink sink, void *userdata) {
        if (filter->ended)
                sink(userdata, "\r\n", 2);
        else if (filter->in_name && filter->name_size > 0 && filter->inverted)
                sink(userdata, filter->name, filter->name_size);
}
