/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a connection comes from and arrives, as texts for the log and the environment. */
#pragma once

#include <arpa/inet.h>
#include <stdbool.h>

enum { PORT_TEXT_SIZE = 6 };

typedef struct ClientAddress {
        char remote_ip[INET6_ADDRSTRLEN];
        char remote_port[PORT_TEXT_SIZE];
        char local_ip[INET6_ADDRSTRLEN];
        char local_port[PORT_TEXT_SIZE];
        bool loopback; /* both ends are on this machine's loopback: nothing crosses a wire */
} ClientAddress;

/* Outcomes of client_address_read(). */
enum {
        CLIENT_THERE = 0,
        CLIENT_GONE, /* it has reset the connection already; a port scan does that */
};

/**
 * client_address_read() - ask a connected socket for its two ends
 *
 * A mapped IPv4 address is written as IPv4. A unix socket has what TCPREMOTEIP and its
 * relatives say, otherwise 127.0.0.1 and port 0, and counts as loopback only in that case.
 * Return: CLIENT_THERE, CLIENT_GONE or negative errno.
 */
[[nodiscard]] int client_address_read(int fd, ClientAddress *ret_address);

/** client_socket_tune() - no delay of small packets, and notice dead peers; TCP only */
void client_socket_tune(int fd);
