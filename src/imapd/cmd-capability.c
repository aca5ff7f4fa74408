/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CAPABILITY: what this server can do (RFC 9051, section 6.1.1). */
#include "imap-proto/capability.h"
#include "imapd/command-table.h"
#include "session/facts.h"

int cmd_capability(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_free_ char *configured = NULL, *words = NULL;
        ImapWriter writer = imap_session_writer(session);

        if (!imap_args_at_end(args))
                return imap_reply_bad_args(args, ret_reply);

        configured = imap_capability_setting(session->facts->tls);
        words = imap_capability_text(
                &(CapabilityFacts){ .configured = configured, .authenticated = true });
        imap_write_raw(&writer, "* CAPABILITY ");
        imap_write_raw(&writer, words);
        imap_write_raw(&writer, "\r\n");
        return 0;
}
