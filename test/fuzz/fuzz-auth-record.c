/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests and answers about accounts: what is read can be written and read again as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ipc/auth-record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void play_request(const char *text, size_t size) {
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        _cleanup_buffer_ Buffer line = { 0 };
        const char *problem = NULL;
        AuthRequest request;

        if (!auth_request_read(text, size, &record, &request, &problem)) {
                if (!problem)
                        abort();
                return;
        }
        if (request.method == AUTH_LOGIN && !request.password)
                abort();
        (void) auth_request_write(&request, &line); /* may be too long when written by us */
}

static void play_answer(const char *text, size_t size) {
        _cleanup_(auth_answer_freep) AuthAnswer *answer = NULL, *again = NULL;
        _cleanup_buffer_ Buffer line = { 0 };

        if (!auth_answer_read(text, size, &answer))
                return;
        if (answer->result == AUTH_OK && answer->account.home[0] != '/')
                abort();
        auth_answer_write(answer, &line);
        if (line.size <= JSON_RECORD_MAX && !auth_answer_read(line.data, line.size, &again) &&
            !memchr(text, '[', size))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        play_request((const char *) data, size);
        play_answer((const char *) data, size);
        return 0;
}
