/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * STORE and UID STORE: change flags and keywords (RFC 9051, section 6.4.6), on a condition if
 * the client names one (RFC 7162, section 3.1.3).
 */
#include "basic/buffer.h"
#include "imap-proto/flag-list.h"
#include "imap-proto/modifiers.h"
#include "imapd/command-table.h"
#include "imapd/message-limit.h"
#include "imapd/message-set.h"
#include "imapd/modseq.h"
#include "imapd/updates.h"
#include "store/mailbox.h"

/* What STORE is asked to do. */
typedef struct StoreRequest {
        SequenceSet set;
        StoreModifiers modifiers;
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
        return imap_args_take_sequence_set(args, &request->set) &&
               store_modifiers_take(args, &request->modifiers) && take_word(args, request) &&
               imap_args_take_flag_list(args, &request->flags) && imap_args_at_end(args);
}

/* What happened to the messages, by UID. */
typedef struct StoreResult {
        NumberSet changed;  /* have other flags now */
        NumberSet modified; /* were left alone: somebody else had changed them */
} StoreResult;

static void result_done(StoreResult *result) {
        number_set_done(&result->changed);
        number_set_done(&result->modified);
}

/* Who knows of mod-sequences is told the new ones, silent or not (RFC 7162, section 3.1.3). */
static bool wants_modseq(const ImapSession *session, const StoreRequest *request,
                         const StoreResult *result, uint32_t uid) {
        return session->condstore && (request->modifiers.has_unchanged_since ||
                                      number_set_has(&result->changed, uid));
}

/* Every message that was named is answered, changed or not, as a FETCH FLAGS would be. */
static int report(ImapSession *session, const StoreRequest *request, const StoreResult *result,
                  const NumberSet *numbers) {
        if (request->silent && !session->condstore)
                return 0;
        for (uint32_t number = 0; number_set_next(numbers, number + 1, &number);) {
                MessageRecord record;
                int r;

                mailbox_message_at(session->mailbox, number - 1, &record);
                if (!request->silent || number_set_has(&result->modified, record.uid))
                        imap_session_write_message_flags(session, number - 1);
                else if (wants_modseq(session, request, result, record.uid))
                        imap_session_write_message_modseq(session, number - 1);
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        return 0;
}

/* "MODIFIED 7,9": message numbers, or UIDs in the answer to UID STORE. */
static char *modified_code(ImapSession *session, const NumberSet *uids) {
        _cleanup_number_set_ NumberSet numbers = { 0 };
        _cleanup_buffer_ Buffer code = { 0 };
        size_t position;

        if (uids->n_ranges == 0)
                return NULL;
        for (uint32_t uid = 0; number_set_next(uids, uid + 1, &uid);)
                if (mailbox_find_uid(session->mailbox, uid, &position))
                        number_set_add(&numbers, (uint32_t) position + 1, (uint32_t) position + 1);
        buffer_append_text(&code, "MODIFIED ");
        number_set_append_text(session->uid_command ? uids : &numbers, &code);
        return buffer_take_text(&code);
}

static int change_flags(ImapSession *session, const StoreRequest *request,
                        const NumberSet *numbers, StoreResult *result) {
        _cleanup_number_set_ NumberSet uids = { 0 };
        FlagsWanted wanted = {
                .change = request->change, .flags = request->flags.flags,
                .keywords = request->flags.keywords, .n_keywords = request->flags.n_keywords,
                .is_conditional = request->modifiers.has_unchanged_since,
                .unchanged_since = request->modifiers.unchanged_since,
        };

        message_set_uids(session, numbers, &uids);
        return mailbox_store_flags(session->mailbox, &uids, &wanted, &result->changed,
                                   &result->modified);
}

int cmd_store(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_(request_done) StoreRequest request = { 0 };
        _cleanup_(result_done) StoreResult result = { 0 };
        _cleanup_number_set_ NumberSet numbers = { 0 };
        int r, gone;

        if (!take_request(args, &request))
                return imap_reply_bad_args(args, ret_reply);
        if (!message_set_choose(session, &request.set, &numbers, ret_reply))
                return 0;
        (void) message_limit_keep(session, &numbers); /* the answer says it */
        if (request.modifiers.has_unchanged_since)
                imap_session_use_modseqs(session);
        if (session->read_only) {
                *ret_reply = (ImapReply){ IMAP_NO, .code = "READ-ONLY",
                                          .text = "Current box is selected READ-ONLY." };
                return 0;
        }

        r = change_flags(session, &request, &numbers, &result);
        if (r < 0)
                return r;
        if (mailbox_n_keywords(session->mailbox) != session->n_keywords_told)
                imap_session_write_flags(session); /* before messages show a new keyword */
        gone = report(session, &request, &result, &numbers);
        if (gone != 0)
                return gone;
        *ret_reply = imap_reply_from_outcome(r, "STORE completed.");
        if (r == STORE_DONE)
                ret_reply->own_code = modified_code(session, &result.modified);
        return 0;
}
