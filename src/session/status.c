/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One datagram a status line; the protocol is too small to link libsystemd for it. */
#include "session/status.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "basic/buffer.h"
#include "basic/fd.h"
#include "basic/text.h"

enum { STATUS_MAX_OCTETS = 512 };

int status_open(void) {
        const char *path = getenv("NOTIFY_SOCKET");
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        _cleanup_close_ int fd = -EBADF;
        size_t size = path ? strlen(path) : 0;

        if (size < 2 || size >= sizeof(address.sun_path) || (path[0] != '/' && path[0] != '@'))
                return -EBADF;
        memcpy(address.sun_path, path, size);
        if (path[0] == '@')
                address.sun_path[0] = '\0'; /* the abstract namespace */
        (void) unsetenv("NOTIFY_SOCKET");   /* fails only for a name with '=' */

        fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0 || connect(fd, (const struct sockaddr *) &address,
                              (socklen_t) (offsetof(struct sockaddr_un, sun_path) + size)) < 0)
                return -EBADF; /* a status line is a courtesy: nothing depends on it */
        return TAKE_FD(fd);
}

void status_send(int fd, const char *format, ...) {
        _cleanup_free_ char *text = NULL, *shown = NULL;
        _cleanup_buffer_ Buffer datagram = { 0 };
        va_list args;

        if (fd < 0)
                return;
        va_start(args, format);
        text = text_vprintf(format, args);
        va_end(args);
        shown = text_for_log(text, STATUS_MAX_OCTETS);
        buffer_append_text(&datagram, "STATUS=");
        buffer_append_text(&datagram, shown);
        (void) send(fd, datagram.data, datagram.size, MSG_NOSIGNAL); /* a courtesy, see above */
}
