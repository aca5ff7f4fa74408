/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Part numbers lead to a part; HEADER and TEXT are those of a message, so behind a number they
 * exist for message/rfc822 only. A part that is not there is an empty string.
 */
#include "imapd/section-source.h"

/* RFC822, RFC822.HEADER and RFC822.TEXT are sections by another name. */
static FetchSection section_of(const FetchItem *item) {
        switch (item->kind) {
        case FETCH_RFC822_HEADER:
                return SECTION_HEADER;
        case FETCH_RFC822_TEXT:
                return SECTION_TEXT;
        case FETCH_RFC822:
                return SECTION_ALL;
        default:
                return item->section;
        }
}

bool section_needs_structure(const FetchItem *item) {
        return item->n_path > 0 || section_of(item) == SECTION_TEXT;
}

bool section_is_header(const FetchItem *item) {
        return section_of(item) != SECTION_ALL && section_of(item) != SECTION_TEXT;
}

static SectionSource whole_message(uint64_t raw_size, uint64_t wire_size) {
        return (SectionSource){
                .exists = true, .end = raw_size, .size_known = true, .size_wire = wire_size,
        };
}

static void choose_fields(SectionSource *source, const FetchItem *item, bool inverted) {
        source->is_header = true;
        source->size_known = false;
        source->fields = (const char *const *) item->fields;
        source->n_fields = item->n_fields;
        source->fields_inverted = inverted;
}

/* The message's own header, without knowing where it ends: all its fields, none excluded. */
static SectionSource whole_header(const FetchItem *item, uint64_t raw_size) {
        SectionSource source = { .exists = true, .end = raw_size };

        choose_fields(&source, item, section_of(item) != SECTION_HEADER_FIELDS);
        return source;
}

static MimeSection mime_section_of(const FetchItem *item) {
        switch (section_of(item)) {
        case SECTION_ALL:
                return MIME_SECTION_BODY;
        case SECTION_MIME:
                return MIME_SECTION_MIME;
        case SECTION_TEXT:
                return MIME_SECTION_TEXT;
        default:
                return MIME_SECTION_HEADER;
        }
}

SectionSource section_find(const FetchItem *item, const MimePart *root, uint64_t raw_size,
                           uint64_t wire_size) {
        FetchSection section = section_of(item);
        SectionSource source;
        MimeRange range;

        if (!section_needs_structure(item))
                return section == SECTION_ALL ? whole_message(raw_size, wire_size)
                                              : whole_header(item, raw_size);
        if (!mime_section_find(root, item->path, item->n_path, mime_section_of(item), &range))
                return (SectionSource){ 0 };

        source = (SectionSource){
                .exists = true, .first = range.first, .end = range.end,
                .size_known = true, .size_wire = range.size_wire,
        };
        if (section == SECTION_HEADER_FIELDS || section == SECTION_HEADER_FIELDS_NOT)
                choose_fields(&source, item, section == SECTION_HEADER_FIELDS_NOT);
        return source;
}
