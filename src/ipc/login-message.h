/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the front and its monitor say to each other: fixed-size records on a SEQPACKET
 * socketpair. The front may be in the hands of an attacker, so the monitor believes a record
 * only after login_message_is_valid().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/names.h"

enum {
        LOGIN_TAG_MAX = 128,          /* octets without the NUL, like all of these */
        LOGIN_USER_MAX = 512,
        LOGIN_PASSWORD_MAX = 1024,
        LOGIN_PENDING_MAX = 4 * 1024, /* what the front reads at once; the rest is in the socket */
};

typedef enum LoginMessageKind {
        /* front to monitor */
        LOGIN_STARTTLS,   /* the OK is out: shake hands now */
        LOGIN_ASK,        /* are these credentials good? */
        LOGIN_HANDOVER,   /* after a good answer: the octets the client has sent already */
        LOGIN_ENDED,      /* the talk is over, and why */
        /* monitor to front */
        LOGIN_TLS_READY,  /* with the descriptor of the plaintext socket */
        LOGIN_ANSWER,
        _LOGIN_MESSAGE_MAX,
} LoginMessageKind;

typedef enum LoginMechanism {
        LOGIN_BY_LOGIN, /* the LOGIN command */
        LOGIN_BY_SASL_PLAIN,
        LOGIN_BY_SASL_LOGIN,
        _LOGIN_MECHANISM_MAX,
} LoginMechanism;

typedef enum LoginResult {
        LOGIN_OK,
        LOGIN_WRONG,       /* user or password, or an account that may not log in here */
        LOGIN_EXPIRED,     /* right, but the password has to be changed first */
        LOGIN_UNAVAILABLE, /* nobody can say at the moment */
        _LOGIN_RESULT_MAX,
} LoginResult;

typedef enum LoginEnd {
        LOGIN_END_LOGOUT,
        LOGIN_END_DISCONNECTED,
        LOGIN_END_TIMEOUT,
        LOGIN_END_NOT_READING,      /* the client takes no output */
        LOGIN_END_AFTER_STARTTLS,   /* octets behind STARTTLS in clear text */
        LOGIN_END_LINE_TOO_LONG,
        LOGIN_END_LITERAL_TOO_LONG,
        LOGIN_END_TOO_MANY_OCTETS,
        LOGIN_END_TOO_MANY_BAD,     /* consecutive bad commands */
        LOGIN_END_TOO_MANY_LOGINS,
        LOGIN_END_UNAVAILABLE,
        LOGIN_END_UNFENCED,         /* the front did not start without its filter */
        _LOGIN_END_MAX,
} LoginEnd;

typedef struct LoginMessage {
        uint32_t kind; /* LoginMessageKind */
        uint32_t reserved;
        union {
                struct {
                        uint32_t mechanism; /* LoginMechanism */
                        char tag[LOGIN_TAG_MAX + 1];
                        char user[LOGIN_USER_MAX + 1];
                        char password[LOGIN_PASSWORD_MAX + 1];
                } ask;
                struct {
                        uint32_t n_pending;
                        char pending[LOGIN_PENDING_MAX];
                } handover;
                struct {
                        uint32_t reason; /* LoginEnd */
                        uint32_t n_received, n_sent;
                } ended;
                struct {
                        uint32_t result; /* LoginResult */
                        uint32_t last;   /* 1: no further attempt on this connection */
                } answer;
        };
} LoginMessage;

/* Wiped at the scope end, because credentials pass through it. */
#define _cleanup_login_message_ _cleanup_(login_message_wipe)

void login_message_wipe(LoginMessage *message);

/** login_message_size() - the one size a record of this kind has; 0 for an unknown kind */
_const_ size_t login_message_size(uint32_t kind);

/**
 * login_message_is_valid() - may these octets be used as a LoginMessage?
 * @size:  as received
 *
 * Kind known, size exactly the kind's, enums in range, texts terminated, the tag one that IMAP
 * allows (RFC 9051, section 9, tag), the user not empty, UTF-8 and without control characters.
 */
_pure_ bool login_message_is_valid(const LoginMessage *message, size_t size);

/**
 * login_message_send(), login_message_receive() - one record, within the deadline
 * @passed_fd, @ret_fd:  as in channel_send() and channel_receive()
 *
 * What is not valid is CHANNEL_TOO_LONG, like everything else nobody should send.
 * Return: an outcome of ipc/channel.h or negative errno.
 */
[[nodiscard]] int login_message_send(int fd, const LoginMessage *message, int passed_fd,
                                     uint64_t deadline_usec);
[[nodiscard]] int login_message_receive(int fd, uint64_t deadline_usec, LoginMessage *ret_message,
                                        int *ret_fd);

/** login_tag_is_valid() - 1 to LOGIN_TAG_MAX characters of a tag */
_pure_ bool login_tag_is_valid(const char *tag);

/** login_user_is_valid() - what may be a user's name; also what the front accepts */
_pure_ bool login_user_is_valid(const char *user);

DECLARE_NAMES(login_mechanism, LoginMechanism);
