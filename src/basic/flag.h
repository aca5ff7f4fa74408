/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system flags of a message (RFC 9051, section 2.3.2) as bits. */
#pragma once

#include <stdint.h>

typedef uint32_t MessageFlags;

#define FLAG_ANSWERED (UINT32_C(1) << 0)
#define FLAG_DELETED  (UINT32_C(1) << 1)
#define FLAG_DRAFT    (UINT32_C(1) << 2)
#define FLAG_FLAGGED  (UINT32_C(1) << 3)
#define FLAG_SEEN     (UINT32_C(1) << 4)

/* Kept for a session only; never stored (RFC 3501, section 2.3.2). */
#define FLAG_RECENT (UINT32_C(1) << 5)

#define FLAGS_STORED (FLAG_ANSWERED | FLAG_DELETED | FLAG_DRAFT | FLAG_FLAGGED | FLAG_SEEN)
