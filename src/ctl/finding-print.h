/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings of the store on standard output: lines to read, or one JSON object a line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "store/finding.h"

typedef struct FindingPrinter {
        bool as_json;
        size_t n_findings; /* shown so far */
} FindingPrinter;

/** finding_print() - a StoreReporter's on_finding; @userdata: a FindingPrinter */
void finding_print(void *userdata, const StoreFinding *finding);

/** mailbox_shown() - "INBOX/Work" as clients and Courier write it, "INBOX.Work"; owned */
char *mailbox_shown(const char *name);
