/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole talks as text. After what the client sends, the test answers what the talk asks for
 * outside: '!tls', '!ok', '!wrong', '!wrong-last', '!unavailable'; the expected text shows
 * these questions as '?…' lines between the answers.
 */
#include "basic/back-door.h"
#include "basic/text.h"
#include "harness.h"
#include "login/talk.h"

static const TalkSettings clear_text = {
        .capability = "IMAP4rev1 SASL-IR STARTTLS LOGINDISABLED",
        .capability_tls = "IMAP4rev1 SASL-IR AUTH=PLAIN",
        .id = "(\"name\" \"Courier-IMAP\")",
        .tls_offered = true,
        .login_disabled = true,
};

static const TalkSettings open_talk = {
        .capability = "IMAP4rev1 SASL-IR AUTH=PLAIN",
        .capability_tls = "IMAP4rev1 SASL-IR AUTH=PLAIN",
        .id = "(\"name\" \"Courier-IMAP\")",
        .default_domain = "@example.com",
};

static void write_question(const FrontTalk *talk, Buffer *output) {
        const LoginMessage *question = front_talk_question(talk);

        CHECK(login_message_is_valid(question, login_message_size(LOGIN_ASK)));
        buffer_printf(output, "?%u %s %s %s\r\n", question->ask.mechanism, question->ask.tag,
                      question->ask.user, question->ask.password);
}

static TalkStep outside(FrontTalk *talk, const char *answer, Buffer *output) {
        if (!answer || text_equal(answer, "ok"))
                return front_talk_answered(talk, LOGIN_OK, false, output);
        if (text_starts_with(answer, "wrong"))
                return front_talk_answered(talk, LOGIN_WRONG, text_ends_with(answer, "last"), output);
        return front_talk_answered(talk, LOGIN_UNAVAILABLE, false, output);
}

/* Plays a talk, feeding the input in pieces of this size. Return: the output, and how it ended. */
static char *play(const TalkSettings *settings, const char *text, size_t size, size_t piece,
                  const char *answer) {
        _cleanup_(front_talk_freep) FrontTalk *talk = front_talk_new(settings);
        _cleanup_buffer_ Buffer input = { 0 }, output = { 0 };
        size_t at = 0;

        front_talk_greet(talk, &output);
        buffer_clear(&output);
        for (;;) {
                TalkStep step = front_talk_step(talk, &input, &output);

                if (step == TALK_ASK) {
                        write_question(talk, &output);
                        step = outside(talk, answer, &output);
                        if (step == TALK_READ)
                                continue;
                }
                switch (step) {
                case TALK_STARTTLS:
                        buffer_append_text(&output, "?tls\r\n");
                        front_talk_encrypted(talk);
                        continue;
                case TALK_HANDOVER:
                        buffer_printf(&output, "=%zu\r\n", input.size + size - at);
                        return buffer_take_text(&output);
                case TALK_END:
                        buffer_printf(&output, "#%d\r\n", (int) front_talk_end(talk));
                        return buffer_take_text(&output);
                default:
                        break;
                }
                if (at == size)
                        return buffer_take_text(&output);
                CHECK_NUMBER(input.size, 0); /* it wants more only when it has used all */
                buffer_append(&input, text + at, MIN(piece, size - at));
                at += MIN(piece, size - at);
        }
}

/* Line ends are LF in the table; a talk sees and writes CRLF. */
static char *with_crlf(const char *text) {
        _cleanup_buffer_ Buffer result = { 0 };

        for (; *text; text++) {
                if (*text == '\n')
                        buffer_append_char(&result, '\r');
                buffer_append_char(&result, *text);
        }
        return buffer_take_text(&result);
}

typedef struct Dialogue {
        const TalkSettings *settings;
        const char *client, *server, *answer;
} Dialogue;

