/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into imapd by the crash tests: writes a trace of every call that changes the disk, with
 * its data, and ends the process before the N-th of them, as SIGKILL would.
 *
 * CRASH_TRACE is the trace, appended to; CRASH_CONTROL a file of three numbers that all processes
 * of a run share: calls so far, the number of the call not to survive (0: none), and whether that call
 * is made half (a write of half its octets) before the end. What a client is told is in the trace too.
 * The reader of the trace (trace.py) resolves descriptors and names; here nothing is looked up.
 */
/* Both names of what has two, open() and open64(), are ours: no macro may make them one. */
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FIRST_OWN_FD = 500, EXIT_KILLED = 99, DATA_MAX = 16 * 1024 * 1024 };

/* In the order of trace.py's KINDS. */
typedef enum Kind {
        KIND_OPEN,
        KIND_DUP,
        KIND_WRITE,
        KIND_TRUNCATE,
        KIND_SYNC,
        KIND_SYNC_ALL,
        KIND_RENAME,
        KIND_LINK,
        KIND_UNLINK,
        KIND_MKDIR,
        KIND_TIME,
        KIND_MODE,
        KIND_REPLY,
        KIND_OTHER,
} Kind;

typedef struct Control {
        _Atomic uint64_t n_calls;
        uint64_t end_at;
        uint64_t half;
} Control;

/* What stands in the trace before two names and the data. */
typedef struct Record {
        uint32_t size, pid;
        uint32_t kind, flags;
        int32_t fd, other_fd;
        uint64_t offset;
        uint32_t name_size, other_name_size, data_size, number;
} Record;

static Control *control;
static int trace_fd = -1;
static long (*real_syscall)(long number, ...);

static int high_fd(const char *variable, int flags) {
        const char *path = getenv(variable);
        int fd = path ? (int) real_syscall(SYS_openat, AT_FDCWD, path, flags, 0600) : -1, high;

        if (fd < 0)
                return -1;
        high = (int) real_syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD);
        real_syscall(SYS_close, fd);
        return high;
}

__attribute__((constructor)) static void start(void) {
        int control_fd;
        void *map;

        *(void **) &real_syscall = dlsym(RTLD_NEXT, "syscall");
        control_fd = high_fd("CRASH_CONTROL", O_RDWR | O_CLOEXEC);
        if (control_fd < 0)
                return;
        map = mmap(NULL, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, control_fd, 0);
        real_syscall(SYS_close, control_fd);
        trace_fd = high_fd("CRASH_TRACE", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC);
        if (map != MAP_FAILED && trace_fd >= 0)
                control = map;
}

static void end_process(void) {
        for (;;)
                real_syscall(SYS_exit_group, EXIT_KILLED);
}

/* Counts a call that will change the disk. Return: its number. */
static uint32_t count(void) {
        uint64_t number;

        if (!control)
                return 0;
        number = atomic_fetch_add(&control->n_calls, 1) + 1;
        if (number == control->end_at && !control->half)
                end_process();
        return (uint32_t) number;
}

static bool is_half(uint32_t number) {
        return control && number > 0 && number == control->end_at && control->half;
}

static void put(Record record, const char *name, const char *other_name, const void *data) {
        struct iovec parts[4];

        if (!control)
                return;
        record.pid = (uint32_t) real_syscall(SYS_getpid);
        record.name_size = name ? (uint32_t) strlen(name) : 0;
        record.other_name_size = other_name ? (uint32_t) strlen(other_name) : 0;
        record.size = (uint32_t) sizeof(record) + record.name_size + record.other_name_size + record.data_size;
        parts[0] = (struct iovec){ &record, sizeof(record) };
        parts[1] = (struct iovec){ (void *) name, record.name_size };
        parts[2] = (struct iovec){ (void *) other_name, record.other_name_size };
        parts[3] = (struct iovec){ (void *) data, record.data_size };
        real_syscall(SYS_writev, trace_fd, parts, 4);
}

/* A regular file, and not the log on standard error. */
static bool is_file(int fd) {
        struct stat st;

        return control && fd > STDERR_FILENO && fd != trace_fd &&
               real_syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH) == 0 && S_ISREG(st.st_mode);
}

