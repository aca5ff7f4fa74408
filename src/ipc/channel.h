/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unix sockets between our processes: connect, send and receive with a deadline, bounded
 * records, at most one descriptor a record (unix(7), SCM_RIGHTS).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Outcomes; negative values are errno, already reported. */
enum {
        CHANNEL_DONE = 0,
        CHANNEL_CLOSED,   /* the other side has ended */
        CHANNEL_TIMEOUT,  /* the deadline has passed */
        CHANNEL_TOO_LONG, /* the record is larger than the caller takes; it is lost */
        CHANNEL_ABSENT,   /* nobody listens at that path */
};

/** channel_outcome_text() - "has closed the connection", "did not answer in time", … for logs */
const char *channel_outcome_text(int outcome);

/**
 * channel_path() - the path of one of our sockets, "$COURIER_RUNDIR/name"
 *
 * Return: owned by the caller; /run/courier when the variable is unset.
 */
[[nodiscard]] char *channel_path(const char *name);

/**
 * channel_connect() - connect to a listening unix socket
 * @type:     SOCK_STREAM or SOCK_SEQPACKET
 * @ret_fd:   close-on-exec, non-blocking
 *
 * A full backlog is waited for until the deadline. Return: CHANNEL_DONE, CHANNEL_ABSENT,
 * CHANNEL_TIMEOUT or negative errno.
 */
[[nodiscard]] int channel_connect(const char *path, int type, uint64_t deadline_usec, int *ret_fd);

/** channel_pair() - two connected ends, close-on-exec. Return: 0 or negative errno */
[[nodiscard]] int channel_pair(int type, int ret_fds[2]);

/**
 * channel_send() - send one record, on a stream all its octets
 * @passed_fd:  travels with the first octet; stays the caller's; -EBADF for none
 *
 * Works on blocking and non-blocking descriptors alike, raises no SIGPIPE.
 * Return: CHANNEL_DONE, CHANNEL_CLOSED, CHANNEL_TIMEOUT or negative errno.
 */
[[nodiscard]] int channel_send(int fd, const void *data, size_t size, int passed_fd,
                               uint64_t deadline_usec);

/**
 * channel_receive() - receive one record of a SEQPACKET socket, or what a stream has
 * @size:      room at @data; a larger record is CHANNEL_TOO_LONG
 * @ret_size:  never 0
 * @ret_fd:    the descriptor that came along, close-on-exec, owned by the caller, or -EBADF;
 *             NULL closes what comes. More than one closes all and is CHANNEL_TOO_LONG.
 */
[[nodiscard]] int channel_receive(int fd, void *data, size_t size, uint64_t deadline_usec,
                                  size_t *ret_size, int *ret_fd);

/**
 * channel_receive_line() - read a stream up to the first line feed
 * @size:      room at @data, terminating NUL included; a longer line is CHANNEL_TOO_LONG
 * @ret_size:  octets before the line feed; data[*ret_size] is NUL
 *
 * For one line a connection: octets behind the line feed are dropped. A stream that ends
 * before a line feed is CHANNEL_CLOSED. The caller wipes @data on every return when secrets
 * may be in it.
 */
[[nodiscard]] int channel_receive_line(int fd, char *data, size_t size, uint64_t deadline_usec,
                                       size_t *ret_size);

/** channel_peer_uid() - who connected or listens (SO_PEERCRED). Return: 0 or negative errno */
[[nodiscard]] int channel_peer_uid(int fd, uid_t *ret_uid);