static void check_dialogues(const Dialogue *table, size_t n) {
        for (size_t i = 0; i < n; i++) {
                _cleanup_free_ char *client = with_crlf(table[i].client);
                _cleanup_free_ char *server = with_crlf(table[i].server);
                bool has_tls = strstr(table[i].server, "?tls") != NULL;

                /* At once, unless octets behind STARTTLS would be the point; then in pieces. */
                for (size_t piece = has_tls ? 1 : strlen(client) + 1; piece > 0; piece /= 3) {
                        _cleanup_free_ char *got = NULL;

                        got = play(table[i].settings, client, strlen(client), piece,
                                   table[i].answer);
                        CHECK_TEXT(got, server);
                }
        }
}
#define CHECK_DIALOGUES(table) check_dialogues((table), ELEMENTSOF(table))

TEST("commands without a login") {
        static const Dialogue table[] = {
                { &open_talk, "a NOOP\n", "a OK NOOP completed\n", NULL },
                { &open_talk, "a capability\n",
                  "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\na OK CAPABILITY completed\n", NULL },
                { &open_talk, "a ID NIL\nb ID (\"name\" \"x\" \"version\" NIL)\n",
                  "* ID (\"name\" \"Courier-IMAP\")\na OK ID completed\n"
                  "* ID (\"name\" \"Courier-IMAP\")\nb OK ID completed\n", NULL },
                { &open_talk, "a LOGOUT\nb NOOP\n",
                  "* BYE Courier-IMAP server shutting down\na OK LOGOUT completed\n#0\n", NULL },
                { &open_talk, "a SELECT INBOX\n",
                  "a BAD Unknown command, or not before login\n", NULL },
        };

        CHECK_DIALOGUES(table);
}

TEST("the back door is a wall, except in builds for tests") {
        static const Dialogue table[] = {
                { &open_talk, "a XSYSCALL open /etc/shadow\n",
                  "a BAD Unknown command, or not before login\n", NULL },
        };
        _cleanup_buffer_ Buffer output = { 0 };

        if (!back_door_answer("XSYSCALL", "", -1, &output))
                CHECK_DIALOGUES(table);
}

TEST("LOGIN in all its spellings") {
        static const Dialogue table[] = {
                { &open_talk, "a LOGIN ann@example.org secret\n",
                  "?0 a ann@example.org secret\na NO [AUTHENTICATIONFAILED] Login failed.\n",
                  "wrong" },
                { &open_talk, "a login \"ann\" \"s e\\\"c\"\n",
                  "?0 a ann@example.com s e\"c\na NO [AUTHENTICATIONFAILED] Login failed.\n",
                  "wrong" },
                { &open_talk, "a LOGIN {3}\nann {6}\nsecret\n",
                  "+ OK\n+ OK\n?0 a ann@example.com secret\n"
                  "a NO [AUTHENTICATIONFAILED] Login failed.\n", "wrong" },
                { &open_talk, "a LOGIN {3+}\nann {6+}\nsecret\nb NOOP\n",
                  "?0 a ann@example.com secret\na NO [AUTHENTICATIONFAILED] Login failed.\n"
                  "b OK NOOP completed\n", "wrong" },
                { &open_talk, "a LOGIN ann\n", "a BAD LOGIN takes a user name and a password\n",
                  NULL },
                { &open_talk, "a LOGIN ann secret\nb NOOP\n",
                  "?0 a ann@example.com secret\na NO [AUTHENTICATIONFAILED] Login failed.\n"
                  "* BYE Too many failed logins\n#9\n", "wrong-last" },
                { &open_talk, "a LOGIN ann secret\nb NOOP\n",
                  "?0 a ann@example.com secret\n"
                  "a NO [UNAVAILABLE] Temporary problem, try again later.\n"
                  "b OK NOOP completed\n", "unavailable" },
        };

        CHECK_DIALOGUES(table);
}

