/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records between front and monitor: their sizes and what makes them believable. */
#include "ipc/login-message.h"

#include <errno.h>

#include "basic/fd.h"
#include "basic/text.h"
#include "ipc/channel.h"

static const char *const mechanism_names[_LOGIN_MECHANISM_MAX] = {
        [LOGIN_BY_LOGIN]      = "LOGIN command", /* no mechanism of SASL: cannot be asked for */
        [LOGIN_BY_SASL_PLAIN] = "PLAIN",
        [LOGIN_BY_SASL_LOGIN] = "LOGIN",
};
DEFINE_NAMES(login_mechanism, LoginMechanism, mechanism_names);

void login_message_wipe(LoginMessage *message) {
        memory_wipe(message, sizeof(*message));
}

size_t login_message_size(uint32_t kind) {
        static const size_t sizes[_LOGIN_MESSAGE_MAX] = {
                [LOGIN_STARTTLS]  = 0,
                [LOGIN_ASK]       = sizeof((LoginMessage){ 0 }.ask),
                [LOGIN_HANDOVER]  = sizeof((LoginMessage){ 0 }.handover),
                [LOGIN_ENDED]     = sizeof((LoginMessage){ 0 }.ended),
                [LOGIN_TLS_READY] = 0,
                [LOGIN_ANSWER]    = sizeof((LoginMessage){ 0 }.answer),
        };

        return kind < _LOGIN_MESSAGE_MAX ? offsetof(LoginMessage, ask) + sizes[kind] : 0;
}

static bool is_terminated(const char *text, size_t room) {
        return memchr(text, '\0', room) != NULL;
}

/* RFC 9051, section 9: tag = 1*<any ASTRING-CHAR except "+">. */
static bool is_tag_char(char c) {
        return c > 0x20 && c < 0x7f && !strchr("(){%*\"\\+", c);
}

bool login_tag_is_valid(const char *tag) {
        size_t size = strlen(tag);

        if (size == 0 || size > LOGIN_TAG_MAX)
                return false;
        for (size_t i = 0; i < size; i++)
                if (!is_tag_char(tag[i]))
                        return false;
        return true;
}

bool login_user_is_valid(const char *user) {
        size_t size = strlen(user);

        if (size == 0 || size > LOGIN_USER_MAX || !text_is_utf8(user, size))
                return false;
        for (size_t i = 0; i < size; i++)
                if (char_is_control(user[i]))
                        return false;
        return true;
}

static bool ask_is_valid(const LoginMessage *message) {
        return message->ask.mechanism < _LOGIN_MECHANISM_MAX &&
               is_terminated(message->ask.tag, sizeof(message->ask.tag)) &&
               is_terminated(message->ask.user, sizeof(message->ask.user)) &&
               is_terminated(message->ask.password, sizeof(message->ask.password)) &&
               login_tag_is_valid(message->ask.tag) && login_user_is_valid(message->ask.user);
}

bool login_message_is_valid(const LoginMessage *message, size_t size) {
        if (size < offsetof(LoginMessage, ask) || size != login_message_size(message->kind))
                return false;
        switch ((LoginMessageKind) message->kind) {
        case LOGIN_STARTTLS:
        case LOGIN_TLS_READY:
                return true;
        case LOGIN_ASK:
                return ask_is_valid(message);
        case LOGIN_HANDOVER:
                return message->handover.n_pending <= LOGIN_PENDING_MAX;
        case LOGIN_ENDED:
                return message->ended.reason < _LOGIN_END_MAX;
        case LOGIN_ANSWER:
                return message->answer.result < _LOGIN_RESULT_MAX && message->answer.last <= 1;
        case _LOGIN_MESSAGE_MAX:
                break;
        }
        return false;
}

int login_message_send(int fd, const LoginMessage *message, int passed_fd,
                       uint64_t deadline_usec) {
        return channel_send(fd, message, login_message_size(message->kind), passed_fd,
                            deadline_usec);
}

int login_message_receive(int fd, uint64_t deadline_usec, LoginMessage *ret_message,
                          int *ret_fd) {
        _cleanup_close_ int received_fd = -EBADF;
        size_t size;
        int r;

        r = channel_receive(fd, ret_message, sizeof(*ret_message), deadline_usec, &size,
                            ret_fd ? &received_fd : NULL);
        if (r != CHANNEL_DONE)
                return r;
        if (!login_message_is_valid(ret_message, size))
                return CHANNEL_TOO_LONG;
        if (ret_fd)
                *ret_fd = TAKE_FD(received_fd);
        return CHANNEL_DONE;
}
