/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of octets on the heap, in pages of their own, in a snapshot, or in a nameless file. */
#include "index/region.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "basic/bus-error.h"
#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/memory.h"

enum { HUGE_PAGE_OCTETS = 2 * 1024 * 1024 };

struct RegionMapping {
        BusErrorRange guard;
        void *start;
        size_t n_octets; /* of address space */
        int spill_fd;    /* owned; -EBADF: the mapping is private */
        bool is_section; /* of a file, which others may truncate */
        bool was_short;
};

static size_t to_pages(size_t n_octets) {
        size_t page = (size_t) sysconf(_SC_PAGESIZE);

        return (n_octets + page - 1) / page * page;
}

static void unmap(RegionMapping *mapping) {
        bus_error_forget(&mapping->guard);
        if (mapping->n_octets > 0)
                (void) munmap(mapping->start, mapping->n_octets);
        (void) fd_close(mapping->spill_fd);
        free(mapping);
}

void region_done(Region *region) {
        if (region->mapping)
                unmap(region->mapping);
        else
                free(region->data);
        *region = (Region){ 0 };
}

bool region_has_failed(const Region *region) {
        return region->mapping &&
               (region->mapping->was_short || bus_error_has_failed(&region->mapping->guard));
}

static void adopt(Region *region, void *start, size_t n_octets, bool is_section, int spill_fd) {
        RegionMapping *mapping = make(RegionMapping, .start = start, .n_octets = n_octets,
                                      .is_section = is_section, .spill_fd = spill_fd);

        if (is_section || spill_fd >= 0)
                bus_error_watch(&mapping->guard, start, n_octets);
        region->data = start;
        region->n_room = n_octets;
        region->mapping = mapping;
}

/* Memory that costs nothing until it is used; its start becomes the file's section. */
static int map_section(Region *region, int fd, uint64_t offset, size_t size) {
        size_t spare = MAX((size_t) REGION_SPARE_OCTETS, size / REGION_SPARE_SHARE);
        size_t n_octets = to_pages(size + spare);
        void *start = mmap(NULL, n_octets, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

        if (start == MAP_FAILED)
                return -errno;
        if (mmap(start, to_pages(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd,
                 (off_t) offset) == MAP_FAILED) {
                int error = errno;

                (void) munmap(start, n_octets);
                return -error;
        }
        adopt(region, start, n_octets, true, -EBADF);
        region->size = size;
        return 0;
}

static int read_section(Region *region, int fd, uint64_t offset, size_t size) {
        size_t n;
        int r;

        region_reserve(region, size + 1, NULL);
        r = fd_read_at(fd, offset, region->data, size, &n);
        if (r < 0)
                return failed(r, "read an index");
        memset(region->data + n, 0, size - n); /* zeros have the wrong checksum */
        region->size = size;
        return 0;
}

int region_load(Region *region, int fd, uint64_t offset, size_t size) {
        size_t page = (size_t) sysconf(_SC_PAGESIZE);

        *region = (Region){ 0 };
        if (size >= page && offset % page == 0 && map_section(region, fd, offset, size) == 0)
                return 0;
        return read_section(region, fd, offset, size);
}

/* A file without a name, or one that loses it at once where file systems cannot have such. */
int region_open_spill(int dir) {
        static const char name[] = "tmp/imapd.table";
        int fd = -EBADF;

        if (disk_open(dir, "tmp", O_TMPFILE | O_RDWR, 0600, &fd) == DISK_DONE)
                return fd;
        if (disk_open(dir, name, O_RDWR | O_CREAT | O_EXCL, 0600, &fd) != DISK_DONE)
                return -EBADF;
        (void) disk_unlink(dir, name); /* folder_purge_tmp() would, some day */
        return fd;
}

/* Room on the disk is taken now: where it is short, writing to the mapping would be fatal. */
static void *map_spill(int fd, size_t n_octets) {
        void *start;

        if (posix_fallocate(fd, 0, (off_t) n_octets) != 0)
                return NULL;
        start = mmap(NULL, n_octets, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        return start == MAP_FAILED ? NULL : start;
}

static bool spill(Region *region, size_t n_octets, int dir) {
        Region larger = { .size = region->size };
        bool again = region->mapping && region->mapping->spill_fd >= 0;
        _cleanup_close_ int fd = again ? dup(region->mapping->spill_fd) : region_open_spill(dir);
        void *start = fd >= 0 ? map_spill(fd, n_octets) : NULL;

        if (!start)
                return false;
        if (!again)
                memcpy(start, region->data, region->size);
        adopt(&larger, start, n_octets, false, TAKE_FD(fd));
        larger.mapping->was_short = region_has_failed(region);
        region_done(region);
        *region = larger;
        return true;
}

static bool is_section(const Region *region) {
        return region->mapping && region->mapping->is_section;
}

void region_will_change(Region *region, const int *spill_dir) {
        if (is_section(region) && spill_dir && region->size > REGION_PRIVATE_OCTETS)
                (void) spill(region, to_pages(region->size), *spill_dir); /* or it is private */
}

/* Large pages begin at multiples of their size. */
static void *map_aligned(size_t n_octets) {
        char *start = mmap(NULL, n_octets + HUGE_PAGE_OCTETS, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        size_t before;

        if (start == MAP_FAILED)
                return NULL;
        before = HUGE_PAGE_OCTETS - (uintptr_t) start % HUGE_PAGE_OCTETS;
        (void) munmap(start, before);
        start += before;
        (void) munmap(start + n_octets, HUGE_PAGE_OCTETS - before);
        (void) madvise(start, n_octets, MADV_HUGEPAGE); /* where there are none it is slower */
        return start;
}

/* The heap has to do where there is too little address space. */
static bool grow_in_pages(Region *region, size_t n_octets) {
        size_t n_rounded = (n_octets + HUGE_PAGE_OCTETS - 1) / HUGE_PAGE_OCTETS * HUGE_PAGE_OCTETS;
        Region larger = { .size = region->size };
        void *start = n_octets < REGION_LARGE_OCTETS ? NULL : map_aligned(n_rounded);

        if (!start)
                return false;
        if (region->size > 0)
                memcpy(start, region->data, region->size);
        adopt(&larger, start, n_rounded, false, -EBADF);
        larger.mapping->was_short = region_has_failed(region);
        region_done(region);
        *region = larger;
        return true;
}

static void grow_on_heap(Region *region, size_t n_octets) {
        Region larger = { .size = region->size, .n_room = n_octets };

        if (!region->mapping) {
                region->data = memory_resize(region->data, n_octets, 1);
                region->n_room = n_octets;
                return;
        }
        larger.data = memory_new(n_octets, 1);
        memcpy(larger.data, region->data, region->size);
        region_done(region);
        *region = larger;
}

void region_reserve(Region *region, size_t n_octets, const int *spill_dir) {
        size_t wanted, limit = is_section(region) ? REGION_PRIVATE_OCTETS : REGION_SPILL_OCTETS;

        if (n_octets <= region->n_room)
                return;
        wanted = to_pages(MAX(n_octets, region->n_room + region->n_room / 2));
        if (wanted > limit && spill_dir && spill(region, wanted, *spill_dir))
                return;
        wanted = region->n_room == 0 ? n_octets : MAX(n_octets, 2 * region->n_room);
        if (!grow_in_pages(region, wanted))
                grow_on_heap(region, wanted);
}
