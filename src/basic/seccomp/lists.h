/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each filter allows, as tables for the generator. Used at build time only. */
#pragma once

#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>

enum { CONDITIONS_MAX = 3 };

/* One allowed form of a system call. Several rows with one name are alternatives. */
typedef struct AllowedCall {
        const char *name;
        unsigned n_conditions; /* all of them have to hold; 0 allows any arguments */
        struct scmp_arg_cmp conditions[CONDITIONS_MAX];
} AllowedCall;

typedef struct FilterList {
        const char *name;             /* of the generated array */
        const AllowedCall *tables[4]; /* each ends with an empty row */
} FilterList;

/* Every process: memory without executable pages, time, signals to itself, its end. */
extern const AllowedCall calls_of_every_process[];

/* Talk on sockets that exist already. */
extern const AllowedCall calls_on_sockets[];

extern const AllowedCall calls_of_session[];
extern const AllowedCall calls_of_tls_worker[];

/* Nothing of ours and nothing of the C library's comes near these: an attack, end it. */
extern const char *const deadly_calls[];
