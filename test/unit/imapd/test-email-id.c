/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imapd/email-id.h"

TEST("an ID is read as it is written, and nothing else is one") {
        static const uint64_t ids[] = { 1, UINT64_MAX, UINT64_C(0x0123456789abcdef) };
        static const char *const others[] = {
                "", "E", "E123", "e0123456789abcdef", "E0123456789ABCDEF", "E0123456789abcdef0", "M0123456789abcdef",
                "E0123456789abcdeg",
        };
        uint64_t got;

        for (size_t i = 0; i < ELEMENTSOF(ids); i++) {
                _cleanup_buffer_ Buffer text = { 0 };

                email_id_append(ids[i], &text);
                CHECK(email_id_parse(text.data, &got) && got == ids[i]);
        }
        for (size_t i = 0; i < ELEMENTSOF(others); i++)
                CHECK(!email_id_parse(others[i], &got));
}

TESTS_END
