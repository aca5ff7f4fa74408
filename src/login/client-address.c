/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two ends of a client's socket. */
#include "login/client-address.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "basic/log.h"
#include "basic/memory.h"

typedef union SocketAddress {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage storage;
} SocketAddress;

static void unmap(SocketAddress *address) {
        struct sockaddr_in in = { .sin_family = AF_INET };

        if (address->any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&address->in6.sin6_addr))
                return;
        in.sin_port = address->in6.sin6_port;
        memcpy(&in.sin_addr, address->in6.sin6_addr.s6_addr + 12, sizeof(in.sin_addr));
        address->in = in;
}

static bool is_loopback(const SocketAddress *address) {
        if (address->any.sa_family == AF_INET)
                return ntohl(address->in.sin_addr.s_addr) >> 24 == 127;
        return IN6_IS_ADDR_LOOPBACK(&address->in6.sin6_addr);
}

static void write_texts(const SocketAddress *address, char ip[INET6_ADDRSTRLEN],
                        char port[PORT_TEXT_SIZE]) {
        bool is_v4 = address->any.sa_family == AF_INET;
        const void *number = is_v4 ? (const void *) &address->in.sin_addr
                                   : (const void *) &address->in6.sin6_addr;

        (void) inet_ntop(address->any.sa_family, number, ip, INET6_ADDRSTRLEN); /* it fits */
        snprintf(port, PORT_TEXT_SIZE, "%u",
                 (unsigned) ntohs(is_v4 ? address->in.sin_port : address->in6.sin6_port));
}

static void copy_setting(char *target, size_t room, const char *name, const char *fallback) {
        const char *value = getenv(name);

        snprintf(target, room, "%s", value && *value ? value : fallback);
}

static void read_environment(ClientAddress *address) {
        address->loopback = !getenv("TCPREMOTEIP");
        copy_setting(address->remote_ip, INET6_ADDRSTRLEN, "TCPREMOTEIP", "127.0.0.1");
        copy_setting(address->remote_port, PORT_TEXT_SIZE, "TCPREMOTEPORT", "0");
        copy_setting(address->local_ip, INET6_ADDRSTRLEN, "TCPLOCALIP", "127.0.0.1");
        copy_setting(address->local_port, PORT_TEXT_SIZE, "TCPLOCALPORT", "0");
}

int client_address_read(int fd, ClientAddress *ret_address) {
        SocketAddress remote, local;
        socklen_t remote_size = sizeof(remote), local_size = sizeof(local);
        ClientAddress address = { 0 };

        if (getpeername(fd, &remote.any, &remote_size) < 0 ||
            getsockname(fd, &local.any, &local_size) < 0)
                return errno == ENOTCONN ? CLIENT_GONE
                                         : failed(-errno, "find out who the client is");
        if (remote.any.sa_family == AF_INET || remote.any.sa_family == AF_INET6) {
                unmap(&remote);
                unmap(&local);
                write_texts(&remote, address.remote_ip, address.remote_port);
                write_texts(&local, address.local_ip, address.local_port);
                address.loopback = is_loopback(&remote) && is_loopback(&local);
        } else {
                read_environment(&address);
        }
        *ret_address = address;
        return CLIENT_THERE;
}

void client_socket_tune(int fd) {
        static const struct {
                int level, name, value;
        } options[] = {
                { IPPROTO_TCP, TCP_NODELAY, 1 },
                { SOL_SOCKET, SO_KEEPALIVE, 1 },
                { IPPROTO_TCP, TCP_KEEPIDLE, 300 },
                { IPPROTO_TCP, TCP_KEEPINTVL, 60 },
                { IPPROTO_TCP, TCP_KEEPCNT, 5 },
        };

        for (size_t i = 0; i < ELEMENTSOF(options); i++)
                (void) setsockopt(fd, options[i].level, options[i].name, &options[i].value,
                                  sizeof(int)); /* not TCP, or a kernel without it: works too */
}
