/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/socket.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "harness.h"
#include "ipc/channel.h"
#include "ipc/login-message.h"

static LoginMessage ask(const char *tag, const char *user, const char *password) {
        LoginMessage message = { .kind = LOGIN_ASK };

        message.ask.mechanism = LOGIN_BY_SASL_PLAIN;
        strcpy(message.ask.tag, tag);
        strcpy(message.ask.user, user);
        strcpy(message.ask.password, password);
        return message;
}

TEST("credentials are believed only with a good tag and a printable user") {
        static const struct {
                const char *tag, *user;
                bool valid;
        } table[] = {
                { "a1", "ann", true },
                { "A.b-c]", "john@example.com", true },
                { "a1", "J\xc3\xbcrgen", true },
                { "", "ann", false },
                { "a b", "ann", false },
                { "a+", "ann", false },
                { "a\r\n", "ann", false },
                { "a1", "", false },
                { "a1", "ann\nroot", false },
                { "a1", "ann\x7f", false },
                { "a1", "\xff", false },
        };

        for (size_t i = 0; i < ELEMENTSOF(table); i++) {
                LoginMessage message = ask(table[i].tag, table[i].user, "secret");

                CHECK_NUMBER(login_message_is_valid(&message, login_message_size(LOGIN_ASK)),
                             table[i].valid);
        }
}

TEST("texts without an end, unknown kinds and other sizes are refused") {
        LoginMessage message = ask("a1", "ann", "secret");

        CHECK(!login_message_is_valid(&message, login_message_size(LOGIN_ASK) - 1));
        CHECK(!login_message_is_valid(&message, login_message_size(LOGIN_ASK) + 1));
        CHECK(!login_message_is_valid(&message, 0));
        message.ask.mechanism = _LOGIN_MECHANISM_MAX;
        CHECK(!login_message_is_valid(&message, login_message_size(LOGIN_ASK)));
        message = ask("a1", "ann", "secret");
        memset(message.ask.password, 'x', sizeof(message.ask.password));
        CHECK(!login_message_is_valid(&message, login_message_size(LOGIN_ASK)));
        message = (LoginMessage){ .kind = _LOGIN_MESSAGE_MAX };
        CHECK(!login_message_is_valid(&message, sizeof(message)));
        message = (LoginMessage){ .kind = LOGIN_HANDOVER };
        CHECK(login_message_is_valid(&message, login_message_size(LOGIN_HANDOVER)));
        message.handover.n_pending = LOGIN_PENDING_MAX + 1;
        CHECK(!login_message_is_valid(&message, login_message_size(LOGIN_HANDOVER)));
}

TEST("every kind has its size, and travels") {
        int ends[2];

        CHECK(channel_pair(SOCK_SEQPACKET, ends) == 0);
        for (uint32_t kind = 0; kind < _LOGIN_MESSAGE_MAX; kind++) {
                LoginMessage message = { .kind = kind }, received;

                if (kind == LOGIN_ASK)
                        message = ask("a1", "ann", "secret");
                CHECK(login_message_size(kind) <= sizeof(message));
                CHECK_NUMBER(login_message_send(ends[0], &message, -EBADF, 0), CHANNEL_DONE);
                CHECK_NUMBER(login_message_receive(ends[1], 0, &received, NULL), CHANNEL_DONE);
                CHECK_NUMBER(received.kind, kind);
        }
        CHECK_NUMBER(login_message_size(LOGIN_STARTTLS), 8);
        CHECK_NUMBER(login_message_size(_LOGIN_MESSAGE_MAX), 0);
        fd_close(ends[0]);
        fd_close(ends[1]);
}

TEST("the mechanisms have SASL's names") {
        CHECK_NUMBER(login_mechanism_from_name("plain"), LOGIN_BY_SASL_PLAIN);
        CHECK_NUMBER(login_mechanism_from_name("LOGIN"), LOGIN_BY_SASL_LOGIN);
        CHECK_NUMBER(login_mechanism_from_name("GSSAPI"), -1);
}

TESTS_END
