/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A signal has no argument: where to go is the only state, and is set while a function runs. */
#include "index/cache-guard.h"

#include <assert.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

static sigjmp_buf *way_out;

void cache_guard_break_off(void) {
        assert(way_out);
        siglongjmp(*way_out, 1);
}

static void on_fault(int number) {
        (void) number; /* both mean the same here */
        cache_guard_break_off();
}

bool cache_guard_run(void (*function)(void *userdata), void *userdata) {
        /* Not deferred: the mask need not be restored, and a second fault finds its way too. */
        struct sigaction action = { .sa_handler = on_fault, .sa_flags = SA_NODEFER };
        struct sigaction bus_before, segment_before;
        volatile bool is_done = false;
        sigjmp_buf here;

        if (sigaction(SIGBUS, &action, &bus_before) < 0 ||
            sigaction(SIGSEGV, &action, &segment_before) < 0)
                return false;
        way_out = &here;
        if (sigsetjmp(here, 0) == 0) {
                function(userdata);
                is_done = true;
        }
        way_out = NULL;
        (void) sigaction(SIGSEGV, &segment_before, NULL); /* as it was: cannot fail */
        (void) sigaction(SIGBUS, &bus_before, NULL);
        return is_done;
}
