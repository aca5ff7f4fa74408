/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where an account's message cache is: the directory imapd.cache of the Maildir, or one of the
 * account's own in IMAP_CACHEDIR, which is for mail on network storage.
 */
#pragma once

#include <errno.h>
#include <stdint.h>

#include "index/cache.h"

/* Opened before the session's fence closes; zero and -EBADF when it is in the Maildir. */
typedef struct CacheSite {
        int parent_fd;     /* owned; IMAP_CACHEDIR */
        int account_fd;    /* owned; the account's directory in it */
        char *parent_path; /* owned */
        char *name;        /* owned; of the account's directory */
        bool is_refused;   /* no cache at all; it was reported */
} CacheSite;

#define CACHE_SITE_MAILDIR ((CacheSite){ .parent_fd = -EBADF, .account_fd = -EBADF })

/**
 * cache_site_init() - find or make the account's directory in IMAP_CACHEDIR
 * @directory:  the setting; NULL or empty for a cache in the Maildir
 *
 * Somebody else's directory of that name is refused.
 */
void cache_site_init(CacheSite *site, const char *directory, const char *maildir_path);
void cache_site_done(CacheSite *site);

/** cache_site_open() - the cache; NULL where there can be none. Owned by the caller */
Cache *cache_site_open(CacheSite *site, int maildir_fd, const char *maildir_path,
                       uint64_t size_max);

/** cache_site_name() - the Maildir's path as one name, for each another; NULL if it is too long */
[[nodiscard]] char *cache_site_name(const char *path);
