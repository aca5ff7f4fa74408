/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that are mapped, and then truncated by somebody or unreadable on the disk: the kernel
 * answers a look at the missing page with SIGBUS. For ranges that are watched here the page
 * becomes one of zeros instead, and the range is marked: its owner asks before believing what
 * was read. Other bus errors end the process, as always.
 *
 * One thread; a system call that is given such memory fails with EFAULT and marks nothing.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* Embedded in who owns the mapping; stays in one place while it is watched. */
typedef struct BusErrorRange {
        char *start;
        size_t size;
        volatile sig_atomic_t has_failed;
        struct BusErrorRange *next;
} BusErrorRange;

/** bus_error_watch() - from now on; start and size are those of the mapping */
void bus_error_watch(BusErrorRange *range, void *start, size_t size);

/** bus_error_forget() - before it is unmapped; one that is not watched is fine */
void bus_error_forget(BusErrorRange *range);

/** bus_error_has_failed() - some page was, and stays, zeros that are not in the file */
static inline bool bus_error_has_failed(const BusErrorRange *range) {
        return range->has_failed;
}