static int traced_open(long fd, int dir_fd, const char *path, uint64_t flags, uint64_t mode, uint32_t number) {
        int error = errno;

        if (fd >= 0)
                put((Record){ .kind = KIND_OPEN, .fd = dir_fd, .other_fd = (int32_t) fd,
                              .flags = (uint32_t) flags, .offset = mode, .number = number }, path, NULL, NULL);
        errno = error;
        return (int) fd;
}

static int do_open(int dir_fd, const char *path, int flags, mode_t mode) {
        uint32_t number = flags & (O_CREAT | O_TRUNC) ? count() : 0;

        return traced_open(real_syscall(SYS_openat, dir_fd, path, flags, mode), dir_fd, path,
                           (uint64_t) (unsigned) flags, mode, number);
}

static mode_t mode_of(int flags, va_list list) {
        return flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

#define DEFINE_OPEN(name)                                               \
        int name(const char *path, int flags, ...) {                    \
                va_list list;                                           \
                mode_t mode;                                            \
                                                                        \
                va_start(list, flags);                                  \
                mode = mode_of(flags, list);                            \
                va_end(list);                                           \
                return do_open(AT_FDCWD, path, flags, mode);            \
        }

#define DEFINE_OPENAT(name)                                             \
        int name(int dir_fd, const char *path, int flags, ...) {        \
                va_list list;                                           \
                mode_t mode;                                            \
                                                                        \
                va_start(list, flags);                                  \
                mode = mode_of(flags, list);                            \
                va_end(list);                                           \
                return do_open(dir_fd, path, flags, mode);              \
        }

DEFINE_OPEN(open)
DEFINE_OPEN(open64)
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)

static long traced_openat2(int dir_fd, const char *path, const struct open_how *how, size_t size) {
        uint32_t number = how->flags & (O_CREAT | O_TRUNC) ? count() : 0;

        return traced_open(real_syscall(SYS_openat2, dir_fd, path, how, size), dir_fd, path, how->flags,
                           how->mode, number);
}

long syscall(long number, ...) {
        long arguments[6];
        va_list list;

        va_start(list, number);
        for (int i = 0; i < 6; i++)
                arguments[i] = va_arg(list, long);
        va_end(list);
        if (number == SYS_openat2 && control)
                return traced_openat2((int) arguments[0], (const char *) arguments[1],
                                      (const struct open_how *) arguments[2], (size_t) arguments[3]);
        if (number == SYS_close_range && control && arguments[0] <= trace_fd && arguments[1] > trace_fd) {
                real_syscall(SYS_close_range, arguments[0], trace_fd - 1L, arguments[2]);
                arguments[0] = trace_fd + 1L;
        }
        return real_syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
                            arguments[5]);
}

static int traced_dup(long new_fd, int fd) {
        int error = errno;

        if (new_fd >= 0)
                put((Record){ .kind = KIND_DUP, .fd = fd, .other_fd = (int32_t) new_fd }, NULL, NULL, NULL);
        errno = error;
        return (int) new_fd;
}

int dup(int fd) {
        return traced_dup(real_syscall(SYS_dup, fd), fd);
}

static int do_fcntl(int fd, int command, long argument) {
        long r = real_syscall(SYS_fcntl, fd, command, argument);

        return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? traced_dup(r, fd) : (int) r;
}

#define DEFINE_FCNTL(name)                                      \
        int name(int fd, int command, ...) {                    \
                va_list list;                                   \
                long argument;                                  \
                                                                \
                va_start(list, command);                        \
                argument = va_arg(list, long);                  \
                va_end(list);                                   \
                return do_fcntl(fd, command, argument);         \
        }

DEFINE_FCNTL(fcntl)
DEFINE_FCNTL(fcntl64)

