/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EMAILID as clients see it (RFC 8474, section 5.1): "E" and sixteen hexadecimal digits. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "basic/buffer.h"

void email_id_append(uint64_t email_id, Buffer *target);

/** email_id_parse() - false: it is nobody's */
[[nodiscard]] bool email_id_parse(const char *text, uint64_t *ret_email_id);
