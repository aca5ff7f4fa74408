/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoded words in header fields (RFC 2047, RFC 2231 section 5). */
#pragma once

#include <stddef.h>

#include "basic/buffer.h"

typedef struct CharsetPool CharsetPool;

/**
 * encoded_word_decode() - append the text as UTF-8
 * @text:  an unfolded field value
 *
 * White space between encoded words goes away, and neighbours in the same charset are converted
 * together, so that a character split between them survives. Lenient: words inside quoted
 * strings and next to other text are decoded as well. Raw 8-bit text that is not UTF-8 reads as
 * Windows-1252. What cannot be decoded stays as it is. Linear.
 */
void encoded_word_decode(const char *text, size_t size, Buffer *target);

/** encoded_word_decode_with() - the same with the decoders of a pool, for very many texts */
void encoded_word_decode_with(CharsetPool *pool, const char *text, size_t size, Buffer *target);
