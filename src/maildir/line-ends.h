/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Message text on its way to disk: CRLF becomes LF, everything else stays, bare CR included.
 *
 * Reading turns a lone LF into CRLF and leaves a CRLF alone (mime/wire.h), so that a text comes
 * back octet for octet unless it had a lone LF. That is why "\r\r\n" is stored as it is: as
 * "\r\n" it would come back one octet shorter.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct LineEnds {
        bool holds_cr;     /* the last octet was CR, not given out yet */
        bool last_is_cr;   /* of what was given out */
        uint64_t n_wire;   /* octets that reading will give */
} LineEnds;

/** line_ends_store() - convert the next octets; target has room for size + 1; returns octets */
size_t line_ends_store(LineEnds *ends, const char *data, size_t size, char *target);

/** line_ends_finish() - the octets held back, at most 1 */
size_t line_ends_finish(LineEnds *ends, char *target);
