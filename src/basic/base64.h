/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base64 of small things on one line (RFC 4648, section 4), as SASL uses it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"

void base64_append(Buffer *target, const void *data, size_t size);

/** base64_decode() - strict: full alphabet check, padding required, nothing behind it */
[[nodiscard]] bool base64_decode(const char *text, size_t size, Buffer *target);
