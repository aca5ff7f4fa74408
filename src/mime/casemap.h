/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text in the form that i;unicode-casemap compares (RFC 5051, section 2): titlecase, and then the
 * whole decomposition, as UTF-8. Two texts are equal, or in order, as their octets are then.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

/* One character may become up to 18 (U+FDFA), of up to four octets each. */
enum { CASEMAP_CHARACTERS_MAX = 32, CASEMAP_OCTETS_MAX = CASEMAP_CHARACTERS_MAX * 4 };

/** casemap_character() - the form of one character; returns its octets */
size_t casemap_character(uint32_t character, unsigned char octets[CASEMAP_OCTETS_MAX]);

/** casemap_append() - append the form of a text; octets that are not UTF-8 stay as they are */
void casemap_append(const char *text, size_t size, Buffer *target);
