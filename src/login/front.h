/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The front: the one process that reads what a stranger sends. It has two descriptors (the
 * client and the monitor), an empty root, no capability, and a filter that lets it use them.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "login/talk.h"

typedef struct FrontSetup {
        int client_fd, channel_fd; /* borrowed */
        uid_t uid;                 /* to become; when the monitor is not root, nothing changes */
        gid_t gid;
        const char *empty_root;
        uint64_t deadline_usec;    /* for the whole talk */
        TalkSettings talk;
} FrontSetup;

/** front_run() - fence this process in, and talk until the end; in a child of the monitor */
_Noreturn void front_run(const FrontSetup *setup);
