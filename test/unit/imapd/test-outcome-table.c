/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "imapd/imap-reply.h"
#include "store/outcome.h"

#include "harness.h"

TEST("every outcome of the store has a text and a code") {
        for (int outcome = STORE_DONE + 1; outcome < _STORE_OUTCOME_MAX; outcome++) {
                ImapReply reply = imap_reply_from_outcome(outcome, "done");

                CHECK_NUMBER(reply.status, IMAP_NO);
                CHECK(reply.code && strcmp(reply.code, "SERVERBUG") != 0);
                CHECK(reply.text && reply.text[0] != '\0');
        }
}

TEST("done is OK with the caller's text, the unknown is our bug") {
        CHECK_NUMBER(imap_reply_from_outcome(STORE_DONE, "done").status, IMAP_OK);
        CHECK_TEXT(imap_reply_from_outcome(STORE_DONE, "done").text, "done");
        CHECK_TEXT(imap_reply_from_outcome(999, "done").code, "SERVERBUG");
        CHECK_TEXT(imap_reply_from_outcome(-5, "done").code, "SERVERBUG");
}

TESTS_END
