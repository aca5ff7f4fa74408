/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Chooses fields of a header for HEADER.FIELDS and HEADER.FIELDS.NOT (RFC 9051, section 6.4.5)
 * while the header streams through, so that a header of any size takes no memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Receives a run of octets; called any number of times. */
typedef void (*OctetSink)(void *userdata, const char *data, size_t size);

/* A field name longer than this is in nobody's list. */
enum { HEADER_FILTER_NAME_MAX = 998 };

typedef struct HeaderFilter {
        const char *const *names; /* borrowed */
        size_t n_names;
        bool inverted;            /* HEADER.FIELDS.NOT */

        bool in_name;             /* the start of a line is gathered in name[] */
        bool keeps;               /* what the field that is read now is: chosen or not */
        bool ended;               /* the blank line was seen */
        size_t name_size;
        char name[HEADER_FILTER_NAME_MAX];
} HeaderFilter;

/**
 * header_filter_init() - start at the first octet of a header
 * @names:  field names without colon, compared in ASCII ignoring case; outlive the filter
 */
void header_filter_init(HeaderFilter *filter, const char *const *names, size_t n_names,
                        bool inverted);

/** header_filter_feed() - give the next octets; the chosen ones go to the sink unchanged */
void header_filter_feed(HeaderFilter *filter, const char *data, size_t size, OctetSink sink,
                        void *userdata);

/**
 * header_filter_finish() - the header is over: the gathered rest, or the blank line at its end
 *
 * "The blank line is included in all header fetches, except in the case of a message which has
 * no body and no blank line" (RFC 3501, section 6.4.5).
 */
void header_filter_finish(HeaderFilter *filter, OctetSink sink, void *userdata);
