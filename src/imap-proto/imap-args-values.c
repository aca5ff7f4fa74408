/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments with a meaning of their own: mailboxes, sets, flags, dates, announcements. */
#include "basic/text.h"
#include "imap-proto/date-time.h"
#include "imap-proto/flag-list.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/imap-literal.h"
#include "imap-proto/mailbox-name.h"
#include "imap-proto/sequence-set.h"

bool imap_args_take_mailbox(ImapArgs *args, char **ret_name) {
        _cleanup_free_ char *wire = NULL;

        if (imap_args_peek(args) == IMAP_TOKEN_END)
                return imap_args_wants(args, "a mailbox name");
        if (!imap_args_take_astring(args, &wire))
                return false;

        switch (mailbox_name_from_wire(wire, strlen(wire), args->utf8, ret_name)) {
        case MAILBOX_NAME_DONE:
                return true;
        case MAILBOX_NAME_NOT_OURS:
                *ret_name = text_dup("");
                return true;
        default:
                return imap_args_fail(args, "'%.80s' is no mailbox name in %s", wire,
                                      args->utf8 ? "UTF-8" : "modified UTF-7");
        }
}

bool imap_args_take_sequence_set(ImapArgs *args, SequenceSet *ret_set) {
        const char *start, *error;
        size_t size;

        if (!imap_args_take_run(args, IMAP_CHARS_SEQUENCE, "a sequence set", &start, &size))
                return false;
        if (sequence_set_parse(start, size, ret_set, &error))
                return true;
        return imap_args_fail(args, "%s in '%.*s'", error, (int) MIN(size, 40u), start);
}

static bool take_flag(ImapArgs *args, FlagList *list) {
        const char *start, *error;
        bool is_system = imap_args_peek(args) == IMAP_TOKEN_ATOM && *args->at == '\\';
        size_t size;

        if (is_system)
                args->at++;
        if (!imap_args_take_run(args, IMAP_CHARS_ATOM, "a flag", &start, &size))
                return false;
        if (is_system) {
                start--;
                size++;
        }
        if (flag_list_add(list, start, size, &error))
                return true;
        return imap_args_fail(args, "%s: '%.*s'", error, (int) MIN(size, 40u), start);
}

bool imap_args_take_flag_list(ImapArgs *args, FlagList *ret_flags) {
        _cleanup_flag_list_ FlagList list = { 0 };
        bool in_list = imap_args_peek(args) == IMAP_TOKEN_OPEN;

        if (in_list && !imap_args_open_list(args))
                return false;
        /* Courier takes NIL for "no flags"; otherwise a bare list has at least one. */
        if (!in_list && !imap_args_accept_nil(args) && !take_flag(args, &list))
                return false;
        while (!imap_args_list_ends(args))
                if (!take_flag(args, &list))
                        return false;
        if (in_list && !imap_args_close_list(args))
                return false;

        *ret_flags = list;
        list = (FlagList){ 0 };
        return true;
}

bool imap_args_take_attribute(ImapArgs *args, char **ret_attribute) {
        const char *start;
        size_t size;

        if (imap_args_peek(args) != IMAP_TOKEN_ATOM || *args->at != '\\')
                return imap_args_wants(args, "an attribute such as \\Sent");
        args->at++;
        if (!imap_args_take_run(args, IMAP_CHARS_ATOM, "an attribute", &start, &size))
                return false;
        *ret_attribute = text_dup_range(start - 1, size + 1);
        return true;
}

bool imap_args_take_date(ImapArgs *args, int64_t *ret_day) {
        _cleanup_free_ char *text = NULL;

        if (!imap_args_take_astring(args, &text))
                return false;
        if (!date_parse(text, strlen(text), ret_day))
                return imap_args_fail(args, "'%.40s' is no date such as 1-Feb-1994", text);
        return true;
}

bool imap_args_take_date_time(ImapArgs *args, int64_t *ret_sec, int16_t *ret_zone_minutes) {
        _cleanup_free_ char *text = NULL;

        if (!imap_args_take_string(args, &text, NULL))
                return false;
        if (!date_time_parse(text, strlen(text), ret_sec, ret_zone_minutes))
                return imap_args_fail(
                        args, "'%.40s' is no time such as 17-Jul-1996 02:44:25 -0700", text);
        return true;
}

bool imap_args_take_announcement(ImapArgs *args, ImapLiteral *ret_literal) {
        const char *at;

        if (args->error[0] != '\0')
                return false;
        if (imap_args_peek(args) != IMAP_TOKEN_LITERAL)
                return imap_args_wants(args, "a literal");
        at = args->at;
        if (!imap_literal_scan(&at, args->end, ret_literal) || at != args->end)
                return imap_args_fail(args, "No literal {size} at the end of the line");
        args->at = at;
        return true;
}
