/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorted runs of newcomers in a nameless file, merged while they are read. */
#pragma once

#include "store/newcomers.h"

/** newcomer_runs_new() - NULL when there can be no file */
NewcomerRuns *newcomer_runs_new(int dir_fd);
NewcomerRuns *newcomer_runs_free(NewcomerRuns *runs);

/** newcomer_runs_add() - one more, sorted; false, and nothing is added, when the disk is full */
[[nodiscard]] bool newcomer_runs_add(NewcomerRuns *runs, const NewcomerKey *list, size_t n,
                                     const char *names);

/** newcomer_runs_first() - the least of all, its name NULL when there is none; 0 or -errno */
[[nodiscard]] int newcomer_runs_first(NewcomerRuns *runs, Newcomer *ret_newcomer);

/** newcomer_runs_drop_first() - go on to the next; 0 or negative errno */
[[nodiscard]] int newcomer_runs_drop_first(NewcomerRuns *runs);
