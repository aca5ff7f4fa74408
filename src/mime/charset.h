/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text in any charset → UTF-8, streaming. What is not a character becomes U+FFFD, and so does
 * each 8-bit octet in an unknown charset. The result is always well-formed UTF-8.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"

typedef struct CharsetDecoder CharsetDecoder;

/** charset_is_known() - can be converted; names as MIME has them, ASCII case ignored */
bool charset_is_known(const char *name);

/** charset_decoder_new() - @name: NULL or unknown is read as US-ASCII */
CharsetDecoder *charset_decoder_new(const char *name);
CharsetDecoder *charset_decoder_free(CharsetDecoder *decoder);
DEFINE_CLEANUP(CharsetDecoder *, charset_decoder_free);

/** charset_decode() - append the characters that are complete; the rest waits for more */
void charset_decode(CharsetDecoder *decoder, const char *data, size_t size, Buffer *target);

/** charset_decode_finish() - the text is over: what waits is broken. Ready for another text then */
void charset_decode_finish(CharsetDecoder *decoder, Buffer *target);

/** charset_decoder_reset() - forget what waits. Ready for another text */
void charset_decoder_reset(CharsetDecoder *decoder);

/** charset_to_utf8() - the same at once */
void charset_to_utf8(const char *name, const char *data, size_t size, Buffer *target);

/** charset_is_ascii_compatible() - surely: an octet below 0x80 that starts a character is ASCII */
_pure_ bool charset_is_ascii_compatible(const char *name);
