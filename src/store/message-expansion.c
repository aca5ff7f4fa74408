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
        buffer_done(&expanded->held);
        expanded->spool_fd = fd_close(expanded->spool_fd);
}

static int make_named_spool(Expansion *expansion) {
        _cleanup_free_ char *name = text_printf("imapd-expanded.%d", (int) getpid());
        int r = disk_open(expansion->tmp_fd, name, O_CREAT | O_EXCL | O_RDWR, 0600,
                          &expansion->expanded.spool_fd);

        return r == DISK_DONE ? disk_unlink(expansion->tmp_fd, name) : r;
}

/* A file without a name; one with a name that is removed at once where there is no such thing. */
static int make_spool(Expansion *expansion) {
        int r = disk_open(expansion->tmp_fd, ".", O_TMPFILE | O_RDWR | O_EXCL, 0600,
                          &expansion->expanded.spool_fd);

        if (r == DISK_CANNOT_LINK || r == DISK_NOT_THAT_KIND)
                r = make_named_spool(expansion);
        return r;
}

/* Return: DISK_… */
static int keep(Expansion *expansion, size_t given) {
        ExpandedMessage *expanded = &expansion->expanded;
        Buffer *held = &expanded->held;
        int r = DISK_DONE;

        expanded->wire_size += wire_count(&expansion->counter, held->data + held->size, given,
                                          NULL);
        expanded->size += given;
        buffer_commit(held, given);
        if (expanded->spool_fd < 0 && held->size > EXPANSION_HELD_MAX)
                r = make_spool(expansion);
        if (r == DISK_DONE && expanded->spool_fd >= 0) {
                r = disk_write(expanded->spool_fd, held->data, held->size, "expanded message");
                buffer_clear(held);
        }
        return r;
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
                   expansion->name, why, expansion->expanded.size);
        return STORE_DAMAGED;
}

/* What stands still has come to its end. */
static int judge(Expansion *expansion, ExpanderOutcome outcome, bool moved) {
        if (outcome == EXPANDER_BROKEN)
                return refuse(expansion, "is damaged");
        if (expansion->expanded.size > expansion->octets_max)
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
                                buffer_reserve(&expansion->expanded.held, STEP_OCTETS),
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
                .expanded = { .spool_fd = -EBADF },
        };

        while (!expansion.ended) {
                int r = step(&expansion);

                if (r != STORE_DONE)
                        return r;
        }
        if (expansion.expanded.spool_fd >= 0)
                buffer_done(&expansion.expanded.held);
        *ret_expanded = expansion.expanded;
        expansion.expanded = (ExpandedMessage){ .spool_fd = -EBADF };
        return STORE_DONE;
}
