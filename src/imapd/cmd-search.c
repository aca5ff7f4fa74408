/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SEARCH and UID SEARCH (RFC 3501, section 6.4.4; with a MODSEQ key RFC 7162, section 3.1.6),
 * with RETURN (RFC 4731, RFC 5182, RFC 9394). IMAP4rev2 has no other answer (RFC 9051, 6.4.4).
 */
#include "imapd/command-table.h"
#include "imapd/modseq.h"
#include "imapd/search-result.h"
#include "imapd/search-run.h"

int cmd_search(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_search_program_ SearchProgram program = { 0 };
        _cleanup_search_found_ SearchFound found = { 0 };
        SearchReturn wanted;
        int r;

        if (!search_return_take(args, &wanted) || !search_program_take(args, &program))
                return imap_reply_bad_args(args, ret_reply);
        if (session->rev2 && !wanted.is_extended)
                wanted = (SearchReturn){ .is_extended = true, .options = SEARCH_RETURN_ALL };
        if (search_is_refused(&program, ret_reply)) {
                if (ret_reply->status == IMAP_NO)
                        search_result_forget(session, &wanted);
                return 0;
        }

        if (program.has_modseq)
                imap_session_use_modseqs(session);
        r = search_run(session, &program, search_return_reach(&wanted), &found);
        if (r == 0)
                r = search_result_tell(session, "SEARCH", &wanted, program.has_modseq, &found);
        if (r != 0)
                return r;
        *ret_reply = (ImapReply){ IMAP_OK, .text = "SEARCH done." };
        return 0;
}
