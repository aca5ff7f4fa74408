/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/status-items.h"

TEST("items are a list in parentheses") {
        static const struct {
                const char *text, *error;
                unsigned items;
        } examples[] = {
                { "(MESSAGES unseen)", "", 1u << STATUS_MESSAGES | 1u << STATUS_UNSEEN },
                { "(UIDNEXT UIDVALIDITY RECENT UIDNEXT)", "",
                  1u << STATUS_UIDNEXT | 1u << STATUS_UIDVALIDITY | 1u << STATUS_RECENT },
                { "(DELETED SIZE)", "", 1u << STATUS_DELETED | 1u << STATUS_SIZE },
                { "()", "STATUS wants an item such as MESSAGES, got ')'", 0 },
                { "MESSAGES", "STATUS wants a list in parentheses, got 'MESSAGES'", 0 },
                { "(MESSAGE)", "STATUS wants an item such as MESSAGES, got 'MESSAGE)'", 0 },
                { "(MESSAGES", "STATUS wants a closing parenthesis, got nothing", 0 },
                { "(SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE "
                  "SIZE SIZE)", "More than 20 items", 0 },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                unsigned items = 0;
                ImapArgs args;

                imap_args_init(&args, examples[i].text, strlen(examples[i].text), NULL);
                args.verb = "STATUS";
                CHECK_NUMBER(status_items_take(&args, &items), examples[i].error[0] == '\0');
                CHECK_NUMBER(items, examples[i].items);
                CHECK_TEXT(args.error, examples[i].error);
        }
}

TEST("every item has a name") {
        for (StatusItem item = 0; item < _STATUS_ITEM_MAX; item++)
                CHECK_NUMBER(status_item_from_name(status_item_to_name(item)), item);
}

TESTS_END
