/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part numbers (RFC 9051, section 6.4.5.1). */
#include "mime/part.h"

#include "basic/text.h"
#include "harness.h"
#include "show-part.h"

/* The example of the RFC: HEADER, TEXT, 1, 2, 3 (message), 4 (multipart of a picture and a message). */
static const char mail[] =
        "Subject: whole\nContent-Type: multipart/mixed; boundary=a\n\n"
        "--a\n\none\n"
        "--a\nContent-Type: application/octet-stream\n\ntwo\n"
        "--a\nContent-Type: message/rfc822\n\nSubject: three\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\n\nthree-one\n--b\nContent-Type: application/x\n\nthree-two\n--b--\n"
        "--a\nContent-Type: multipart/mixed; boundary=c\n\n"
        "--c\nContent-Type: image/gif\n\nfour-one\n"
        "--c\nContent-Type: message/rfc822\n\nSubject: four-two\n\nfour-two-one\n"
        "--c--\n"
        "--a--\n";

static char *section(const char *name) {
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(mail, sizeof(mail) - 1, NULL);
        static const char *const names[] = { "", "MIME", "HEADER", "TEXT" };
        uint32_t path[8];
        size_t n_path = 0;
        MimeRange range;

        while (char_is_digit(*name)) {
                path[n_path++] = (uint32_t) (*name++ - '0');
                if (*name == '.')
                        name++;
        }
        for (int i = 0; i < 4; i++)
                if (text_equal(names[i], name) && mime_section_find(root, path, n_path, (MimeSection) i, &range))
                        return text_dup_range(mail + range.first, (size_t) (range.end - range.first));
        return NULL;
}

TEST("sections are what the RFC's example says") {
        static const struct {
                const char *name, *want;
        } examples[] = {
                { "1", "one" }, { "1.MIME", "\n" }, { "1.HEADER", NULL }, { "1.TEXT", NULL }, { "1.1", NULL },
                { "2", "two" }, { "2.MIME", "Content-Type: application/octet-stream\n\n" },
                { "3.HEADER", "Subject: three\nContent-Type: multipart/mixed; boundary=b\n\n" },
                { "3.MIME", "Content-Type: message/rfc822\n\n" },
                { "3.1", "three-one" }, { "3.2", "three-two" }, { "3.3", NULL },
                { "3.2.MIME", "Content-Type: application/x\n\n" },
                { "4.1", "four-one" }, { "4.1.MIME", "Content-Type: image/gif\n\n" },
                { "4.HEADER", NULL }, { "4.2.HEADER", "Subject: four-two\n\n" }, { "4.2.TEXT", "four-two-one" },
                { "4.2.1", "four-two-one" }, { "4.2.1.MIME", "Subject: four-two\n\n" }, { "4.2.2", NULL },
                { "4.2.1.1", NULL }, { "5", NULL }, { "0", NULL }, { "MIME", NULL },
                { "HEADER", "Subject: whole\nContent-Type: multipart/mixed; boundary=a\n\n" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = section(examples[i].name);

                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("a message that is not multipart has part 1") {
        const char *plain = "Subject: x\n\nbody\n";
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(plain, strlen(plain), NULL);
        MimeRange range;

        CHECK(mime_part_find(root, (uint32_t[]){ 1 }, 1) == root);
        CHECK(!mime_part_find(root, (uint32_t[]){ 2 }, 1));
        CHECK(!mime_part_find(root, (uint32_t[]){ 1, 1 }, 2));
        CHECK(mime_section_find(root, NULL, 0, MIME_SECTION_BODY, &range));
        CHECK_NUMBER(range.first, 0);
        CHECK_NUMBER(range.size_wire, 20);
        CHECK(mime_section_find(root, (uint32_t[]){ 1 }, 1, MIME_SECTION_MIME, &range));
        CHECK_NUMBER(range.end, 12);
}

TESTS_END
