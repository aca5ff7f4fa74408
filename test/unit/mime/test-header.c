/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/header.h"

#include "harness.h"

/* Fields as name=value|, and where the header ends. */
static char *show(const char *header) {
        _cleanup_buffer_ Buffer out = { 0 };
        size_t position = 0;
        HeaderField field;

        while (header_next(header, strlen(header), &position, &field)) {
                buffer_append(&out, field.name, field.name_size);
                buffer_append_text(&out, "=");
                header_unfold(field.value, field.value_size, &out);
                buffer_append_text(&out, "|");
        }
        buffer_append_number(&out, position);
        return buffer_take_text(&out);
}

TEST("fields are walked over up to the blank line") {
        static const struct {
                const char *header, *want;
        } examples[] = {
                { "A: 1\nB: 2\n\nbody", "A=1|B=2|11" },
                { "A: 1\r\nB:2\r\n\r\nbody", "A=1|B=2|13" },
                { "A: 1", "A=1|4" },
                { "", "0" },
                { "\nbody", "1" },
                { "A : 1 \n", "A=1|7" },
                { "A: one\n two\n\tthree\n", "A=one two\tthree|19" },
                { "A: one\n \nB: 2\n", "A=one|B=2|14" },
                { " stray\nA: 1\n", "=stray|A=1|12" },
                { "no colon\nA: 1\n", "=no colon|A=1|14" },
                { "A:\nB:\n", "A=|B=|6" },
                { "A: b: c\n", "A=b: c|8" },
                { ": nameless\n", "=nameless|11" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = show(examples[i].header);

                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("a field knows where it stands in the header") {
        const char *header = "A: 1\nBee: x\n y\nC: 3\n\n";
        size_t position = 0;
        HeaderField field;

        CHECK(header_next(header, strlen(header), &position, &field));
        CHECK(header_next(header, strlen(header), &position, &field));
        CHECK_NUMBER(field.offset, 5);
        CHECK_NUMBER(field.size, 10);
        CHECK(header_field_is(&field, "bee"));
        CHECK(!header_field_is(&field, "be"));
}

TESTS_END
