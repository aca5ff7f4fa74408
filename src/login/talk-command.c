/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the non-authenticated state (RFC 9051, sections 6.1 and 6.2; RFC 2971). */
#include <assert.h>

#include "basic/back-door.h"
#include "basic/text.h"
#include "imap-proto/imap-command-line.h"
#include "imap-proto/imap-write.h"
#include "login/talk-state.h"

enum { ID_PAIRS_MAX = 30 };

typedef TalkStep (*CommandHandler)(FrontTalk *talk, const char *tag, ImapArgs *args,
                                   Buffer *output);

static_assert((int) IMAP_TAG_MAX == (int) LOGIN_TAG_MAX);

static TalkStep bad_args(FrontTalk *talk, const char *tag, const ImapArgs *args, Buffer *output) {
        _cleanup_buffer_ Buffer text = { 0 };
        ImapWriter writer = { .out = &text };

        imap_write_resp_text(&writer, imap_args_error(args));
        return talk_bad(talk, tag, text.data, output);
}

static TalkStep done(FrontTalk *talk, const char *tag, const char *text, Buffer *output) {
        talk->n_bad = 0;
        talk_reply(tag, text, output);
        return TALK_READ;
}

static TalkStep command_capability(FrontTalk *talk, const char *tag, ImapArgs *args,
                                   Buffer *output) {
        if (!imap_args_at_end(args))
                return bad_args(talk, tag, args, output);
        talk_reply("* CAPABILITY", talk_capability(talk), output);
        return done(talk, tag, "OK CAPABILITY completed", output);
}

static TalkStep command_noop(FrontTalk *talk, const char *tag, ImapArgs *args, Buffer *output) {
        if (!imap_args_at_end(args))
                return bad_args(talk, tag, args, output);
        return done(talk, tag, "OK NOOP completed", output);
}

static TalkStep command_logout(FrontTalk *talk, const char *tag, ImapArgs *args,
                               Buffer *output) {
        if (!imap_args_at_end(args))
                return bad_args(talk, tag, args, output);
        talk_reply("* BYE", "Courier-IMAP server shutting down", output);
        talk_reply(tag, "OK LOGOUT completed", output);
        front_talk_end_because(talk, LOGIN_END_LOGOUT, output);
        return TALK_END;
}

/* What the client says about itself is read, and not believed or remembered before login. */
static bool take_id_list(ImapArgs *args) {
        unsigned n_pairs = 0;

        if (imap_args_accept_nil(args))
                return true;
        if (!imap_args_open_list(args))
                return false;
        while (!imap_args_list_ends(args)) {
                _cleanup_free_ char *name = NULL, *value = NULL;

                if (++n_pairs > ID_PAIRS_MAX)
                        return imap_args_fail(args, "ID takes at most %d fields", ID_PAIRS_MAX);
                if (!imap_args_take_string(args, &name, NULL) ||
                    !imap_args_take_nstring(args, &value))
                        return false;
        }
        return imap_args_close_list(args);
}

static TalkStep command_id(FrontTalk *talk, const char *tag, ImapArgs *args, Buffer *output) {
        if (!take_id_list(args) || !imap_args_at_end(args))
                return bad_args(talk, tag, args, output);
        talk_reply("* ID", talk->settings->id, output);
        return done(talk, tag, "OK ID completed", output);
}

static TalkStep command_starttls(FrontTalk *talk, const char *tag, ImapArgs *args,
                                 Buffer *output) {
        if (!imap_args_at_end(args))
                return bad_args(talk, tag, args, output);
        if (talk->tls)
                return talk_bad(talk, tag, "The connection is encrypted already", output);
        if (!talk->settings->tls_offered)
                return talk_bad(talk, tag, "STARTTLS is not available", output);
        talk_reply(tag, "OK Begin SSL/TLS negotiation now.", output);
        talk->state = STATE_TLS;
        return TALK_STARTTLS;
}

static TalkStep refuse_in_clear_text(FrontTalk *talk, const char *tag, Buffer *output) {
        return done(talk, tag, "NO [PRIVACYREQUIRED] STARTTLS required", output);
}

static TalkStep command_login(FrontTalk *talk, const char *tag, ImapArgs *args, Buffer *output) {
        _cleanup_wiped_ char *user = NULL, *password = NULL;

        if (!talk_logins_allowed(talk))
                return refuse_in_clear_text(talk, tag, output);
        if (!imap_args_take_astring(args, &user) || !imap_args_take_astring(args, &password) ||
            !imap_args_at_end(args))
                return talk_bad(talk, tag, "LOGIN takes a user name and a password", output);
        if (!talk_set_user(talk, user) || !talk_set_password(talk, password))
                return talk_bad(talk, tag, "No user name or password can look like this", output);
        talk->question.ask.mechanism = LOGIN_BY_LOGIN;
        strcpy(talk->question.ask.tag, tag);
        return talk_ask(talk);
}

static TalkStep command_authenticate(FrontTalk *talk, const char *tag, ImapArgs *args,
                                     Buffer *output) {
        if (!talk_logins_allowed(talk))
                return refuse_in_clear_text(talk, tag, output);
        return talk_authenticate(talk, tag, args, output);
}

static CommandHandler find_handler(const char *verb) {
        static const struct {
                const char *verb;
                CommandHandler handler;
        } commands[] = {
                { "AUTHENTICATE", command_authenticate },
                { "CAPABILITY",   command_capability },
                { "ID",           command_id },
                { "LOGIN",        command_login },
                { "LOGOUT",       command_logout },
                { "NOOP",         command_noop },
                { "STARTTLS",     command_starttls },
        };

        for (size_t i = 0; i < ELEMENTSOF(commands); i++)
                if (text_equal(commands[i].verb, verb))
                        return commands[i].handler;
        return NULL;
}

TalkStep talk_command(FrontTalk *talk, Buffer *output) {
        ImapCommandLine line;
        CommandHandler handler;
        ImapArgs args;

        if (!imap_command_line_split(talk->line.data, talk->line.size, &line))
                return talk_bad(talk, line.tag[0] ? line.tag : "*", line.error, output);
        if (!login_tag_is_valid(line.tag)) /* stricter than Courier: it travels to the session */
                return talk_bad(talk, "*", "A tag cannot look like this", output);
        imap_args_init(&args, talk->line.data + line.args_offset,
                       talk->line.size - line.args_offset, &talk_limits);
        args.verb = line.verb;
        handler = find_handler(line.verb);
        if (handler)
                return handler(talk, line.tag, &args, output);
        if (back_door_answer(line.verb, talk->line.data + line.args_offset,
                             talk->settings->client_fd, output))
                return done(talk, line.tag, "OK done", output);
        return talk_bad(talk, line.tag, "Unknown command, or not before login", output);
}

TalkStep talk_refuse_literal(FrontTalk *talk, const char *why, Buffer *output) {
        ImapCommandLine line;

        if (!imap_command_line_split(talk->line.data, talk->line.size, &line))
                return talk_bad(talk, line.tag[0] ? line.tag : "*", line.error, output);
        if (text_equal(line.verb, "LOGIN") && !talk_logins_allowed(talk))
                return refuse_in_clear_text(talk, line.tag, output);
        return talk_bad(talk, line.tag, why, output);
}
