/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Surviving SIGBUS in mapped files. The list and the handler before ours are the only state: a
 * signal has no argument to hang them on.
 */
#include "basic/bus-error.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static BusErrorRange *watched;
static struct sigaction before;

static BusErrorRange *find(const char *address) {
        for (BusErrorRange *range = watched; range; range = range->next)
                if (address >= range->start && address < range->start + range->size)
                        return range;
        return NULL;
}

/* Runs at the very instruction that touched the page, which is tried again afterwards. */
static void on_bus_error(int number, siginfo_t *info, void *context) {
        char *address = info->si_addr;
        BusErrorRange *range = info->si_code > 0 ? find(address) : NULL;
        uintptr_t page_size = (uintptr_t) sysconf(_SC_PAGESIZE);
        int error = errno;
        void *page = (void *) ((uintptr_t) address & ~(page_size - 1));

        (void) context;
        if (!range || mmap(page, page_size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
                (void) sigaction(number, &before, NULL); /* and die of it when it is tried again */
                return;
        }
        range->has_failed = 1;
        errno = error;
}

void bus_error_watch(BusErrorRange *range, void *start, size_t size) {
        struct sigaction action = { .sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO };

        *range = (BusErrorRange){ .start = start, .size = size, .next = watched };
        if (!watched && sigaction(SIGBUS, &action, &before) < 0)
                assert(!"a handler for SIGBUS can be set");
        watched = range;
}

void bus_error_forget(BusErrorRange *range) {
        BusErrorRange **at = &watched;

        while (*at && *at != range)
                at = &(*at)->next;
        if (!*at)
                return;
        *at = range->next;
        if (!watched)
                (void) sigaction(SIGBUS, &before, NULL);
}
