/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "mime/parser.h"
#include "search/search-message.h"

static const char mail[] =
        "From: =?utf-8?Q?J=C3=B6rg?= <john@example.com>\n"
        "Subject: Quarterly\n"
        " report\n"
        "Content-Type: multipart/mixed; boundary=b\n"
        "\n"
        "preamble\n"
        "--b\n"
        "Content-Type: text/plain; charset=iso-8859-1\n"
        "Content-Transfer-Encoding: quoted-printable\n"
        "\n"
        "Gr=FC=\n"
        "=DFe from here\n"
        "--b\n"
        "Content-Type: text/plain; charset=utf-16be\n"
        "Content-Transfer-Encoding: base64\n"
        "\n"
        "AHMAZQBjAHIAZQB0\n"
        "--b\n"
        "Content-Type: application/octet-stream\n"
        "X-Part: partheader\n"
        "\n"
        "binaryword\n"
        "--b\n"
        "Content-Type: message/rfc822\n"
        "\n"
        "Subject: embedded subject\n"
        "\n"
        "innermost text\n"
        "--b--\n";

static int read_mail(void *userdata, uint64_t offset, void *data, size_t size, size_t *ret_size) {
        *ret_size = offset >= sizeof(mail) - 1 ? 0 : MIN(size, sizeof(mail) - 1 - (size_t) offset);
        memcpy(data, mail + offset, *ret_size);
        return 0;
}

static bool occurs(SearchScope scope, const char *text) {
        _cleanup_(search_text_freep) SearchText *needle = search_text_new(text, strlen(text));
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(mail, sizeof(mail) - 1, NULL);
        bool matches = false;

        CHECK(search_message(read_mail, NULL, root, scope, needle, &matches) == 0);
        return matches;
}

TEST("BODY sees decoded text and embedded messages, not headers or other data") {
        static const struct {
                const char *needle;
                bool in_body, in_text;
        } examples[] = {
                { "gr\xc3\xbc\xc3\x9f" "e FROM", true, true },
                { "secret", true, true },
                { "innermost", true, true },
                { "embedded subject", true, true },
                { "Quarterly report", false, true },
                { "j\xc3\x96rg", false, true },
                { "partheader", false, true },
                { "binaryword", false, false },
                { "=FC", false, false },
                { "", true, true },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                if (occurs(SEARCH_BODY, examples[i].needle) != examples[i].in_body ||
                    occurs(SEARCH_TEXT, examples[i].needle) != examples[i].in_text) {
                        printf("# '%s'\n", examples[i].needle);
                        CHECK(false);
                }
        }
}

TEST("a header field is named exactly and searched decoded and unfolded") {
        static const struct {
                const char *field, *needle;
                bool found;
        } examples[] = {
                { "subject", "quarterly report", true },
                { "subject", "", true },
                { "x-none", "", false },
                { "from", "J\xc3\xb6rg", true },
                { "from", "john@EXAMPLE.com", true },
                { "subjec", "report", false },
                { NULL, "content-type", true },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_(search_text_freep) SearchText *needle =
                        search_text_new(examples[i].needle, strlen(examples[i].needle));

                CHECK(search_header(mail, sizeof(mail) - 1, examples[i].field, needle) == examples[i].found);
        }
}

TESTS_END
