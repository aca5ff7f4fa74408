/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IMAP_CACHEDIR is one for all users, writable for all and sticky as /tmp is, or made per user
 * by the administrator. An account's directory is named after its Maildir, and its owner's only.
 */
#include "store/cache-site.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"

/* statfs(2) types of file systems on other machines, where a map may show old pages. */
#define NFS_MAGIC 0x6969
#define SMB2_MAGIC 0xFE534D42
#define CIFS_MAGIC 0xFF534D42
#define CEPH_MAGIC 0x00C36400
#define AFS_MAGIC 0x5346414F
#define V9FS_MAGIC 0x01021997

char *cache_site_name(const char *path) {
        _cleanup_buffer_ Buffer name = { 0 };

        for (const char *c = path; *c != '\0'; c++) {
                if (*c == '/' || *c == '%')
                        buffer_printf(&name, "%%%02X", (unsigned) *c);
                else
                        buffer_append_char(&name, *c);
        }
        return name.size == 0 || name.size > NAME_MAX || name.data[0] == '.'
                       ? NULL
                       : buffer_take_text(&name);
}

void cache_site_done(CacheSite *site) {
        site->parent_fd = fd_close(site->parent_fd);
        site->account_fd = fd_close(site->account_fd);
        free(site->parent_path);
        free(site->name);
        site->parent_path = site->name = NULL;
}

static void refuse(CacheSite *site, int level, const char *directory, const char *why) {
        log_report(level, "No message cache in IMAP_CACHEDIR '%s': %s.", directory, why);
        site->is_refused = true;
}

static bool is_ours(int fd) {
        struct stat st;

        return fstat(fd, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 077) == 0;
}

/* Return: DISK_DONE with the account's directory open, or another outcome. */
static int open_account(CacheSite *site) {
        int flags = O_RDONLY | O_DIRECTORY;
        int r = disk_open(site->parent_fd, site->name, flags, 0, &site->account_fd);

        if (r != DISK_MISSING)
                return r;
        r = disk_make_directory(site->parent_fd, site->name, 0700);
        if (r == DISK_DONE || r == DISK_EXISTS)
                r = disk_open(site->parent_fd, site->name, flags, 0, &site->account_fd);
        return r;
}

void cache_site_init(CacheSite *site, const char *directory, const char *maildir_path) {
        char real_path[PATH_MAX];

        *site = CACHE_SITE_MAILDIR;
        if (!directory || directory[0] == '\0')
                return;
        if (directory[0] != '/') {
                refuse(site, LOG_WARNING, directory, "it is no absolute path");
                return;
        }
        site->parent_path = text_dup(directory);
        site->name = realpath(maildir_path, real_path) ? cache_site_name(real_path) : NULL;
        site->parent_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (!site->name)
                refuse(site, LOG_WARNING, directory, "the Maildir's path is too long for a name");
        else if (site->parent_fd < 0)
                refuse(site, LOG_WARNING, directory, strerrordesc_np(errno));
        else if (open_account(site) != DISK_DONE)
                refuse(site, LOG_WARNING, directory, "the account's directory cannot be made");
        else if (!is_ours(site->account_fd))
                refuse(site, LOG_NOTICE, directory, "the account's directory is open to others");
}

static bool is_remote(int fd) {
        struct statfs fs;

        if (fstatfs(fd, &fs) < 0)
                return false;
        switch ((uint32_t) fs.f_type) {
        case NFS_MAGIC:
        case SMB2_MAGIC:
        case CIFS_MAGIC:
        case CEPH_MAGIC:
        case AFS_MAGIC:
        case V9FS_MAGIC:
                return true;
        default:
                return false;
        }
}

Cache *cache_site_open(CacheSite *site, int maildir_fd, const char *maildir_path,
                       uint64_t size_max) {
        CachePlace place = { maildir_fd, maildir_path, "imapd.cache" };

        if (site->is_refused)
                return NULL;
        if (site->account_fd >= 0)
                place = (CachePlace){ site->parent_fd, site->parent_path, site->name };
        else if (is_remote(maildir_fd)) {
                log_report(LOG_INFO, "Maildir '%s' is on a network file system: no message cache "
                           "without IMAP_CACHEDIR.", maildir_path);
                site->is_refused = true;
                return NULL;
        }
        return cache_new(&place, size_max);
}
