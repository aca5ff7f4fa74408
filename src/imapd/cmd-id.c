/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ID: client and server tell their names (RFC 2971). The client's go to the log; ours are told
 * as far as IMAP_ID_FIELDS allows: 1 version, 2 os, 4 os-version; unset says nothing of us.
 */
#include <sys/utsname.h>

#include "basic/log.h"
#include "basic/setting.h"
#include "imapd/command-table.h"
#include "session/facts.h"

enum { ID_PAIRS_MAX = 30, ID_TEXT_MAX = 1024, SHOW_VERSION = 1, SHOW_OS = 2, SHOW_OS_VERSION = 4 };

static bool take_pair(ImapArgs *args, Buffer *text) {
        _cleanup_free_ char *name = NULL, *value = NULL;
        size_t name_size;

        if (!imap_args_take_string(args, &name, &name_size) ||
            !imap_args_take_nstring(args, &value))
                return false;
        if (name_size > ID_TEXT_MAX || (value && strlen(value) > ID_TEXT_MAX))
                return imap_args_fail(args, "ID takes texts of at most %d octets", ID_TEXT_MAX);
        buffer_printf(text, ", %s=%s", name, value ? value : "(nil)");
        return true;
}

static bool take_pairs(ImapArgs *args, Buffer *text) {
        size_t n_pairs = 0;

        if (imap_args_accept_nil(args))
                return imap_args_at_end(args);
        if (!imap_args_open_list(args))
                return false;
        while (!imap_args_list_ends(args)) {
                if (++n_pairs > ID_PAIRS_MAX)
                        return imap_args_fail(args, "ID takes at most %d pairs", ID_PAIRS_MAX);
                if (!take_pair(args, text))
                        return false;
        }
        return imap_args_close_list(args) && imap_args_at_end(args);
}

static void write_pair(ImapWriter *writer, const char *name, const char *value) {
        imap_write_raw(writer, " ");
        imap_write_text_string(writer, name);
        imap_write_raw(writer, " ");
        imap_write_text_string(writer, value);
}

static void write_own(ImapWriter *writer) {
        uint64_t shown = setting_number("IMAP_ID_FIELDS", 0, 0, 7);
        struct utsname system;

        if (!setting_is_set("IMAP_ID_FIELDS")) {
                imap_write_raw(writer, "* ID NIL\r\n");
                return;
        }
        imap_write_raw(writer, "* ID (\"name\" \"Courier-IMAP\"");
        if (shown & SHOW_VERSION)
                write_pair(writer, "version", PROJECT_VERSION);
        if (uname(&system) == 0) {
                if (shown & SHOW_OS)
                        write_pair(writer, "os", system.sysname);
                if (shown & SHOW_OS_VERSION)
                        write_pair(writer, "os-version", system.release);
        }
        imap_write_raw(writer, ")\r\n");
}

int cmd_id(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_buffer_ Buffer text = { 0 };
        ImapWriter writer = imap_session_writer(session);

        if (!take_pairs(args, &text))
                return imap_reply_bad_args(args, ret_reply);
        log_report(LOG_INFO, "ID, user=%s, ip=[%s], port=[%s]%s", session->facts->user,
                   session->facts->remote_ip, session->facts->remote_port,
                   text.size > 0 ? text.data : "");
        write_own(&writer);
        return 0;
}
