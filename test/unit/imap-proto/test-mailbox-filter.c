/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which mailboxes an ESEARCH is about. */
#include "imap-proto/mailbox-filter.h"

#include "basic/buffer.h"
#include "harness.h"
#include "imap-proto/imap-args.h"

/* Kinds as digits, with names; "-" when it is refused. */
static char *describe(const char *text) {
        _cleanup_mailbox_filters_ MailboxFilters filters = { 0 };
        _cleanup_buffer_ Buffer out = { 0 };
        ImapArgs args;

        imap_args_init(&args, text, strlen(text), NULL);
        buffer_append_text(&out, "");
        if (!mailbox_filters_take(&args, &filters))
                buffer_append_text(&out, "-");
        for (size_t i = 0; i < filters.n_filters; i++)
                buffer_printf(&out, "%d%s ", (int) filters.filters[i].kind,
                              filters.filters[i].name ? filters.filters[i].name : "");
        return buffer_take_text(&out);
}

TEST("specifiers stand one after the other, some with a name or with several") {
        static const struct {
                const char *text, *filters;
        } examples[] = {
                { "ALL", "0 " },
                { "IN (selected) ALL", "0 " },
                { "in (INBOXES Personal subscribed)", "1 2 3 " },
                { "IN (subtree INBOX.a subtree-one (INBOX INBOX.b.) mailboxes x)", "4INBOX/a 5INBOX 5INBOX/b 6x " },
                { "IN (mailboxes {1}\r\nx selected)", "6x 0 " },
                { "IN", "-" }, { "IN ALL", "-" }, { "IN ()", "-" }, { "IN (selected", "-" }, { "IN (subtree)", "-" },
                { "IN (subtree ())", "-" }, { "IN (subtree (x)", "-" }, { "IN (selected-delayed)", "-" },
                { "IN (subtree-two x)", "-" }, { "IN (personal (x))", "-" }, { "IN (mailboxes x y)", "-" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = describe(examples[i].text);

                CHECK_TEXT(got, examples[i].filters);
        }
}

TEST("what is about the selected mailbox alone is told from what is not") {
        static const struct {
                const char *text;
                bool has_selected, has_no_other;
        } examples[] = {
                { "ALL", true, true }, { "IN (selected selected)", true, true },
                { "IN (selected personal)", true, false }, { "IN (personal)", false, false },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_mailbox_filters_ MailboxFilters filters = { 0 };
                ImapArgs args;

                imap_args_init(&args, examples[i].text, strlen(examples[i].text), NULL);
                CHECK(mailbox_filters_take(&args, &filters));
                CHECK_NUMBER(mailbox_filters_has(&filters, FILTER_SELECTED), examples[i].has_selected);
                CHECK_NUMBER(mailbox_filters_only_selected(&filters), examples[i].has_no_other);
        }
}

TESTS_END
