/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SEARCH and UID SEARCH (RFC 3501, section 6.4.4; with a MODSEQ key RFC 7162, section 3.1.6).
 */
#include "basic/text.h"
#include "imapd/command-table.h"
#include "imapd/modseq.h"
#include "imapd/search-plan.h"
#include "store/mailbox.h"
#include "stream/client-stream.h"

static bool knows_charset(const char *charset) {
        return !charset || text_equal_nocase(charset, "US-ASCII") ||
               text_equal_nocase(charset, "UTF-8");
}

/* Without a charset, texts are UTF-8 as well: US-ASCII is part of it. */
static bool has_only_utf8(const SearchNode *node) {
        if (node->text && !text_is_utf8(node->text, node->text_size))
                return false;
        for (const SearchNode *child = node->first_child; child; child = child->next_sibling)
                if (!has_only_utf8(child))
                        return false;
        return true;
}

static bool is_refused(const SearchProgram *program, ImapReply *ret_reply) {
        if (!knows_charset(program->charset)) {
                *ret_reply = (ImapReply){
                        IMAP_NO, .code = "BADCHARSET (US-ASCII UTF-8)",
                        .text = "The requested character set is not supported.",
                };
                return true;
        }
        if (!has_only_utf8(program->root)) {
                *ret_reply = imap_reply_bad("A text to search for is not in UTF-8");
                return true;
        }
        return false;
}

static int write_matches(ImapSession *session, const SearchStep *plan,
                         const NumberSet *candidates, bool with_modseq) {
        ImapWriter writer = imap_session_writer(session);
        uint64_t modseq = 0;
        int r;

        imap_write_raw(&writer, "* SEARCH");
        for (uint32_t number = 0; number_set_next(candidates, number + 1, &number);) {
                MessageRecord record;

                if (client_stream_is_stopped(session->stream))
                        return imap_session_gone(session, STREAM_STOPPED);
                if (!search_plan_matches(plan, session, number - 1))
                        continue;
                mailbox_message_at(session->mailbox, number - 1, &record);
                modseq = MAX(modseq, record.modseq);
                imap_write_raw(&writer, " ");
                imap_write_number(&writer, session->uid_command ? record.uid : number);
                r = imap_session_drain(session);
                if (r != 0)
                        return r;
        }
        if (with_modseq && modseq > 0) {
                imap_write_raw(&writer, " (MODSEQ ");
                imap_write_number(&writer, modseq);
                imap_write_raw(&writer, ")");
        }
        imap_write_raw(&writer, "\r\n");
        return 0;
}

int cmd_search(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_search_program_ SearchProgram program = { 0 };
        _cleanup_(search_plan_done) SearchStep plan = { 0 };
        _cleanup_number_set_ NumberSet candidates = { 0 };
        int r;

        if (!search_program_take(args, &program))
                return imap_reply_bad_args(args, ret_reply);
        if (is_refused(&program, ret_reply))
                return 0;
        if (program.has_modseq)
                imap_session_use_modseqs(session);

        search_plan_init(&plan, session, &program);
        search_plan_candidates(&plan, mailbox_n_messages(session->mailbox), &candidates);
        r = write_matches(session, &plan, &candidates, program.has_modseq);
        if (r != 0)
                return r;
        *ret_reply = (ImapReply){ IMAP_OK, .text = "SEARCH done." };
        return 0;
}
