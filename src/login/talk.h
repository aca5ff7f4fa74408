/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The talk with a client before login (RFC 9051, section 6.1 and 6.2; RFC 4959) as a machine
 * from input text to output text. It owns no socket, knows no clock and never calls back:
 * login/front.c moves the octets and asks the monitor.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"
#include "ipc/login-message.h"

typedef struct FrontTalk FrontTalk;

/* Limits before login. */
enum {
        TALK_LINE_MAX = 8 * 1024,     /* octets of one line, and of one SASL answer */
        TALK_LITERAL_MAX = 1024,      /* octets of one literal */
        TALK_RECEIVED_MAX = 64 * 1024, /* octets of a connection before login */
        TALK_BAD_MAX = 10,            /* consecutive commands nobody understands */
};

/* What the settings make of a connection; all texts are borrowed and outlive the talk. */
typedef struct TalkSettings {
        const char *capability;     /* in clear text */
        const char *capability_tls; /* after STARTTLS, or from the start */
        const char *id;             /* the list behind "* ID " */
        const char *default_domain; /* DEFDOMAIN or NULL */
        const char *domain_separators; /* DOMAINSEP or NULL */
        int client_fd;       /* for the back door of a test's build only */
        bool tls;            /* encrypted from the start */
        bool tls_offered;    /* STARTTLS is there */
        bool login_disabled; /* no passwords in clear text here */
} TalkSettings;

typedef enum TalkStep {
        TALK_READ,     /* needs more input */
        TALK_STARTTLS, /* send the output, shake hands, then front_talk_encrypted() */
        TALK_ASK,      /* ask about front_talk_question(), then front_talk_answered() */
        TALK_HANDOVER, /* logged in: send nothing more, hand the input on */
        TALK_END,      /* send the output and close; front_talk_end() says why */
} TalkStep;

/** front_talk_new() - at the start of a connection; released by front_talk_free() */
[[nodiscard]] FrontTalk *front_talk_new(const TalkSettings *settings);
FrontTalk *front_talk_free(FrontTalk *talk);
DEFINE_CLEANUP(FrontTalk *, front_talk_free);

/** front_talk_greet() - append the greeting to the output */
void front_talk_greet(FrontTalk *talk, Buffer *output);

/**
 * front_talk_step() - go on until something has to be done outside
 * @input:   what the client has sent; what is used is wiped and taken from its front
 * @output:  answers are appended
 *
 * Memory is bounded by TALK_RECEIVED_MAX.
 */
[[nodiscard]] TalkStep front_talk_step(FrontTalk *talk, Buffer *input, Buffer *output);

/** front_talk_encrypted() - TLS is up now */
void front_talk_encrypted(FrontTalk *talk);

/** front_talk_question() - the LOGIN_ASK record, borrowed, until front_talk_answered() */
const LoginMessage *front_talk_question(const FrontTalk *talk);

/** front_talk_answered() - what the monitor said. Return: TALK_READ, TALK_HANDOVER or TALK_END */
[[nodiscard]] TalkStep front_talk_answered(FrontTalk *talk, LoginResult result, bool last,
                                           Buffer *output);

/** front_talk_end(), front_talk_end_because() - the reason; the second makes one, with its BYE */
LoginEnd front_talk_end(const FrontTalk *talk);
void front_talk_end_because(FrontTalk *talk, LoginEnd reason, Buffer *output);