TEST("AUTHENTICATE with and without an initial answer") {
        static const Dialogue table[] = {
                { &open_talk, "a AUTHENTICATE PLAIN\nAGFubgBzZWNyZXQ=\n",
                  "+ \n?1 a ann@example.com secret\na NO [AUTHENTICATIONFAILED] Login failed.\n",
                  "wrong" },
                { &open_talk, "a authenticate plain AGFubgBzZWNyZXQ=\n",
                  "?1 a ann@example.com secret\na NO [AUTHENTICATIONFAILED] Login failed.\n",
                  "wrong" },
                /* authzid ann, authcid ann; then authzid root */
                { &open_talk, "a AUTHENTICATE PLAIN YW5uAGFubgBzZWNyZXQ=\n",
                  "?1 a ann@example.com secret\na NO [AUTHENTICATIONFAILED] Login failed.\n",
                  "wrong" },
                { &open_talk, "a AUTHENTICATE PLAIN cm9vdABhbm4Ac2VjcmV0\n",
                  "a NO [AUTHORIZATIONFAILED] Nobody logs in as somebody else here\n", NULL },
                { &open_talk, "a AUTHENTICATE LOGIN\nYW5u\nc2VjcmV0\n",
                  "+ VXNlcm5hbWU6\n+ UGFzc3dvcmQ6\n?2 a ann@example.com secret\n"
                  "a NO [AUTHENTICATIONFAILED] Login failed.\n", "wrong" },
                { &open_talk, "a AUTHENTICATE LOGIN YW5u\nc2VjcmV0\nb NOOP\n",
                  "+ UGFzc3dvcmQ6\n?2 a ann@example.com secret\n"
                  "a NO [AUTHENTICATIONFAILED] Login failed.\nb OK NOOP completed\n", "wrong" },
                { &open_talk, "a AUTHENTICATE LOGIN\n*\nb NOOP\n",
                  "+ VXNlcm5hbWU6\na BAD AUTHENTICATE cancelled\nb OK NOOP completed\n", NULL },
                { &open_talk, "a AUTHENTICATE PLAIN\n!!!!\nb NOOP\n",
                  "+ \na BAD This is not base64\nb OK NOOP completed\n", NULL },
                { &open_talk, "a AUTHENTICATE PLAIN =\n",
                  "a BAD PLAIN takes a user name and a password\n", NULL },
                { &open_talk, "a AUTHENTICATE LOGIN =\n",
                  "a BAD No user name or password can look like this\n", NULL },
                { &open_talk, "a AUTHENTICATE GSSAPI\n",
                  "a NO Unsupported authentication mechanism\n", NULL },
                { &open_talk, "a AUTHENTICATE\n", "a BAD AUTHENTICATE takes a mechanism\n", NULL },
                /* Four fields; a user with a line feed. */
                { &open_talk, "a AUTHENTICATE PLAIN AGFubgBzAHQ=\n",
                  "a BAD PLAIN takes a user name and a password\n", NULL },
                { &open_talk, "a AUTHENTICATE PLAIN AGEKYgBz\n",
                  "a BAD No user name or password can look like this\n", NULL },
        };

        CHECK_DIALOGUES(table);
}

TEST("no password is taken in clear text where it would cross a wire") {
        static const Dialogue table[] = {
                { &clear_text, "a LOGIN ann secret\nb AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=\n",
                  "a NO [PRIVACYREQUIRED] STARTTLS required\n"
                  "b NO [PRIVACYREQUIRED] STARTTLS required\n", NULL },
                /* It is refused before the client sends what the literal would hold. */
                { &clear_text, "a LOGIN ann {6}\nb NOOP\n",
                  "a NO [PRIVACYREQUIRED] STARTTLS required\nb OK NOOP completed\n", NULL },
        };

        CHECK_DIALOGUES(table);
}

TEST("STARTTLS changes what is offered, and is offered once") {
        static const Dialogue table[] = {
                { &clear_text, "a CAPABILITY\nb STARTTLS\nc CAPABILITY\nd STARTTLS\ne LOGIN ann x\n",
                  "* CAPABILITY IMAP4rev1 SASL-IR STARTTLS LOGINDISABLED\n"
                  "a OK CAPABILITY completed\nb OK Begin SSL/TLS negotiation now.\n?tls\n"
                  "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nc OK CAPABILITY completed\n"
                  "d BAD The connection is encrypted already\n"
                  "?0 e ann x\ne NO [AUTHENTICATIONFAILED] Login failed.\n", "wrong" },
                { &open_talk, "a STARTTLS\n", "a BAD STARTTLS is not available\n", NULL },
        };

        CHECK_DIALOGUES(table);
}

