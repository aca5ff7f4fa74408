/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole session: the input is what the client sends, the Maildir is a new one each time. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "imapd/imap-session.h"
#include "session/birth.h"
#include "store/store.h"
#include "stream/client-stream.h"

enum { INPUT_MAX = 256 * 1024 };

static const char message[] = "From: ann@example.com\nSubject: =?utf-8?q?h=C3=A9?=\n"
                              "Content-Type: multipart/mixed; boundary=b\n\n"
                              "--b\n\none\n--b\nContent-Type: text/html\n\n<p>two\n--b--\n";

static int on_entry(const char *path, const struct stat *st, int type, struct FTW *where) {
        return remove(path);
}

static void write_message(const char *maildir, const char *name) {
        _cleanup_free_ char *path = text_printf("%s/cur/%s", maildir, name);
        _cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

        if (fd < 0 || fd_write_all(fd, message, sizeof(message) - 1) < 0)
                abort();
}

static int input_of(const uint8_t *data, size_t size) {
        int fd = memfd_create("input", MFD_CLOEXEC);

        if (fd < 0 || fd_write_all(fd, data, size) < 0 || lseek(fd, 0, SEEK_SET) < 0)
                abort();
        return fd;
}

static void talk(const char *maildir, int in_fd, int out_fd) {
        Session birth = { .maildir_fd = -EBADF, .status_fd = -EBADF,
                          .facts = { .user = text_dup("ann"), .remote_ip = text_dup("127.0.0.1"),
                                     .remote_port = text_dup("0"), .options = text_dup(""),
                                     .pending_fd = -EBADF } };
        _cleanup_(client_stream_freep) ClientStream *stream = NULL;
        StoreSettings settings;
        ImapSession session;

        store_settings_read(&settings);
        if (store_open(maildir, &settings, &birth.store) != STORE_DONE)
                abort();
        write_message(maildir, "1700000001.M1P1.host:2,S");
        write_message(maildir, "1700000002.M1P1.host:2,");

        stream = client_stream_new(in_fd, out_fd, -EBADF);
        imap_session_init(&session, &birth, stream);
        (void) imap_session_run(&session); /* how it ends does not matter here */
        imap_session_done(&session);
        session_done(&birth);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        char directory[] = "/tmp/fuzz-imap-session-XXXXXX";
        _cleanup_close_ int out_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
        _cleanup_close_ int in_fd = -EBADF;
        _cleanup_free_ char *maildir = NULL;

        if (size > INPUT_MAX || !mkdtemp(directory))
                return 0;
        log_set_max_level(LOG_EMERG);
        in_fd = input_of(data, size);
        maildir = text_printf("%s/Maildir", directory);
        talk(maildir, in_fd, out_fd);
        (void) nftw(directory, on_entry, 16, FTW_DEPTH | FTW_PHYS); /* the next one is new */
        return 0;
}
