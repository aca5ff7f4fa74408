/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ENABLE: switch extensions on (RFC 9051, section 6.3.1). The answer lists those that this
 * command has switched on; words that are unknown are ignored, as the RFC asks.
 */
#include "basic/text.h"
#include "imapd/command-table.h"
#include "imapd/modseq.h"

/* It brings CONDSTORE along (RFC 7162, section 3.2.3). */
static void enable_qresync(ImapSession *session) {
        session->qresync = true;
        imap_session_use_modseqs(session);
}

/* RFC 9586, section 3.1 */
static void enable_uidonly(ImapSession *session) {
        session->uidonly = true;
}

/* From the next command on (RFC 9755, section 3). */
static void enable_utf8(ImapSession *session) {
        session->utf8 = session->utf8_accept = true;
}

/* Names and strings are UTF-8, and what IMAP4rev1 had else is left out (RFC 9051, appendix E). */
static void enable_rev2(ImapSession *session) {
        session->utf8 = session->rev2 = true;
}

static const struct {
        const char *word;
        void (*enable)(ImapSession *session);
} extensions[] = {
        { "CONDSTORE",   imap_session_use_modseqs },
        { "QRESYNC",     enable_qresync           },
        { "UTF8=ACCEPT", enable_utf8              },
        { "IMAP4rev2",   enable_rev2              },
        { "UIDONLY",     enable_uidonly           },
};

static void enable(ImapSession *session, const char *word, Buffer *enabled) {
        for (unsigned i = 0; i < ELEMENTSOF(extensions); i++) {
                if (session->enabled & 1u << i || !text_equal_nocase(word, extensions[i].word))
                        continue;
                session->enabled |= 1u << i;
                extensions[i].enable(session);
                buffer_append_char(enabled, ' ');
                buffer_append_text(enabled, extensions[i].word);
        }
}

int cmd_enable(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        ImapWriter writer = imap_session_writer(session);
        _cleanup_buffer_ Buffer words = { 0 }, enabled = { 0 };

        do {
                _cleanup_free_ char *word = NULL;

                if (!imap_args_take_atom(args, &word))
                        return imap_reply_bad_args(args, ret_reply);
                buffer_append(&words, word, strlen(word) + 1);
        } while (imap_args_peek(args) != IMAP_TOKEN_END);

        for (size_t at = 0; at < words.size; at += strlen(words.data + at) + 1)
                enable(session, words.data + at, &enabled);
        imap_write_raw(&writer, "* ENABLED");
        buffer_append(writer.out, enabled.data, enabled.size);
        imap_write_raw(&writer, "\r\n");
        *ret_reply = (ImapReply){ .text = "Options enabled" };
        return 0;
}
