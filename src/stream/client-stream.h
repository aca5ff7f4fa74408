/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Octets from and to one client: a bounded input buffer, output that gathers and is drained,
 * a deadline on each wait, and a stop descriptor watched in both.
 *
 * Waiting for input first drains the output, so an answer never waits for the next command.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

typedef struct ClientStream ClientStream;

/* Outcomes. Losing the client is one, not a machine's failure: nothing here is negative but
 * what a sink returns. */
enum {
        STREAM_DONE = 0,
        STREAM_CLOSED,   /* the client closed, or the connection broke */
        STREAM_TIMEOUT,  /* it did not write, or not read, for too long */
        STREAM_TOO_LONG, /* no line end within the limit */
        STREAM_STOPPED,  /* the stop descriptor is readable, and we would have to wait */
};

enum {
        STREAM_OUTPUT_MAX = 64 * 1024,    /* gathered output is drained above this */
        STREAM_READ_OCTETS = 16 * 1024,   /* at most this is read at once */
        STREAM_READ_OCTETS_MAX = 256 * 1024, /* of octets whose number is known, literals */
        STREAM_WRITE_TIMEOUT_SEC = 60,    /* a client that takes nothing for so long is gone */
};

/**
 * client_stream_new() - talk over two descriptors (the same one twice for a socket)
 * @in_fd, @out_fd:  borrowed, and left in their blocking mode
 * @stop_fd:         borrowed; readable when it is time to end (stop_signal_open()); -EBADF for none
 */
[[nodiscard]] ClientStream *client_stream_new(int in_fd, int out_fd, int stop_fd);
ClientStream *client_stream_free(ClientStream *stream);
DEFINE_CLEANUP(ClientStream *, client_stream_free);

/**
 * client_stream_compress() - everything from here on is compressed, in both directions
 *
 * What was gathered before is written as it is; what was read and not yet taken counts as
 * compressed. Return: an outcome of that writing.
 */
[[nodiscard]] int client_stream_compress(ClientStream *stream);

/** client_stream_has_output() - something is to be written, gathered or half way out */
bool client_stream_has_output(const ClientStream *stream);

/** client_stream_preload() - octets that were read by somebody else and come first */
void client_stream_preload(ClientStream *stream, const void *data, size_t size);

/**
 * client_stream_set_input_timeout() - how long one wait for input may take, and all of them
 * @quiet_usec:     without a single octet; USEC_INFINITY for ever
 * @deadline_usec:  clock_monotonic_usec() at which all waiting ends; USEC_INFINITY for none
 */
void client_stream_set_input_timeout(ClientStream *stream, uint64_t quiet_usec,
                                     uint64_t deadline_usec);

/**
 * client_stream_set_before_write() - what must be done before the client hears anything
 * @before:  called each time when gathered output is about to be written; when it returns
 *           other than 0 nothing is, now or later: the client is given up (STREAM_CLOSED)
 */
void client_stream_set_before_write(ClientStream *stream, int (*before)(void *userdata),
                                    void *userdata);

/** client_stream_set_write_timeout() - STREAM_WRITE_TIMEOUT_SEC at first */
void client_stream_set_write_timeout(ClientStream *stream, uint64_t usec);

/**
 * client_stream_read_line() - append one line, with its LF, to target
 * @limit:  octets of the line; after STREAM_TOO_LONG so many are in target (a tag stands
 *          there), and the rest is for client_stream_skip_line()
 *
 * On other outcomes target is as it was, and what came of the line is lost.
 */
[[nodiscard]] int client_stream_read_line(ClientStream *stream, size_t limit, Buffer *target);

/** client_stream_skip_line() - drop octets up to and including the next LF */
[[nodiscard]] int client_stream_skip_line(ClientStream *stream);

/** client_stream_read_octets() - append exactly size octets, which the caller has bounded */
[[nodiscard]] int client_stream_read_octets(ClientStream *stream, size_t size, Buffer *target);

/* Takes some octets of a literal. Negative errno: the rest is read and dropped. */
typedef int (*StreamSink)(void *userdata, const void *data, size_t size);

/**
 * client_stream_pass_octets() - hand exactly size octets to a sink, piece by piece
 * @sink:  NULL drops them
 *
 * Return: an outcome, or the sink's negative value after all octets were read.
 */
[[nodiscard]] int client_stream_pass_octets(ClientStream *stream, uint64_t size,
                                            StreamSink sink, void *userdata);

/** client_stream_pending() - octets read and not yet taken; valid until the next read */
const void *client_stream_pending(const ClientStream *stream, size_t *ret_size);

/** client_stream_output() - where to append; drain with client_stream_flush_large() */
Buffer *client_stream_output(ClientStream *stream);

/** client_stream_flush() - write everything; client_stream_flush_large() if > STREAM_OUTPUT_MAX */
[[nodiscard]] int client_stream_flush(ClientStream *stream);
[[nodiscard]] int client_stream_flush_large(ClientStream *stream);

/** client_stream_write() - append data of any size, flushing so that little is kept */
[[nodiscard]] int client_stream_write(ClientStream *stream, const void *data, size_t size);

/* What client_stream_wait() found. */
enum {
        STREAM_INPUT_READY = 1 << 0,
        STREAM_EXTRA_READY = 1 << 1,
};

/**
 * client_stream_wait() - drain the output, then wait for input or for something else (IDLE)
 * @extra_fd:       readable is ready; -EBADF for none
 * @timeout_usec:   from now; STREAM_TIMEOUT when nothing happened
 * @ret_ready:      on STREAM_DONE a set of STREAM_…_READY
 */
[[nodiscard]] int client_stream_wait(ClientStream *stream, int extra_fd, uint64_t timeout_usec,
                                     unsigned *ret_ready);

/** client_stream_is_stopped() - the stop descriptor is readable; for long work without waits */
bool client_stream_is_stopped(ClientStream *stream);

/**
 * client_stream_look() - for loops that do not wait: is there still somebody to work for?
 * @now_usec:  clock_monotonic_usec(); every 10 ms the kernel is asked, however fast a loop turns
 *
 * A client that has only ended its side, and reads, is still there. Return: STREAM_DONE,
 * STREAM_STOPPED; STREAM_CLOSED, not for pipes.
 */
[[nodiscard]] int client_stream_look(ClientStream *stream, uint64_t now_usec);

/* On the wire: compressed octets, where that is so. */
uint64_t client_stream_n_received(const ClientStream *stream);
uint64_t client_stream_n_sent(const ClientStream *stream);
