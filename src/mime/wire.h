/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Octets of a file as they go over the wire: each LF without a CR before it becomes CRLF, and
 * NUL, which no literal may have (RFC 9051, section 9, CHAR8), becomes 0x80.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

/* Zero at the start of a run of octets. */
typedef struct WireConverter {
        bool after_cr;   /* the last octet that was given is CR */
        bool keeps_nuls; /* for a literal8, which may have them */
} WireConverter;

/** wire_convert() - append the next octets as on the wire; nothing is held back */
void wire_convert(WireConverter *converter, const char *data, size_t size, Buffer *out);

/** wire_count() - how many octets wire_convert() would give; adds LFs to *n_lines if not NULL */
uint64_t wire_count(WireConverter *converter, const char *data, size_t size, uint64_t *n_lines);

/**
 * wire_take() - at most so many octets of the wire
 * @left:  how many; what was given is taken off
 * @out:   NULL: pass over them
 *
 * For BODY[…]<first.size>. Stops exactly where *left is 0, if need be between CR and LF of a
 * line end that is LF in the file. Return: octets of data that are done with; all if *left is
 * not 0.
 */
size_t wire_take(WireConverter *converter, const char *data, size_t size, uint64_t *left,
                 Buffer *out);
