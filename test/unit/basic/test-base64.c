/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/base64.h"
#include "harness.h"

TEST("the examples of RFC 4648, section 10, encode and decode") {
        static const char *const examples[][2] = {
                { "", "" },
                { "f", "Zg==" },
                { "fo", "Zm8=" },
                { "foo", "Zm9v" },
                { "foob", "Zm9vYg==" },
                { "fooba", "Zm9vYmE=" },
                { "foobar", "Zm9vYmFy" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_buffer_ Buffer encoded = { 0 }, decoded = { 0 };

                buffer_append_text(&encoded, "");
                buffer_append_text(&decoded, "");
                base64_append(&encoded, examples[i][0], strlen(examples[i][0]));
                CHECK_TEXT(encoded.data, examples[i][1]);
                CHECK(base64_decode(examples[i][1], strlen(examples[i][1]), &decoded));
                CHECK_TEXT(decoded.data, examples[i][0]);
        }
}

TEST("what is not canonical base64 is refused") {
        static const char *const bad[] = {
                "Z", "Zg", "Zg=", "Zg=a", "=g==", "Zh==", "Zm9=", "Zg==Zg==", "Zm9v\n", "Zm 9v",
        };

        for (size_t i = 0; i < ELEMENTSOF(bad); i++) {
                _cleanup_buffer_ Buffer decoded = { 0 };

                CHECK(!base64_decode(bad[i], strlen(bad[i]), &decoded));
        }
}

TESTS_END