/* Data that has arrived in a file, as the file has it. */
static void put_data(int fd, uint64_t offset, size_t size, uint32_t number) {
        char *data = size > 0 && size <= DATA_MAX ? malloc(size) : NULL;
        int error = errno;
        struct iovec part = { data, size };

        if (data && real_syscall(SYS_preadv, fd, &part, 1, (long) offset, 0L) == (long) size)
                put((Record){ .kind = KIND_WRITE, .fd = fd, .offset = offset, .data_size = (uint32_t) size,
                              .number = number }, NULL, NULL, data);
        else if (size > 0)
                put((Record){ .kind = KIND_OTHER, .fd = fd, .number = number }, "write", NULL, NULL);
        free(data);
        errno = error;
}

static size_t size_of(const struct iovec *parts, int n_parts) {
        size_t size = 0;

        for (int i = 0; i < n_parts; i++)
                size += parts[i].iov_len;
        return size;
}

static char *joined(const struct iovec *parts, int n_parts, size_t size) {
        char *data = malloc(size + 1), *at = data;

        for (int i = 0; i < n_parts; i++) {
                memcpy(at, parts[i].iov_base, parts[i].iov_len);
                at += parts[i].iov_len;
        }
        return data;
}

static void put_reply(const struct iovec *parts, int n_parts) {
        size_t size = size_of(parts, n_parts);
        char *data = joined(parts, n_parts, size);

        put((Record){ .kind = KIND_REPLY, .data_size = (uint32_t) size }, NULL, NULL, data);
        free(data);
}

/* The first half of a write, and the end. */
static void write_half(int fd, const struct iovec *parts, int n_parts, int64_t offset) {
        size_t size = size_of(parts, n_parts);
        struct iovec half = { joined(parts, n_parts, size), size / 2 };

        if (offset < 0)
                real_syscall(SYS_writev, fd, &half, 1);
        else
                real_syscall(SYS_pwritev, fd, &half, 1, (long) offset, 0L);
        end_process();
}

/* A file that may only be written is read back through a second descriptor. */
static void read_back(int fd, uint64_t offset, size_t size, uint32_t number, const struct iovec *parts,
                      int n_parts) {
        int error = errno;

        if (size == size_of(parts, n_parts)) {
                char *data = joined(parts, n_parts, size);

                put((Record){ .kind = KIND_WRITE, .fd = fd, .offset = offset, .data_size = (uint32_t) size,
                              .number = number }, NULL, NULL, data);
                free(data);
        } else
                put_data(fd, offset, size, number);
        errno = error;
}

/* offset < 0: where the file's position is. */
static ssize_t do_write(int fd, const struct iovec *parts, int n_parts, int64_t offset) {
        bool file = is_file(fd);
        uint32_t number = file ? count() : 0;
        int64_t start = offset;
        ssize_t n;

        if (is_half(number))
                write_half(fd, parts, n_parts, offset);
        if (control && fd == STDOUT_FILENO)
                put_reply(parts, n_parts);
        n = offset < 0 ? (ssize_t) real_syscall(SYS_writev, fd, parts, n_parts)
                       : (ssize_t) real_syscall(SYS_pwritev, fd, parts, n_parts, (long) offset, 0L);
        if (!file || n <= 0)
                return n;
        if (offset < 0)
                start = (int64_t) real_syscall(SYS_lseek, fd, 0L, SEEK_CUR) - n;
        read_back(fd, (uint64_t) start, (size_t) n, number, parts, n_parts);
        return n;
}

ssize_t write(int fd, const void *data, size_t size) {
        return do_write(fd, &(struct iovec){ (void *) data, size }, 1, -1);
}

