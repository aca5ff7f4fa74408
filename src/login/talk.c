/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The talk before login: gathering commands within their limits, and the answers of outside. */
#include "login/talk.h"

#include <assert.h>

#include "basic/text.h"
#include "imap-proto/imap-command-line.h"
#include "login/talk-state.h"

const ImapLimits talk_limits = {
        .line = TALK_LINE_MAX,
        .argument_literal = TALK_LITERAL_MAX,
        .command = TALK_RECEIVED_MAX,
        .arguments = 100,
};

FrontTalk *front_talk_new(const TalkSettings *settings) {
        FrontTalk *talk = make(FrontTalk, .settings = settings, .tls = settings->tls);

        /* Room for what a login usually is: growing would leave copies of passwords behind. */
        (void) buffer_reserve(&talk->line, TALK_LINE_MAX + 2 * TALK_LITERAL_MAX);
        return talk;
}

static void forget(Buffer *buffer) {
        memory_wipe(buffer->data, buffer->size);
        buffer_clear(buffer);
}

FrontTalk *front_talk_free(FrontTalk *talk) {
        if (!talk)
                return NULL;
        forget(&talk->line);
        buffer_done(&talk->line);
        login_message_wipe(&talk->question);
        free(talk);
        return NULL;
}

void talk_reply(const char *tag, const char *text, Buffer *output) {
        buffer_append_text(output, tag);
        buffer_append_char(output, ' ');
        buffer_append_text(output, text);
        buffer_append_text(output, "\r\n");
}

TalkStep talk_bad(FrontTalk *talk, const char *tag, const char *text, Buffer *output) {
        buffer_append_text(output, tag);
        talk_reply(" BAD", text, output);
        if (++talk->n_bad < TALK_BAD_MAX)
                return TALK_READ;
        front_talk_end_because(talk, LOGIN_END_TOO_MANY_BAD, output);
        return TALK_END;
}

bool talk_logins_allowed(const FrontTalk *talk) {
        return talk->tls || !talk->settings->login_disabled;
}

const char *talk_capability(const FrontTalk *talk) {
        return talk->tls ? talk->settings->capability_tls : talk->settings->capability;
}

void front_talk_greet(FrontTalk *talk, Buffer *output) {
        buffer_append_text(output, "* OK [CAPABILITY ");
        buffer_append_text(output, talk_capability(talk));
        buffer_append_text(output, "] Courier-IMAP ready.\r\n");
}

LoginEnd front_talk_end(const FrontTalk *talk) {
        return talk->end;
}

void front_talk_end_because(FrontTalk *talk, LoginEnd reason, Buffer *output) {
        static const char *const texts[_LOGIN_END_MAX] = {
                [LOGIN_END_TIMEOUT]          = "[UNAVAILABLE] Time for the login is over",
                [LOGIN_END_LINE_TOO_LONG]    = "Line is longer than 8192 octets",
                [LOGIN_END_LITERAL_TOO_LONG] = "Literal is larger than 1024 octets before login",
                [LOGIN_END_TOO_MANY_OCTETS]  = "More than 65536 octets before login",
                [LOGIN_END_TOO_MANY_BAD]     = "More than 9 consecutive bad commands",
                [LOGIN_END_TOO_MANY_LOGINS]  = "Too many failed logins",
                [LOGIN_END_UNAVAILABLE]      = "Temporary problem, please try again later",
        };

        static_assert(TALK_LINE_MAX == 8192 && TALK_LITERAL_MAX == 1024);
        static_assert(TALK_RECEIVED_MAX == 65536 && TALK_BAD_MAX == 10);
        if (texts[reason])
                talk_reply("* BYE", texts[reason], output);
        talk->end = reason;
        talk->state = STATE_ENDED;
}

void front_talk_encrypted(FrontTalk *talk) {
        assert(talk->state == STATE_TLS);
        talk->tls = true;
        talk->n_bad = 0;
        talk->state = STATE_LINE;
}

const LoginMessage *front_talk_question(const FrontTalk *talk) {
        assert(talk->state == STATE_ASKED);
        return &talk->question;
}

