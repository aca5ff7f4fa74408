/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A client's octets as commands: gathered line by line with their literals, then split. */
#include <assert.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "imap-proto/imap-command-line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Input {
        const char *at, *end;
} Input;

static bool take(Input *input, uint64_t size, Buffer *command) {
        if ((uint64_t) (input->end - input->at) < size)
                return false;
        buffer_append(command, input->at, size);
        input->at += size;
        return true;
}

static bool take_line(Input *input, Buffer *command) {
        const char *end = memchr(input->at, '\n', (size_t) (input->end - input->at));

        return end && take(input, (uint64_t) (end - input->at) + 1, command);
}

static bool take_command(Input *input, Buffer *command) {
        size_t line_offset = 0, n_literals = 0;

        while (take_line(input, command)) {
                const char *error = NULL;
                ImapLiteral literal;

                switch (imap_command_line_gather(command->data, command->size, line_offset, n_literals, NULL,
                                                 &literal, &error)) {
                case IMAP_GATHER_COMPLETE:
                case IMAP_GATHER_MESSAGE:
                        return true;
                case IMAP_GATHER_TOO_LARGE:
                        assert(error);
                        return false;
                case IMAP_GATHER_LITERAL:
                        assert(literal.size <= IMAP_ARGUMENT_LITERAL_MAX);
                        if (!take(input, literal.size, command))
                                return false;
                        line_offset = command->size;
                        n_literals++;
                }
        }
        return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        Input input = { (const char *) data, (const char *) data + size };
        _cleanup_buffer_ Buffer command = { 0 };

        if (size == 0)
                return 0;
        while (take_command(&input, &command)) {
                ImapCommandLine line;
                bool good = imap_command_line_split(command.data, command.size, &line);

                assert(good ? line.tag[0] && line.verb[0] && line.args_offset <= command.size : line.error != NULL);
                buffer_clear(&command);
        }
        return 0;
}
