/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the login program takes from its settings (imapd(5)), read once a connection. */
#pragma once

#include <sys/types.h>

#include "login/client-address.h"
#include "login/talk.h"

typedef struct LoginSettings {
        uint64_t timeout_usec;   /* IMAP_LOGIN_TIMEOUT */
        uint64_t delay_usec;     /* IMAP_LOGIN_DELAY, times the number of the failed attempt */
        uid_t uid_min;           /* AUTH_UID_MIN */
        char *modules;           /* AUTHMODULES; all texts are owned */
        char *service;           /* AUTHSERVICE<port> */
        char *skeleton;          /* AUTH_MKHOMEDIR_SKEL, NULL if unset */
        char *empty_root;
        uid_t front_uid;         /* of COURIER_LOGIN_USER */
        gid_t front_gid;
        bool tls;                /* IMAP_TLS: the handshake comes first */
        char *capability, *capability_tls, *id, *default_domain, *domain_separators;
        bool tls_offered, login_disabled;
} LoginSettings;

/** login_settings_read() - owned by the caller, released by login_settings_done() */
[[nodiscard]] LoginSettings login_settings_read(const ClientAddress *address);
void login_settings_done(LoginSettings *settings);

/** login_settings_for_talk() - the talk's part, borrowing the texts */
[[nodiscard]] TalkSettings login_settings_for_talk(const LoginSettings *settings);
