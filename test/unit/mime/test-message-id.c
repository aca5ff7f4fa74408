/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "mime/message-id.h"

TEST("message IDs are found, in one form each") {
        static const struct {
                const char *value, *ids;
        } examples[] = {
                { "<a@b>", "a@b|" },
                { " <a@b> <c@d>\n <e@f>", "a@b|c@d|e@f|" },
                { "<a@b><c@d>", "a@b|c@d|" },
                { "<\"01KF8JCEOCBS0045PS\"@xxx.yyy.com>", "01KF8JCEOCBS0045PS@xxx.yyy.com|" },
                { "<\"a\\\"b\"@c>", "a\"b@c|" },
                { "<\"a>b\"@c>", "a>b@c|" },
                { "< a @\n b >", "a@b|" },
                { "Your mail of Monday <a@b> \"Smith\"", "a@b|" },
                { "a@b", "" },
                { "<ab>", "" },
                { "<@b> <a@> <>", "" },
                { "<a <b@c>", "b@c|" },
                { "<a@b", "" },
                { "<\"a@b>", "" },
                { "<a@[127.0.0.1]>", "a@[127.0.0.1]|" },
                { "", "" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_buffer_ Buffer id = { 0 }, ids = { 0 };
                size_t position = 0;

                buffer_append(&ids, "", 0);
                while (message_id_next(examples[i].value, strlen(examples[i].value), &position, &id))
                        buffer_printf(&ids, "%s|", id.data);
                CHECK_TEXT(ids.data, examples[i].ids);
        }
}

TESTS_END
