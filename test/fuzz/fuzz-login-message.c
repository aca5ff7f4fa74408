/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records from a front that has been taken over: what is believed has terminated, bounded texts. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ipc/login-message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static LoginMessage message;

        if (size > sizeof(message))
                return 0;
        memset(&message, 0xaa, sizeof(message));
        memcpy(&message, data, size);
        if (!login_message_is_valid(&message, size))
                return 0;
        if (message.kind == LOGIN_ASK &&
            (strlen(message.ask.tag) > LOGIN_TAG_MAX || strlen(message.ask.user) > LOGIN_USER_MAX ||
             strlen(message.ask.password) > LOGIN_PASSWORD_MAX))
                abort();
        if (message.kind == LOGIN_HANDOVER && message.handover.n_pending > LOGIN_PENDING_MAX)
                abort();
        return 0;
}
