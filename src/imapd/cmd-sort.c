/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SORT and UID SORT (RFC 5256, section 3; RFC 5957), with RETURN (RFC 5267, section 3).
 */
#include "imapd/command-table.h"
#include "imapd/message-limit.h"
#include "imapd/modseq.h"
#include "imapd/search-result.h"
#include "imapd/search-run.h"
#include "imapd/sort-run.h"

int cmd_sort(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_search_program_ SearchProgram program = { 0 };
        _cleanup_search_found_ SearchFound found = { 0 };
        SearchReturn wanted;
        SortProgram keys;
        int r;

        if (!search_return_take(args, &wanted) || !sort_program_take(args, &keys) ||
            !search_program_take_sorted(args, &program))
                return imap_reply_bad_args(args, ret_reply);
        if (search_is_disabled(ret_reply) || search_is_refused(&program, ret_reply)) {
                if (ret_reply->status == IMAP_NO)
                        search_result_forget(session, &wanted);
                return 0;
        }

        if (program.has_modseq)
                imap_session_use_modseqs(session);
        r = search_run_first(session, &program, &found);
        if (r == 0 && message_limit_was_met(session, ret_reply)) {
                search_result_forget(session, &wanted);
                return 0;
        }
        if (r == 0)
                r = sort_run(session, &keys, &found);
        if (r == SORT_TOO_LARGE) {
                search_result_forget(session, &wanted);
                *ret_reply = (ImapReply){ IMAP_NO, .code = "LIMIT",
                                          .text = "Too much to sort at once, search for less" };
                return 0;
        }
        if (r == 0)
                r = search_result_tell(session, "SORT", &wanted, program.has_modseq, &found);
        if (r != 0)
                return r;
        *ret_reply = (ImapReply){ IMAP_OK, .text = "SORT done." };
        return 0;
}
