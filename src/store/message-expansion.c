/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expands step by step into memory, then into a file. */
#include "store/message-expansion.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "mime/wire.h"
#include "store/outcome.h"
#include "store/store-private.h"

enum { STEP_OCTETS = 64 * 1024 };

/* One file that is being expanded. */
typedef struct Expansion {
        int fd, tmp_fd;     /* borrowed */
        const char *name;   /* borrowed */
        uint64_t octets_max;
        Expander *expander; /* owned */
        char *input;        /* owned; STEP_OCTETS of the file */
        size_t input_at, input_size;
        WireConverter counter;
        ExpandedMessage expanded;
        bool at_file_end, ended;
} Expansion;

static void expansion_done(Expansion *expansion) {
        (void) expander_free(expansion->expander); /* returns NULL */
        free(expansion->input);
        expanded_message_done(&expansion->expanded);
}

void expanded_message_done(ExpandedMessage *expanded) {
        spool_done(&expanded->spool);
}

/* Return: DISK_… */
static int keep(Expansion *expansion, size_t given) {
        ExpandedMessage *expanded = &expansion->expanded;
        const Buffer *held = &expanded->spool.held;

        expanded->wire_size += wire_count(&expansion->counter, held->data + held->size, given,
                                          NULL);
        return spool_settle(&expanded->spool, expansion->tmp_fd, given);
}

static int read_input(Expansion *expansion) {
        int r;

        if (expansion->input_at < expansion->input_size || expansion->at_file_end)
                return STORE_DONE;
        expansion->input_at = 0;
        r = fd_read_all(expansion->fd, expansion->input, STEP_OCTETS, &expansion->input_size);
        if (r < 0)
                return failed(r, "read compressed message '%s'", expansion->name);
        expansion->at_file_end = expansion->input_size < STEP_OCTETS;
        return STORE_DONE;
}

static int refuse(const Expansion *expansion, const char *why) {
        log_report(LOG_ERR, "Compressed message '%s' %s, %" PRIu64 " octets were read.",
                   expansion->name, why, expansion->expanded.spool.size);
        return STORE_DAMAGED;
}

/* What stands still has come to its end. */
static int judge(Expansion *expansion, ExpanderOutcome outcome, bool moved) {
        if (outcome == EXPANDER_BROKEN)
                return refuse(expansion, "is damaged");
        if (expansion->expanded.spool.size > expansion->octets_max)
                return refuse(expansion, "expands to more than is allowed");
        expansion->ended = outcome == EXPANDER_ENDED || !moved;
        if (expansion->ended && !expander_is_whole(expansion->expander))
                return refuse(expansion, "is cut off");
        return STORE_DONE;
}

static int step(Expansion *expansion) {
        size_t used, given;
        ExpanderOutcome outcome;
        int r = read_input(expansion);

        if (r != STORE_DONE)
                return r;
        outcome = expander_feed(expansion->expander, expansion->input + expansion->input_at,
                                expansion->input_size - expansion->input_at, &used,
                                buffer_reserve(&expansion->expanded.spool.held, STEP_OCTETS),
                                STEP_OCTETS, &given);
        expansion->input_at += used;
        r = keep(expansion, given);
        if (r > 0)
                log_report(LOG_ERR, "Compressed message '%s' cannot be expanded: %s.",
                           expansion->name, r == DISK_NO_SPACE ? "no room on the disk"
                                                               : "nothing can be written to tmp/");
        return r == DISK_DONE ? judge(expansion, outcome, used > 0 || given > 0)
                              : store_outcome(r);
}

int message_expand(Compression compression, int fd, int tmp_fd, const char *name,
                   uint64_t octets_max, ExpandedMessage *ret_expanded) {
        _cleanup_(expansion_done) Expansion expansion = {
                .fd = fd, .tmp_fd = tmp_fd, .name = name, .octets_max = octets_max,
                .expander = expander_new(compression),
                .input = memory_resize(NULL, STEP_OCTETS, 1),
                .expanded = { .spool = SPOOL_NONE },
        };

        while (!expansion.ended) {
                int r = step(&expansion);

                if (r != STORE_DONE)
                        return r;
        }
        if (expansion.expanded.spool.fd >= 0)
                buffer_done(&expansion.expanded.spool.held);
        *ret_expanded = expansion.expanded;
        expansion.expanded.spool = SPOOL_NONE;
        return STORE_DONE;
}