TalkStep front_talk_answered(FrontTalk *talk, LoginResult result, bool last, Buffer *output) {
        static const struct {
                const char *text;
                LoginEnd end;
        } table[_LOGIN_RESULT_MAX] = {
                [LOGIN_WRONG]       = { "NO [AUTHENTICATIONFAILED] Login failed.",
                                        LOGIN_END_TOO_MANY_LOGINS },
                [LOGIN_EXPIRED]     = { "NO [EXPIRED] Login failed: the password has expired.",
                                        LOGIN_END_TOO_MANY_LOGINS },
                [LOGIN_UNAVAILABLE] = { "NO [UNAVAILABLE] Temporary problem, try again later.",
                                        LOGIN_END_UNAVAILABLE },
        };

        assert(talk->state == STATE_ASKED);
        talk->state = STATE_LINE;
        if (result == LOGIN_OK) {
                login_message_wipe(&talk->question);
                return TALK_HANDOVER; /* the session says OK */
        }
        talk_reply(talk->question.ask.tag, table[result].text, output);
        login_message_wipe(&talk->question);
        if (!last)
                return TALK_READ;
        front_talk_end_because(talk, table[result].end, output);
        return TALK_END;
}

/* Moves n octets from the input to the line, leaving no copy behind. */
static void gather(FrontTalk *talk, Buffer *input, size_t n) {
        buffer_append(&talk->line, input->data, n);
        talk->n_received += n;
        memory_wipe(input->data, n);
        buffer_drop_front(input, n);
}

static void next_command(FrontTalk *talk) {
        forget(&talk->line);
        talk->line_offset = 0;
        talk->n_literals = 0;
}

static TalkStep end_because(FrontTalk *talk, LoginEnd reason, Buffer *output) {
        front_talk_end_because(talk, reason, output);
        return TALK_END;
}

/* A whole line is there: does a literal follow it, or is it time to act? */
static TalkStep after_line(FrontTalk *talk, Buffer *output) {
        ImapLiteral literal = { 0 };
        const char *why = "Not before login";
        TalkStep step;

        switch (imap_command_line_gather(talk->line.data, talk->line.size, talk->line_offset,
                                         talk->n_literals, &talk_limits, &literal, &why)) {
        case IMAP_GATHER_COMPLETE:
                step = talk_command(talk, output);
                break;
        case IMAP_GATHER_LITERAL:
                if (literal.waits && !talk_logins_allowed(talk)) {
                        step = talk_refuse_literal(talk, why, output);
                        break;
                }
                if (literal.waits)
                        talk_reply("+", "OK", output);
                talk->n_literals++;
                talk->n_literal_left = literal.size;
                talk->state = STATE_LITERAL;
                return TALK_READ;
        default: /* a message, or a literal that is too large */
                if (!literal.waits)
                        return end_because(talk, LOGIN_END_LITERAL_TOO_LONG, output);
                step = talk_refuse_literal(talk, why, output);
        }
        next_command(talk);
        return step;
}

static TalkStep take_line(FrontTalk *talk, Buffer *input, Buffer *output) {
        const char *end = memchr(input->data, '\n', input->size);
        TalkStep step;

        gather(talk, input, end ? (size_t) (end - input->data) + 1 : input->size);
        if (talk->line.size - talk->line_offset > TALK_LINE_MAX)
                return end_because(talk, LOGIN_END_LINE_TOO_LONG, output);
        if (!end)
                return TALK_READ;
        if (talk->state == STATE_LINE)
                return after_line(talk, output);
        step = talk_sasl_answer(talk, output);
        next_command(talk);
        return step;
}

static void take_literal(FrontTalk *talk, Buffer *input) {
        size_t n = MIN(talk->n_literal_left, (uint64_t) input->size);

        gather(talk, input, n);
        talk->n_literal_left -= n;
        if (talk->n_literal_left == 0) {
                talk->line_offset = talk->line.size;
                talk->state = STATE_LINE;
        }
}

TalkStep front_talk_step(FrontTalk *talk, Buffer *input, Buffer *output) {
        TalkStep step = TALK_READ;

        assert(talk->state != STATE_TLS && talk->state != STATE_ASKED);
        while (step == TALK_READ && talk->state != STATE_ENDED) {
                if (talk->n_received + input->size > TALK_RECEIVED_MAX)
                        return end_because(talk, LOGIN_END_TOO_MANY_OCTETS, output);
                /* An empty literal is complete without any input. */
                if (input->size == 0 && (talk->state != STATE_LITERAL || talk->n_literal_left > 0))
                        return TALK_READ;
                if (talk->state == STATE_LITERAL)
                        take_literal(talk, input);
                else
                        step = take_line(talk, input, output);
        }
        if (step == TALK_STARTTLS && input->size > 0) {
                /* Somebody on the way may have put them there (CVE-2011-0411). */
                buffer_clear(output);
                front_talk_end_because(talk, LOGIN_END_AFTER_STARTTLS, output);
        }
        return talk->state == STATE_ENDED ? TALK_END : step;
}
