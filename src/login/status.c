/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One datagram to systemd; the session, which has more to tell, opens its own socket. */
#include "login/status.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "basic/fd.h"
#include "basic/text.h"

void login_status_send(const char *format, ...) {
        const char *path = getenv("NOTIFY_SOCKET");
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        size_t size = path ? strlen(path) : 0;
        _cleanup_free_ char *text = NULL, *line = NULL;
        _cleanup_close_ int fd = -EBADF;
        va_list args;

        if (size < 2 || size >= sizeof(address.sun_path))
                return;
        memcpy(address.sun_path, path, size);
        if (path[0] == '@')
                address.sun_path[0] = '\0'; /* the abstract namespace */
        va_start(args, format);
        text = text_vprintf(format, args);
        va_end(args);
        line = text_printf("STATUS=%s", text);
        fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd >= 0) /* a courtesy: nothing depends on it */
                (void) sendto(fd, line, strlen(line), MSG_NOSIGNAL,
                              (const struct sockaddr *) &address,
                              (socklen_t) (offsetof(struct sockaddr_un, sun_path) + size));
}
