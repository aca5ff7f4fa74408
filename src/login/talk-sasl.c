/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AUTHENTICATE (RFC 9051, section 6.2.2) with an initial answer (RFC 4959): the mechanisms
 * PLAIN (RFC 4616) and LOGIN (draft-murchison-sasl-login); and the credentials of all logins.
 */
#include "basic/base64.h"
#include "basic/text.h"
#include "login/talk-state.h"

/* Wiped at the scope end: decoded answers are credentials. */
static void buffer_done_wiped(Buffer *buffer) {
        memory_wipe(buffer->data, buffer->size);
        buffer_done(buffer);
}
#define _cleanup_secret_buffer_ _cleanup_(buffer_done_wiped)

/* Courier: appended unless the name has DEFDOMAIN's first character, or one of DOMAINSEP. */
static char *with_default_domain(const TalkSettings *settings, const char *user) {
        const char *domain = settings->default_domain, *separators = settings->domain_separators;
        char first[2] = { domain ? domain[0] : '\0', '\0' };

        if (!domain || !*domain || strpbrk(user, separators && *separators ? separators : first))
                return text_dup(user);
        return text_printf("%s%s", user, domain);
}

bool talk_set_user(FrontTalk *talk, const char *user) {
        _cleanup_free_ char *full = with_default_domain(talk->settings, user);

        if (user[0] == '\0' || !login_user_is_valid(full))
                return false;
        strcpy(talk->question.ask.user, full);
        return true;
}

bool talk_set_password(FrontTalk *talk, const char *password) {
        if (strlen(password) > LOGIN_PASSWORD_MAX)
                return false;
        strcpy(talk->question.ask.password, password);
        return true;
}

TalkStep talk_ask(FrontTalk *talk) {
        talk->question.kind = LOGIN_ASK;
        talk->n_bad = 0;
        talk->state = STATE_ASKED;
        return TALK_ASK;
}

/* The exchange is over: its tag is needed once more, nothing else of it. */
static void forget_question(FrontTalk *talk, char ret_tag[LOGIN_TAG_MAX + 1]) {
        strcpy(ret_tag, talk->question.ask.tag);
        login_message_wipe(&talk->question);
        talk->sasl_has_user = false;
        talk->state = STATE_LINE;
}

static TalkStep give_up(FrontTalk *talk, const char *text, Buffer *output) {
        char tag[LOGIN_TAG_MAX + 1];

        forget_question(talk, tag);
        return talk_bad(talk, tag, text, output);
}

static TalkStep refuse_authzid(FrontTalk *talk, Buffer *output) {
        char tag[LOGIN_TAG_MAX + 1];

        forget_question(talk, tag);
        talk_reply(tag, "NO [AUTHORIZATIONFAILED] Nobody logs in as somebody else here", output);
        return TALK_READ;
}

static TalkStep challenge(FrontTalk *talk, const char *text, Buffer *output) {
        buffer_append_text(output, "+ ");
        base64_append(output, text, strlen(text));
        buffer_append_text(output, "\r\n");
        talk->state = STATE_SASL;
        return TALK_READ;
}

/* authzid NUL authcid NUL password. Acting as somebody else is not offered (RFC 4616, 2). */
static TalkStep take_plain(FrontTalk *talk, const Buffer *answer, Buffer *output) {
        const char *authzid = answer->data, *authcid, *password, *end = answer->data + answer->size;
        _cleanup_free_ char *wanted = NULL;

        authcid = memchr(authzid, '\0', (size_t) (end - authzid));
        password = authcid ? memchr(authcid + 1, '\0', (size_t) (end - authcid - 1)) : NULL;
        /* The buffer ends with a NUL of its own: one before that would be a fourth field. */
        if (!password || strlen(password + 1) != (size_t) (end - password - 1))
                return give_up(talk, "PLAIN takes a user name and a password", output);
        if (!talk_set_user(talk, authcid + 1) || !talk_set_password(talk, password + 1))
                return give_up(talk, "No user name or password can look like this", output);
        wanted = with_default_domain(talk->settings, authzid);
        if (*authzid && !text_equal(wanted, talk->question.ask.user))
                return refuse_authzid(talk, output);
        return talk_ask(talk);
}

static TalkStep take_login(FrontTalk *talk, const Buffer *answer, Buffer *output) {
        bool taken = strlen(answer->data) == answer->size;

        if (taken && talk->sasl_has_user)
                taken = talk_set_password(talk, answer->data);
        else if (taken)
                taken = talk_set_user(talk, answer->data);
        if (!taken)
                return give_up(talk, "No user name or password can look like this", output);
        if (!talk->sasl_has_user) {
                talk->sasl_has_user = true;
                return challenge(talk, "Password:", output);
        }
        talk->sasl_has_user = false;
        return talk_ask(talk);
}

static TalkStep take_answer(FrontTalk *talk, const char *text, size_t size, Buffer *output) {
        _cleanup_secret_buffer_ Buffer answer = { 0 };

        (void) buffer_reserve(&answer, size); /* growing would leave copies behind */
        if (!base64_decode(text, size, &answer))
                return give_up(talk, "This is not base64", output);
        buffer_commit(&answer, 0);
        if (talk->question.ask.mechanism == LOGIN_BY_SASL_PLAIN)
                return take_plain(talk, &answer, output);
        return take_login(talk, &answer, output);
}

TalkStep talk_authenticate(FrontTalk *talk, const char *tag, ImapArgs *args, Buffer *output) {
        _cleanup_free_ char *name = NULL;
        _cleanup_wiped_ char *initial = NULL;
        int mechanism;

        if (!imap_args_take_atom(args, &name))
                return talk_bad(talk, tag, "AUTHENTICATE takes a mechanism", output);
        if (imap_args_peek(args) != IMAP_TOKEN_END && !imap_args_take_astring(args, &initial))
                return talk_bad(talk, tag, "The initial answer is not base64", output);
        if (!imap_args_at_end(args))
                return talk_bad(talk, tag, "AUTHENTICATE takes no further argument", output);
        mechanism = login_mechanism_from_name(name);
        if (mechanism < 0) {
                talk_reply(tag, "NO Unsupported authentication mechanism", output);
                return TALK_READ;
        }
        talk->question.ask.mechanism = (uint32_t) mechanism;
        strcpy(talk->question.ask.tag, tag);
        if (initial) /* "=" is how an empty one is written */
                return take_answer(talk, initial, text_equal(initial, "=") ? 0 : strlen(initial),
                                   output);
        return challenge(talk, mechanism == LOGIN_BY_SASL_LOGIN ? "Username:" : "", output);
}

TalkStep talk_sasl_answer(FrontTalk *talk, Buffer *output) {
        size_t size = talk->line.size - 1;

        if (size > 0 && talk->line.data[size - 1] == '\r')
                size--;
        if (size > 0 && talk->line.data[0] == '*')
                return give_up(talk, "AUTHENTICATE cancelled", output);
        return take_answer(talk, talk->line.data, size, output);
}
