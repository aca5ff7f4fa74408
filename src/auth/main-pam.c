/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imapd-auth-pam(8): accounts of the system, passwords checked by PAM. */
#include "auth/auth-service.h"
#include "auth/pam-check.h"

int main(int argc, char **argv) {
        const AuthModule module = { .program = "imapd-auth-pam", .answer = pam_check };

        return auth_service_main(argc, argv, &module);
}
