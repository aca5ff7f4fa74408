/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growable run of octets that need not be in private memory: on the heap, or in pages of its
 * own, or the start of it a section of a file, mapped so that only pages that are written to are
 * copied, or, when it is large and new, an unlinked file. Where it is can change whenever it grows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct RegionMapping RegionMapping;

typedef struct Region {
        char *data;
        size_t size;            /* octets in use; who uses them sets it */
        size_t n_room;          /* octets there is room for */
        RegionMapping *mapping; /* owned; NULL: on the heap */
} Region;

enum {
        /* What is of this size has pages of its own, large ones where the kernel has them: the
         * first touch of a page costs more than what is written into it. */
        REGION_LARGE_OCTETS = 1024 * 1024,
        /* What grows beyond this goes to a file, if there is a directory for it. It is there while
         * messages are numbered, and may be so large for that time. */
        REGION_SPILL_OCTETS = 12 * 1024 * 1024,
        /* The same for what was a section of a file before: that stays in memory. */
        REGION_PRIVATE_OCTETS = 4 * 1024 * 1024,
        /* Room kept behind what is mapped, and this share of it. Address space only. */
        REGION_SPARE_OCTETS = 1024 * 1024,
        REGION_SPARE_SHARE = 8,
};

void region_done(Region *region);

/**
 * region_load() - a section of a file, mapped if it begins on a page of this machine
 *
 * @fd is not needed afterwards. A file that is too short reads as zeros, and has failed.
 * Return: 0 or negative errno.
 */
[[nodiscard]] int region_load(Region *region, int fd, uint64_t offset, size_t size);

/**
 * region_reserve() - room for n_octets in all; never fails
 * @spill_dir:  a directory for a nameless file when it grows large; NULL: none
 */
void region_reserve(Region *region, size_t n_octets, const int *spill_dir);

/**
 * region_will_change() - nearly all of it is about to be changed in place
 *
 * What is mapped from a file, and large, becomes a nameless file, so that it takes no private
 * memory; it stays as it is when there can be none.
 */
void region_will_change(Region *region, const int *spill_dir);

/** region_open_spill() - a file without a name in tmp/; the caller's, or -EBADF */
[[nodiscard]] int region_open_spill(int dir_fd);

/** region_has_failed() - the file is shorter than it was, or cannot be read */
bool region_has_failed(const Region *region);
