/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"

#include "basic/text.h"
#include "imapd/section-source.h"
#include "mime/parser.h"

static const char message[] =
        "Subject: outer\n"
        "Content-Type: multipart/mixed; boundary=b\n"
        "\n"
        "--b\n"
        "\n"
        "first\n"
        "--b\n"
        "Content-Type: message/rfc822\n"
        "\n"
        "Subject: inner\n"
        "\n"
        "inner text\n"
        "--b--\n";

/* What a section is in the file; NULL when there is none. */
static char *found(FetchKind kind, FetchSection section, const uint32_t *path, size_t n_path) {
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(message, strlen(message), NULL);
        FetchItem item = {
                .kind = kind, .section = section, .path = (uint32_t *) path, .n_path = n_path,
        };
        SectionSource source = section_find(&item, root, strlen(message), 0);

        return source.exists ? text_dup_range(message + source.first, source.end - source.first) : NULL;
}

static const uint32_t one[] = { 1 }, two[] = { 2 }, two_one[] = { 2, 1 }, three[] = { 3 };

static const struct {
        FetchSection section;
        const uint32_t *path;
        size_t n_path;
        const char *want;
} examples[] = {
        { SECTION_ALL,    NULL,    0, message },
        { SECTION_ALL,    one,     1, "first" },
        { SECTION_MIME,   one,     1, "\n" },
        { SECTION_HEADER, one,     1, NULL },
        { SECTION_TEXT,   one,     1, NULL },
        { SECTION_ALL,    two,     1, "Subject: inner\n\ninner text" },
        { SECTION_MIME,   two,     1, "Content-Type: message/rfc822\n\n" },
        { SECTION_HEADER, two,     1, "Subject: inner\n\n" },
        { SECTION_TEXT,   two,     1, "inner text" },
        { SECTION_ALL,    two_one, 2, "inner text" },
        { SECTION_TEXT,   two_one, 2, NULL },
        { SECTION_ALL,    three,   1, NULL },
};

TEST("part numbers lead to parts; HEADER and TEXT are those of messages only") {
        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = found(FETCH_BODY_SECTION, examples[i].section, examples[i].path,
                                                 examples[i].n_path);
                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("RFC822.TEXT is the text of the message") {
        _cleanup_free_ char *got = found(FETCH_RFC822_TEXT, SECTION_ALL, NULL, 0);

        CHECK(got && text_starts_with(got, "--b\n\nfirst\n"));
}

TEST("the message's own header is found without parsing it") {
        FetchItem header = { .kind = FETCH_RFC822_HEADER }, text = { .kind = FETCH_RFC822_TEXT };
        FetchItem fields = { .kind = FETCH_BODY_SECTION, .section = SECTION_HEADER_FIELDS };
        SectionSource source = section_find(&header, NULL, 1000, 1010);

        CHECK(!section_needs_structure(&header));
        CHECK(!section_needs_structure(&fields));
        CHECK(section_needs_structure(&text));
        CHECK(source.exists && source.is_header && source.fields_inverted && !source.size_known);
        CHECK_NUMBER(source.end, 1000);

        source = section_find(&fields, NULL, 1000, 1010);
        CHECK(source.is_header && !source.fields_inverted);
}

TEST("the whole message has the size that RFC822.SIZE says") {
        FetchItem whole = { .kind = FETCH_RFC822 };
        SectionSource source = section_find(&whole, NULL, 1000, 1010);

        CHECK(source.size_known);
        CHECK_NUMBER(source.size_wire, 1010);
        CHECK_NUMBER(source.end, 1000);
}

TESTS_END