ssize_t writev(int fd, const struct iovec *parts, int n_parts) {
        return do_write(fd, parts, n_parts, -1);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
        return do_write(fd, &(struct iovec){ (void *) data, size }, 1, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
        return do_write(fd, &(struct iovec){ (void *) data, size }, 1, offset);
}

ssize_t pwritev(int fd, const struct iovec *parts, int n_parts, off_t offset) {
        return do_write(fd, parts, n_parts, offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int n_parts, off64_t offset) {
        return do_write(fd, parts, n_parts, offset);
}

ssize_t send(int fd, const void *data, size_t size, int flags) {
        if (control && fd == STDOUT_FILENO)
                put_reply(&(struct iovec){ (void *) data, size }, 1);
        return (ssize_t) real_syscall(SYS_sendto, fd, data, size, flags, NULL, 0L);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
        if (control && fd == STDOUT_FILENO)
                put_reply(message->msg_iov, (int) message->msg_iovlen);
        return (ssize_t) real_syscall(SYS_sendmsg, fd, message, flags);
}

ssize_t copy_file_range(int source, off64_t *source_offset, int fd, off64_t *offset, size_t size,
                        unsigned flags) {
        uint32_t number = count();
        ssize_t n = (ssize_t) real_syscall(SYS_copy_file_range, source, source_offset, fd, offset, size, flags);

        if (n > 0)
                put_data(fd, (uint64_t) ((offset ? *offset : (int64_t) real_syscall(SYS_lseek, fd, 0L, SEEK_CUR)) -
                                         n), (size_t) n, number);
        return n;
}

static ssize_t do_sendfile(int fd, int source, off_t *offset, size_t size) {
        bool file = is_file(fd);
        uint32_t number = file ? count() : 0;
        ssize_t n = (ssize_t) real_syscall(SYS_sendfile, fd, source, offset, size);

        if (file && n > 0)
                put_data(fd, (uint64_t) (real_syscall(SYS_lseek, fd, 0L, SEEK_CUR) - n), (size_t) n, number);
        return n;
}

ssize_t sendfile(int fd, int source, off_t *offset, size_t size) {
        return do_sendfile(fd, source, offset, size);
}

ssize_t sendfile64(int fd, int source, off64_t *offset, size_t size) {
        return do_sendfile(fd, source, offset, size);
}

int ioctl(int fd, unsigned long request, ...) {
        va_list list;
        long argument, r;

        va_start(list, request);
        argument = va_arg(list, long);
        va_end(list);
        r = real_syscall(SYS_ioctl, fd, request, argument);
        if (r == 0 && request == FICLONE) {
                int error = errno;
                off_t size = (off_t) real_syscall(SYS_lseek, fd, 0L, SEEK_END);

                put_data(fd, 0, (size_t) size, count());
                errno = error;
        }
        return (int) r;
}

/* Puts a record for a call that succeeded, and passes its result on. */
static int traced(long result, Record record, const char *name, const char *other_name) {
        int error = errno;

        if (result == 0)
                put(record, name, other_name, NULL);
        errno = error;
        return (int) result;
}

static int do_truncate(int fd, off_t size) {
        uint32_t number = count();

        return traced(real_syscall(SYS_ftruncate, fd, (long) size),
                      (Record){ .kind = KIND_TRUNCATE, .fd = fd, .offset = (uint64_t) size, .number = number },
                      NULL, NULL);
}

int ftruncate(int fd, off_t size) {
        return do_truncate(fd, size);
}

int ftruncate64(int fd, off64_t size) {
        return do_truncate(fd, size);
}

/* Only what enlarges a file shows in it. */
static int do_allocate(int fd, int mode, off_t offset, off_t size) {
        uint32_t number = count();
        struct stat st;
        long r = real_syscall(SYS_fallocate, fd, mode, (long) offset, (long) size);

        if (r == 0 && real_syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH) == 0)
                put((Record){ .kind = mode & ~FALLOC_FL_KEEP_SIZE ? KIND_OTHER : KIND_TRUNCATE, .fd = fd,
                              .offset = (uint64_t) st.st_size, .number = number }, "fallocate", NULL, NULL);
        return (int) r;
}

int fallocate(int fd, int mode, off_t offset, off_t size) {
        return do_allocate(fd, mode, offset, size);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t size) {
        return do_allocate(fd, mode, offset, size);
}

int posix_fallocate(int fd, off_t offset, off_t size) {
        return do_allocate(fd, 0, offset, size) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off64_t offset, off64_t size) {
        return do_allocate(fd, 0, offset, size) == 0 ? 0 : errno;
}

int fsync(int fd) {
        uint32_t number = count();

        return traced(real_syscall(SYS_fsync, fd), (Record){ .kind = KIND_SYNC, .fd = fd, .number = number }, NULL,
                      NULL);
}

int fdatasync(int fd) {
        uint32_t number = count();

        return traced(real_syscall(SYS_fdatasync, fd), (Record){ .kind = KIND_SYNC, .fd = fd, .number = number },
                      NULL, NULL);
}

int syncfs(int fd) {
        uint32_t number = count();

        return traced(real_syscall(SYS_syncfs, fd), (Record){ .kind = KIND_SYNC_ALL, .fd = fd, .number = number },
                      NULL, NULL);
}

/* Promises nothing about the size of the file, so it makes nothing durable here. */
int sync_file_range(int fd, off64_t offset, off64_t size, unsigned flags) {
        count();
        return (int) real_syscall(SYS_sync_file_range, fd, (long) offset, (long) size, flags);
}

static int do_rename(int old_dir, const char *old_name, int new_dir, const char *new_name, unsigned flags) {
        uint32_t number = count();

        return traced(real_syscall(SYS_renameat2, old_dir, old_name, new_dir, new_name, flags),
                      (Record){ .kind = flags & RENAME_EXCHANGE ? KIND_OTHER : KIND_RENAME, .fd = old_dir,
                                .other_fd = new_dir, .number = number }, old_name, new_name);
}

int rename(const char *old_name, const char *new_name) {
        return do_rename(AT_FDCWD, old_name, AT_FDCWD, new_name, 0);
}

int renameat(int old_dir, const char *old_name, int new_dir, const char *new_name) {
        return do_rename(old_dir, old_name, new_dir, new_name, 0);
}

int renameat2(int old_dir, const char *old_name, int new_dir, const char *new_name, unsigned flags) {
        return do_rename(old_dir, old_name, new_dir, new_name, flags);
}

int linkat(int old_dir, const char *old_name, int new_dir, const char *new_name, int flags) {
        uint32_t number = count();

        return traced(real_syscall(SYS_linkat, old_dir, old_name, new_dir, new_name, flags),
                      (Record){ .kind = KIND_LINK, .fd = old_dir, .other_fd = new_dir, .number = number }, old_name,
                      new_name);
}

int link(const char *old_name, const char *new_name) {
        return linkat(AT_FDCWD, old_name, AT_FDCWD, new_name, 0);
}

int unlinkat(int dir_fd, const char *name, int flags) {
        uint32_t number = count();

        return traced(real_syscall(SYS_unlinkat, dir_fd, name, flags),
                      (Record){ .kind = KIND_UNLINK, .fd = dir_fd, .number = number }, name, NULL);
}

int unlink(const char *name) {
        return unlinkat(AT_FDCWD, name, 0);
}

int rmdir(const char *name) {
        return unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}

int mkdirat(int dir_fd, const char *name, mode_t mode) {
        uint32_t number = count();

        return traced(real_syscall(SYS_mkdirat, dir_fd, name, mode),
                      (Record){ .kind = KIND_MKDIR, .fd = dir_fd, .number = number }, name, NULL);
}

int mkdir(const char *name, mode_t mode) {
        return mkdirat(AT_FDCWD, name, mode);
}

static int do_set_time(int fd, const char *name, const struct timespec times[2], int flags) {
        uint32_t number = count();
        uint64_t sec = times ? (uint64_t) times[1].tv_sec : 0;

        return traced(real_syscall(SYS_utimensat, fd, name, times, flags),
                      (Record){ .kind = KIND_TIME, .fd = fd, .offset = sec, .number = number }, name, NULL);
}

int utimensat(int fd, const char *name, const struct timespec times[2], int flags) {
        return do_set_time(fd, name, times, flags);
}

int futimens(int fd, const struct timespec times[2]) {
        return do_set_time(fd, NULL, times, 0);
}

int fchmod(int fd, mode_t mode) {
        uint32_t number = count();

        return traced(real_syscall(SYS_fchmod, fd, mode),
                      (Record){ .kind = KIND_MODE, .fd = fd, .flags = mode, .number = number }, NULL, NULL);
}