TEST("octets behind STARTTLS end the connection without a word") {
        static const char text[] = "a STARTTLS\r\nb LOGIN ann secret\r\n";
        _cleanup_free_ char *got = play(&clear_text, text, strlen(text), sizeof(text), NULL);

        CHECK_TEXT(got, "#4\r\n");
}

TEST("what is pipelined behind a login is handed over, not read") {
        static const char text[] = "a LOGIN ann secret\r\nb SELECT INBOX\r\n";
        _cleanup_free_ char *got = play(&open_talk, text, strlen(text), sizeof(text), "ok");

        CHECK_TEXT(got, "?0 a ann@example.com secret\r\n=16\r\n");
}

TEST("bad commands are answered, ten in a row end the connection") {
        static const Dialogue table[] = {
                { &open_talk, "1 X\n2 X\n3 X\n4 X\n5 X\n6 X\n7 X\n8 X\n9 X\n9 NOOP\n1 X\n",
                  "1 BAD Unknown command, or not before login\n"
                  "2 BAD Unknown command, or not before login\n"
                  "3 BAD Unknown command, or not before login\n"
                  "4 BAD Unknown command, or not before login\n"
                  "5 BAD Unknown command, or not before login\n"
                  "6 BAD Unknown command, or not before login\n"
                  "7 BAD Unknown command, or not before login\n"
                  "8 BAD Unknown command, or not before login\n"
                  "9 BAD Unknown command, or not before login\n9 OK NOOP completed\n"
                  "1 BAD Unknown command, or not before login\n", NULL },
        };
        _cleanup_buffer_ Buffer many = { 0 };
        _cleanup_free_ char *got = NULL;

        CHECK_DIALOGUES(table);
        for (int i = 0; i < 20; i++)
                buffer_append_text(&many, "a X\r\n");
        got = play(&open_talk, many.data, many.size, many.size, NULL);
        CHECK(text_ends_with(got, "* BYE More than 9 consecutive bad commands\r\n#8\r\n"));
}

static char *play_filled(const char *start, char filling, size_t n) {
        _cleanup_buffer_ Buffer text = { 0 };

        buffer_append_text(&text, start);
        for (size_t i = 0; i < n; i++)
                buffer_append_char(&text, filling);
        return play(&open_talk, text.data, text.size, 1000, NULL);
}

TEST("each limit ends the connection with its name") {
        _cleanup_free_ char *line = play_filled("a NOOP ", 'x', TALK_LINE_MAX);
        _cleanup_free_ char *literal = play_filled("a LOGIN {1025+}\r\n", 'x', 1025);
        _cleanup_free_ char *waiting = play_filled("a LOGIN {1025}\r\n", 'x', 0);
        _cleanup_free_ char *huge = play_filled("a APPEND INBOX {99999999999+}\r\n", 'x', 10);
        _cleanup_buffer_ Buffer many = { 0 };
        _cleanup_free_ char *total = NULL;

        CHECK_TEXT(line, "* BYE Line is longer than 8192 octets\r\n#5\r\n");
        CHECK_TEXT(literal, "* BYE Literal is larger than 1024 octets before login\r\n#6\r\n");
        CHECK(text_starts_with(waiting, "a BAD "));
        CHECK_TEXT(huge, "* BYE Literal is larger than 1024 octets before login\r\n#6\r\n");
        for (int i = 0; i < 7000; i++)
                buffer_append_text(&many, "a NOOP\r\n\r\n");
        total = play(&open_talk, many.data, many.size, 1000, NULL);
        CHECK(text_ends_with(total, "#7\r\n") || text_ends_with(total, "#8\r\n"));
}

TESTS_END
