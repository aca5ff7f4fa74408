/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a FrontTalk, for the files talk*.c only. */
#pragma once

#include "imap-proto/imap-args.h"
#include "imap-proto/imap-limits.h"
#include "login/talk.h"

typedef enum TalkState {
        STATE_LINE,    /* gathering a command, up to the end of a line */
        STATE_LITERAL, /* gathering the octets of a literal in it */
        STATE_SASL,    /* gathering one answer in AUTHENTICATE */
        STATE_TLS,     /* outside: the handshake */
        STATE_ASKED,   /* outside: the monitor */
        STATE_ENDED,
} TalkState;

struct FrontTalk {
        const TalkSettings *settings;
        TalkState state;
        bool tls;
        Buffer line;              /* the command or SASL answer so far; holds secrets */
        size_t line_offset;       /* in it: where the last line starts */
        size_t n_literals;        /* announced in it so far */
        uint64_t n_literal_left;
        size_t n_received;
        unsigned n_bad;
        LoginEnd end;
        LoginMessage question;    /* tag and mechanism from the start of an AUTHENTICATE on */
        bool sasl_has_user;       /* SASL LOGIN: the password is next */
};

extern const ImapLimits talk_limits;

/** talk_reply() - append "TAG text\r\n" */
void talk_reply(const char *tag, const char *text, Buffer *output);

/** talk_bad() - the same for a command nobody understands; ends the talk when it is one too many */
TalkStep talk_bad(FrontTalk *talk, const char *tag, const char *text, Buffer *output);

/** talk_logins_allowed() - may passwords be sent on this connection as it is? */
bool talk_logins_allowed(const FrontTalk *talk);

/** talk_capability() - the words for the present state of the connection */
const char *talk_capability(const FrontTalk *talk);

/** talk_set_user() - take over a user name, with the default domain; false if it cannot be one */
bool talk_set_user(FrontTalk *talk, const char *user);
bool talk_set_password(FrontTalk *talk, const char *password);

/** talk_ask() - the question is complete */
TalkStep talk_ask(FrontTalk *talk);

/** talk_command() - carry out the command in talk->line */
TalkStep talk_command(FrontTalk *talk, Buffer *output);

/** talk_refuse_literal() - answer a command whose last literal will not be taken */
TalkStep talk_refuse_literal(FrontTalk *talk, const char *why, Buffer *output);

/** talk_authenticate() - "AUTHENTICATE mechanism [initial answer]" (RFC 9051, 6.2.2; RFC 4959) */
TalkStep talk_authenticate(FrontTalk *talk, const char *tag, ImapArgs *args, Buffer *output);

/** talk_sasl_answer() - the line in talk->line answers a challenge */
TalkStep talk_sasl_answer(FrontTalk *talk, Buffer *output);
