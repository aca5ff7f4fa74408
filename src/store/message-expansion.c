/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expands step by step into memory, then into a file. */
#include "store/message-expansion.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "basic/buffer.h"
#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"

enum { STEP_OCTETS = 64 * 1024 };

struct MessageExpansion {
        int fd, tmp_fd;     /* borrowed */
        const char *name;   /* borrowed */
        Expander *expander; /* owned */
        char *input;        /* owned; STEP_OCTETS of the file */
        size_t input_at, input_size;
        Buffer held;        /* what it expanded to, while there is no file */
        int spool_fd;       /* owned; -EBADF while it is held */
        uint64_t size, octets_max; /* octets it expanded to so far, and may */
        bool at_file_end, ended;
};

MessageExpansion *message_expansion_new(Compression compression, uint64_t octets_max, int fd,
                                        int tmp_fd, const char *name) {
        return make(MessageExpansion, .fd = fd, .tmp_fd = tmp_fd, .name = name,
                    .octets_max = octets_max,
                    .expander = expander_new(compression),
                    .input = memory_resize(NULL, STEP_OCTETS, 1), .spool_fd = -EBADF);
}

MessageExpansion *message_expansion_free(MessageExpansion *expansion) {
        if (!expansion)
                return NULL;
        (void) expander_free(expansion->expander); /* returns NULL */
        free(expansion->input);
        buffer_done(&expansion->held);
        expansion->spool_fd = fd_close(expansion->spool_fd);
        free(expansion);
        return NULL;
}

uint64_t message_expansion_size(const MessageExpansion *expansion) {
        return expansion->size;
}

const char *message_expansion_held(const MessageExpansion *expansion) {
        if (expansion->spool_fd >= 0)
                return NULL;
        return expansion->held.data ? expansion->held.data : "";
}

int message_expansion_fd(const MessageExpansion *expansion) {
        return expansion->spool_fd;
}

static void end(MessageExpansion *expansion, const char *why) {
        expansion->ended = true;
        if (why)
                log_report(LOG_ERR, "Compressed message '%s' %s, %" PRIu64 " octets were read.",
                           expansion->name, why, expansion->size);
}

static int make_named_spool(MessageExpansion *expansion) {
        _cleanup_free_ char *name = text_printf("imapd-expanded.%d", (int) getpid());
        int r = disk_open(expansion->tmp_fd, name, O_CREAT | O_EXCL | O_RDWR, 0600,
                          &expansion->spool_fd);

        return r == DISK_DONE ? disk_unlink(expansion->tmp_fd, name) : r;
}

/* A file without a name; one with a name that is removed at once where there is no such thing. */
static int make_spool(MessageExpansion *expansion) {
        int r = disk_open(expansion->tmp_fd, ".", O_TMPFILE | O_RDWR | O_EXCL, 0600,
                          &expansion->spool_fd);

        if (r == DISK_CANNOT_LINK || r == DISK_NOT_THAT_KIND)
                r = make_named_spool(expansion);
        if (r == DISK_DONE)
                r = disk_write(expansion->spool_fd, expansion->held.data, expansion->held.size,
                               "expanded message");
        buffer_done(&expansion->held);
        return r;
}

/* Return: DISK_… */
static int keep(MessageExpansion *expansion, size_t given) {
        Buffer *held = &expansion->held;
        int r = DISK_DONE;

        buffer_commit(held, given);
        if (expansion->spool_fd >= 0) {
                r = disk_write(expansion->spool_fd, held->data, held->size, "expanded message");
                buffer_clear(held);
        } else if (held->size > EXPANSION_HELD_MAX)
                r = make_spool(expansion);
        if (r == DISK_DONE)
                expansion->size += given;
        return r;
}

static int read_input(MessageExpansion *expansion) {
        int r;

        if (expansion->input_at < expansion->input_size || expansion->at_file_end)
                return 0;
        expansion->input_at = 0;
        r = fd_read_all(expansion->fd, expansion->input, STEP_OCTETS, &expansion->input_size);
        if (r < 0)
                return failed(r, "read compressed message '%s'", expansion->name);
        expansion->at_file_end = expansion->input_size < STEP_OCTETS;
        return 0;
}

/* What stands still has come to its end. */
static void judge(MessageExpansion *expansion, ExpanderOutcome outcome, bool moved) {
        if (outcome == EXPANDER_BROKEN)
                end(expansion, "is damaged");
        else if (outcome == EXPANDER_ENDED)
                end(expansion, NULL);
        else if (expansion->size > expansion->octets_max)
                end(expansion, "expands to more than is allowed");
        else if (!moved && expansion->at_file_end)
                end(expansion, expander_is_whole(expansion->expander) ? NULL : "is cut off");
}

static int step(MessageExpansion *expansion) {
        size_t used, given;
        ExpanderOutcome outcome;
        int r = read_input(expansion);

        if (r < 0)
                return r;
        outcome = expander_feed(expansion->expander, expansion->input + expansion->input_at,
                                expansion->input_size - expansion->input_at, &used,
                                buffer_reserve(&expansion->held, STEP_OCTETS), STEP_OCTETS, &given);
        expansion->input_at += used;
        r = keep(expansion, given);
        if (r != DISK_DONE) {
                expansion->ended = true;
                return r < 0 ? r : failed(-EIO, "keep what message '%s' expands to",
                                          expansion->name);
        }
        judge(expansion, outcome, used > 0 || given > 0);
        return 0;
}

int message_expansion_reach(MessageExpansion *expansion, uint64_t offset) {
        while (expansion->size < offset && !expansion->ended) {
                int r = step(expansion);

                if (r < 0)
                        return r;
        }
        return 0;
}
