/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for new files that no other program, process or machine uses, made as Courier does. */
#pragma once

#include <stdint.h>
#include <sys/stat.h>

#include "basic/memory.h"

enum { UNIQUE_HOST_SIZE = 256 };

typedef struct UniqueNames {
        char host[UNIQUE_HOST_SIZE]; /* '/' and ':' written as \057 and \072 */
        unsigned counter;            /* of this process */
} UniqueNames;

void unique_names_init(UniqueNames *names, const char *host);

/* The moment that is in both names of one file. */
typedef struct UniqueName {
        int64_t sec;
        unsigned usec, number;
} UniqueName;

UniqueName unique_name_next(UniqueNames *names);

/** unique_name_temporary() - "<sec>.M<usec>P<pid>_<number>.<host>", for tmp/ */
[[nodiscard]] char *unique_name_temporary(const UniqueNames *names, const UniqueName *name);

/** unique_name_control() - "<sec>.M<usec>P<pid>_<what>.<host>": a control file, in tmp/ */
[[nodiscard]] char *unique_name_control(UniqueNames *names, const char *what);

/** unique_name_base() - "<sec>.M<usec>P<pid>V<dev>I<ino>_<number>.<host>,S=<size>", of a file */
[[nodiscard]] char *unique_name_base(const UniqueNames *names, const UniqueName *name,
                                     const struct stat *st);

/** unique_name_link() - the same without device and inode, for one more name of a file */
[[nodiscard]] char *unique_name_link(const UniqueNames *names, const UniqueName *name,
                                     uint64_t size);
