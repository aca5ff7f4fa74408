/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A structure together with the memory of all its parts; within mime only. */
#pragma once

#include "mime/arena.h"
#include "mime/part.h"

typedef struct MimeTree {
        MimePart root; /* first: the root's address is the tree's */
        Arena arena;
} MimeTree;

static inline MimeTree *mime_tree_of(MimePart *root) {
        return (MimeTree *) root;
}
