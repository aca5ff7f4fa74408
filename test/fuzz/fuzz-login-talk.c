/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The talk before login. The first octet chooses how large the pieces are in which the rest
 * arrives and what the monitor says; every question the talk asks must be a valid record.
 */
#include <stdint.h>
#include <stdlib.h>

#include "login/talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static TalkStep ask(FrontTalk *talk, uint8_t choice, Buffer *output) {
        LoginResult result = choice & 0x40 ? LOGIN_WRONG : LOGIN_UNAVAILABLE;

        if (!login_message_is_valid(front_talk_question(talk), login_message_size(LOGIN_ASK)))
                abort();
        return front_talk_answered(talk, result, choice & 0x80, output);
}

static void play(FrontTalk *talk, uint8_t choice, const uint8_t *data, size_t size) {
        _cleanup_buffer_ Buffer input = { 0 }, output = { 0 };
        size_t piece = 1 + (choice & 0x1f) * 37, at = 0;

        front_talk_greet(talk, &output);
        for (;;) {
                TalkStep step = front_talk_step(talk, &input, &output);

                if (step == TALK_ASK && ask(talk, choice, &output) == TALK_READ)
                        continue;
                if (step == TALK_STARTTLS)
                        front_talk_encrypted(talk);
                else if (step != TALK_READ || (input.size == 0 && at == size))
                        return;
                if (input.size > 0)
                        abort(); /* it wants more although it has not used what it has */
                buffer_append(&input, data + at, MIN(piece, size - at));
                at += MIN(piece, size - at);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static const TalkSettings settings = {
                .capability = "IMAP4rev1 STARTTLS",
                .capability_tls = "IMAP4rev1 AUTH=PLAIN",
                .id = "NIL",
                .default_domain = "@example.com",
                .tls_offered = true,
                .client_fd = -1,
        };
        _cleanup_(front_talk_freep) FrontTalk *talk = NULL;

        if (size == 0)
                return 0;
        talk = front_talk_new(&settings);
        play(talk, data[0], data + 1, size - 1);
        return 0;
}
