/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * STORE and UID STORE: change flags and keywords (RFC 9051, section 6.4.6).
 */
#include "imap-proto/flag-list.h"
#include "imapd/command-table.h"
#include "imapd/message-set.h"
#include "imapd/updates.h"
#include "store/mailbox.h"

/* What STORE is asked to do. */
typedef struct StoreRequest {
        SequenceSet set;
        FlagsChange change;
        bool silent;
        FlagList flags;
} StoreRequest;

static void request_done(StoreRequest *request) {
        sequence_set_done(&request->set);
        flag_list_done(&request->flags);
}

static const struct {
        const char *word;
        FlagsChange change;
        bool silent;
} store_words[] = {
        { "FLAGS",         FLAGS_REPLACE, false },
        { "FLAGS.SILENT",  FLAGS_REPLACE, true  },
        { "+FLAGS",        FLAGS_ADD,     false },
        { "+FLAGS.SILENT", FLAGS_ADD,     true  },
        { "-FLAGS",        FLAGS_REMOVE,  false },
        { "-FLAGS.SILENT", FLAGS_REMOVE,  true  },
};

static bool take_word(ImapArgs *args, StoreRequest *request) {
        for (size_t i = 0; i < ELEMENTSOF(store_words); i++)
                if (imap_args_accept_word(args, store_words[i].word)) {
                        request->change = store_words[i].change;
                        request->silent = store_words[i].silent;
                        return true;
                }
        return imap_args_wants(args, "FLAGS, +FLAGS or -FLAGS");
}

static bool take_request(ImapArgs *args, StoreRequest *request) {
        return imap_args_take_sequence_set(args, &request->set) && take_word(args, request) &&
               imap_args_take_flag_list(args, &request->flags) && imap_args_at_end(args);
}

/* Every message that was named is answered, changed or not, as a FETCH FLAGS would be. */
static int report(ImapSession *session, const NumberSet *numbers) {
        for (uint32_t number = 0; number_set_next(numbers, number + 1, &number);) {
                int r;

                imap_session_write_message_flags(session, number - 1, session->uid_command);
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        return 0;
}

int cmd_store(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_number_set_ NumberSet numbers = { 0 }, uids = { 0 };
        _cleanup_(request_done) StoreRequest request = { 0 };
        int r;

        if (!take_request(args, &request))
                return imap_reply_bad_args(args, ret_reply);
        if (!message_set_choose(session, &request.set, &numbers, ret_reply))
                return 0;
        if (session->read_only) {
                *ret_reply = (ImapReply){ IMAP_NO, .code = "READ-ONLY",
                                          .text = "Current box is selected READ-ONLY." };
                return 0;
        }

        message_set_uids(session, &numbers, &uids);
        r = mailbox_store_flags(session->mailbox, &uids, request.change, request.flags.flags,
                                request.flags.keywords, request.flags.n_keywords, NULL);
        if (r < 0)
                return r;
        if (mailbox_n_keywords(session->mailbox) != session->n_keywords_told)
                imap_session_write_flags(session); /* before messages show a new keyword */
        if (!request.silent) {
                int gone = report(session, &numbers);

                if (gone != 0)
                        return gone;
        }
        *ret_reply = imap_reply_from_outcome(r, "STORE completed.");
        return 0;
}
