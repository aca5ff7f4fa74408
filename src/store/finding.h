/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the administrator's tools find, do, or cannot do: one sentence each, and facts beside it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct StoreFinding {
        const char *kind;    /* a short word for programs: "uid-twice" */
        const char *mailbox; /* "INBOX/Work"; NULL: of the account as a whole */
        const char *path;    /* below the Maildir; NULL: none */
        uint32_t uid;        /* 0: none */
        const char *text;    /* one sentence */
        const char *remedy;  /* what helps; NULL: nothing needs to be done */
} StoreFinding;

/** StoreReporter - whoever shows findings; what they point to is borrowed for the call */
typedef struct StoreReporter {
        void (*on_finding)(void *userdata, const StoreFinding *finding);
        void *userdata;
} StoreReporter;

static inline void store_tell(const StoreReporter *reporter, const StoreFinding *finding) {
        reporter->on_finding(reporter->userdata, finding);
}
