/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Like section-write.c, but nobody has to know the size before. */
#include "imapd/section-copy.h"

#include "imapd/header-filter.h"
#include "imapd/section-source.h"
#include "mime/wire.h"

enum { PIECE_OCTETS = 64 * 1024 };

typedef struct SectionCopy {
        WireConverter converter;
        uint64_t skip, left; /* octets on the wire */
        Buffer out;
        SectionSink sink;
        void *userdata;
} SectionCopy;

static void copy_done(SectionCopy *copy) {
        buffer_done(&copy->out);
}

static void take(void *userdata, const char *data, size_t size) {
        SectionCopy *copy = userdata;
        size_t done = 0;

        if (copy->skip > 0)
                done = wire_take(&copy->converter, data, size, &copy->skip, NULL);
        if (copy->skip == 0)
                (void) wire_take(&copy->converter, data + done, size - done, &copy->left,
                                 &copy->out); /* left tells how far that went */
}

static int give(SectionCopy *copy) {
        int r = copy->out.size > 0 ? copy->sink(copy->userdata, copy->out.data, copy->out.size)
                                   : 0;

        buffer_clear(&copy->out);
        return r;
}

static int view(Message *message, const SectionSource *source, uint64_t at, const char **ret_data,
                size_t *ret_size) {
        size_t wanted = (size_t) MIN(source->end - at, (uint64_t) PIECE_OCTETS);

        return message_view_at(message, at, wanted, ret_data, ret_size);
}

static int copy_header(Message *message, const SectionSource *source, SectionCopy *copy) {
        HeaderFilter filter;
        const char *data;
        size_t n = 1;
        int r = 0;

        header_filter_init(&filter, source->fields, source->n_fields, source->fields_inverted);
        for (uint64_t at = source->first; r == 0 && n > 0 && at < source->end && !filter.ended;
             at += n) {
                r = view(message, source, at, &data, &n);
                if (r != 0)
                        return r;
                header_filter_feed(&filter, data, n, take, copy);
                r = give(copy);
        }
        header_filter_finish(&filter, take, copy);
        return r == 0 ? give(copy) : r;
}

static int copy_body(Message *message, const SectionSource *source, SectionCopy *copy) {
        const char *data;
        size_t n = 1;
        int r = 0;

        for (uint64_t at = source->first; r == 0 && n > 0 && at < source->end && copy->left > 0;
             at += n) {
                r = view(message, source, at, &data, &n);
                if (r != 0)
                        return r;
                take(copy, data, n);
                r = give(copy);
        }
        return r;
}

int section_copy(Message *message, const FetchItem *item, SectionSink sink, void *userdata,
                 bool *ret_exists) {
        _cleanup_(copy_done) SectionCopy copy = {
                .skip = item->is_partial ? item->partial_first : 0,
                .left = item->is_partial ? item->partial_size : UINT64_MAX,
                .sink = sink, .userdata = userdata,
        };
        const MimePart *root = NULL;
        SectionSource source;
        int r = section_needs_structure(item) ? message_structure(message, &root) : 0;

        if (r != 0)
                return r;
        source = section_find(item, root, message_raw_size(message), 0); /* no size is needed */
        *ret_exists = source.exists;
        if (!source.exists)
                return 0;
        return source.is_header ? copy_header(message, &source, &copy)
                                : copy_body(message, &source, &copy);
}
