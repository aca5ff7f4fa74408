/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "basic/clock.h"
#include "basic/fd.h"
#include "stream/client-stream.h"

/* A stream, the client's end of its socket, and a stop descriptor. */
typedef struct Pair {
        ClientStream *stream;
        int client, server, stop;
} Pair;

static Pair pair_open(void) {
        Pair pair = { 0 };
        int fds[2];

        CHECK_NUMBER(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
        pair.client = fds[0];
        pair.server = fds[1];
        pair.stop = eventfd(0, EFD_CLOEXEC);
        pair.stream = client_stream_new(pair.server, pair.server, pair.stop);
        client_stream_set_input_timeout(pair.stream, 5 * USEC_PER_SEC, USEC_INFINITY);
        return pair;
}

static void pair_close(Pair *pair) {
        client_stream_free(pair->stream);
        fd_close(pair->client);
        fd_close(pair->server);
        fd_close(pair->stop);
}

static void say(const Pair *pair, const char *text) {
        CHECK_NUMBER(fd_write_all(pair->client, text, strlen(text)), 0);
}

static void stop(const Pair *pair) {
        CHECK_NUMBER(eventfd_write(pair->stop, 1), 0);
}

/* What the client has received so far. */
static const char *heard(const Pair *pair) {
        static char text[1024];
        ssize_t n = recv(pair->client, text, sizeof(text) - 1, MSG_DONTWAIT);

        text[n > 0 ? n : 0] = '\0';
        return text;
}

TEST("lines and octets come as they were sent, in whatever pieces") {
        _cleanup_(pair_close) Pair pair = pair_open();
        _cleanup_buffer_ Buffer data = { 0 };

        say(&pair, "a LOGIN {5}\r\nhel");
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_DONE);
        CHECK_TEXT(data.data, "a LOGIN {5}\r\n");
        say(&pair, "lo x\nb NO");
        CHECK_NUMBER(client_stream_read_octets(pair.stream, 5, &data), STREAM_DONE);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_DONE);
        CHECK_TEXT(data.data, "a LOGIN {5}\r\nhello x\n");
        say(&pair, "OP\r\n");
        buffer_clear(&data);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_DONE);
        CHECK_TEXT(data.data, "b NOOP\r\n");
        CHECK_NUMBER(client_stream_n_received(pair.stream), 29);
}

TEST("octets that somebody else read come first") {
        _cleanup_(pair_close) Pair pair = pair_open();
        _cleanup_buffer_ Buffer data = { 0 };
        size_t size;

        client_stream_preload(pair.stream, "a NOOP\r\nb", 9);
        say(&pair, " NOOP\r\nc NOOP");
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_DONE);
        CHECK(client_stream_pending(pair.stream, &size) && size == 1);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_DONE);
        CHECK_TEXT(data.data, "a NOOP\r\nb NOOP\r\n");
        CHECK(memcmp(client_stream_pending(pair.stream, &size), "c NOOP", 6) == 0 && size == 6);
}

TEST("a line over the limit is told, its start kept, its rest skipped") {
        _cleanup_(pair_close) Pair pair = pair_open();
        _cleanup_buffer_ Buffer data = { 0 };

        say(&pair, "a 3456789\nb NOOP\n0123456789\n");
        CHECK_NUMBER(client_stream_read_line(pair.stream, 9, &data), STREAM_TOO_LONG);
        CHECK_TEXT(data.data, "a 3456789");
        CHECK_NUMBER(client_stream_skip_line(pair.stream), STREAM_DONE);
        buffer_clear(&data);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 7, &data), STREAM_DONE);
        CHECK_TEXT(data.data, "b NOOP\n");
        CHECK_NUMBER(client_stream_read_line(pair.stream, 10, &data), STREAM_TOO_LONG);
}

TEST("the client's end is told, and half a line is nothing") {
        _cleanup_(pair_close) Pair pair = pair_open();
        _cleanup_buffer_ Buffer data = { 0 };

        say(&pair, "a NOO");
        CHECK_NUMBER(shutdown(pair.client, SHUT_WR), 0);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_CLOSED);
        CHECK_NUMBER(data.size, 0);
        CHECK_NUMBER(client_stream_skip_line(pair.stream), STREAM_CLOSED);
        buffer_append_text(client_stream_output(pair.stream), "* BYE\r\n"); /* half closed: it still listens */
        CHECK_NUMBER(client_stream_flush(pair.stream), STREAM_DONE);
        CHECK_TEXT(heard(&pair), "* BYE\r\n");
}

TEST("silence and trickling both end at their time") {
        _cleanup_(pair_close) Pair pair = pair_open();
        _cleanup_buffer_ Buffer data = { 0 };
        uint64_t start = clock_monotonic_usec();

        client_stream_set_input_timeout(pair.stream, 20 * USEC_PER_MSEC, USEC_INFINITY);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_TIMEOUT);
        CHECK(clock_monotonic_usec() - start >= 20 * USEC_PER_MSEC);
        client_stream_set_input_timeout(pair.stream, USEC_INFINITY, clock_deadline_usec(0));
        say(&pair, "a NOOP\r\n");
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_TIMEOUT);
}

TEST("waiting for input sends the output first") {
        _cleanup_(pair_close) Pair pair = pair_open();
        _cleanup_buffer_ Buffer data = { 0 };

        buffer_append_text(client_stream_output(pair.stream), "+ OK\r\n");
        client_stream_set_input_timeout(pair.stream, 1, USEC_INFINITY);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_TIMEOUT);
        CHECK_TEXT(heard(&pair), "+ OK\r\n");
        CHECK_NUMBER(client_stream_n_sent(pair.stream), 6);
}

static int before_write(void *userdata) {
        int *state = userdata;

        state[0]++;
        return state[1];
}

TEST("what must be done before the client hears anything is done, and its failure is the end") {
        _cleanup_(pair_close) Pair pair = pair_open();
        int state[2] = { 0, 0 };

        client_stream_set_before_write(pair.stream, before_write, state);
        CHECK_NUMBER(client_stream_flush(pair.stream), STREAM_DONE);
        CHECK_NUMBER(state[0], 0); /* there was nothing to say */
        buffer_append_text(client_stream_output(pair.stream), "a OK\r\n");
        CHECK_NUMBER(client_stream_flush(pair.stream), STREAM_DONE);
        CHECK_NUMBER(state[0], 1);
        CHECK_TEXT(heard(&pair), "a OK\r\n");
        state[1] = -EIO;
        buffer_append_text(client_stream_output(pair.stream), "b OK\r\n");
        CHECK_NUMBER(client_stream_flush(pair.stream), STREAM_CLOSED);
        state[1] = 0;
        CHECK_NUMBER(client_stream_flush(pair.stream), STREAM_CLOSED);
        CHECK_TEXT(heard(&pair), "");
}

TEST("the stop signal ends a wait for input, also when the client is never silent") {
        _cleanup_(pair_close) Pair pair = pair_open();
        _cleanup_buffer_ Buffer data = { 0 };

        CHECK(!client_stream_is_stopped(pair.stream));
        CHECK_NUMBER(client_stream_look(pair.stream, 1000000), STREAM_DONE);
        stop(&pair);
        CHECK(client_stream_is_stopped(pair.stream));
        CHECK_NUMBER(client_stream_look(pair.stream, 1009999), STREAM_DONE); /* not looked for yet */
        CHECK_NUMBER(client_stream_look(pair.stream, 1010000), STREAM_STOPPED);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_STOPPED);
        say(&pair, "a NOOP\r\n");
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_STOPPED);
        buffer_append_text(client_stream_output(pair.stream), "* BYE\r\n");
        CHECK_NUMBER(client_stream_flush(pair.stream), STREAM_DONE); /* no wait is needed */
        CHECK_TEXT(heard(&pair), "* BYE\r\n");
}

/* Fills what the kernel keeps of a client that does not read. */
static int write_much(ClientStream *stream) {
        _cleanup_free_ char *much = make_array(char, 8 << 20);

        return client_stream_write(stream, much, 8 << 20);
}

TEST("a client that does not read times out, for ever, and little is kept") {
        _cleanup_(pair_close) Pair pair = pair_open();
        _cleanup_buffer_ Buffer data = { 0 };

        client_stream_set_write_timeout(pair.stream, 20 * USEC_PER_MSEC);
        CHECK_NUMBER(write_much(pair.stream), STREAM_TIMEOUT);
        CHECK(client_stream_output(pair.stream)->size <= 2 * STREAM_OUTPUT_MAX);
        CHECK_NUMBER(client_stream_flush(pair.stream), STREAM_TIMEOUT);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_TIMEOUT);
}

TEST("the stop signal ends a wait for a client that does not read") {
        _cleanup_(pair_close) Pair pair = pair_open();

        stop(&pair);
        CHECK_NUMBER(write_much(pair.stream), STREAM_STOPPED);
}

TEST("a client that is gone is told, without a signal") {
        _cleanup_(pair_close) Pair pair = pair_open();

        pair.client = fd_close(pair.client);
        CHECK_NUMBER(write_much(pair.stream), STREAM_CLOSED);
        CHECK_NUMBER(client_stream_flush(pair.stream), STREAM_CLOSED);
}

TEST("small writes gather, large ones go out in order to a slow reader") {
        _cleanup_(pair_close) Pair pair = pair_open();
        enum { SIZE = 1 << 20 };
        _cleanup_free_ char *sent = make_array(char, SIZE), *received = make_array(char, SIZE);
        size_t n_received;
        pid_t child;

        CHECK_NUMBER(client_stream_write(pair.stream, "x", 1), STREAM_DONE);
        CHECK_TEXT(heard(&pair), "");
        CHECK_NUMBER(client_stream_flush_large(pair.stream), STREAM_DONE);
        CHECK_TEXT(heard(&pair), "");
        CHECK_NUMBER(client_stream_flush(pair.stream), STREAM_DONE);
        CHECK_TEXT(heard(&pair), "x");

        for (size_t i = 0; i < SIZE; i++)
                sent[i] = (char) (i * 7 + i / 251);
        child = fork();
        if (child == 0)
                _exit(client_stream_write(pair.stream, sent, SIZE) != STREAM_DONE ||
                      client_stream_flush(pair.stream) != STREAM_DONE);
        CHECK_NUMBER(fd_read_all(pair.client, received, SIZE, &n_received), 0);
        CHECK_NUMBER(n_received, SIZE);
        CHECK(memcmp(sent, received, SIZE) == 0);
        CHECK_NUMBER(waitpid(child, &(int){ 0 }, 0), child);
}

static int count_octets(void *userdata, const void *data, size_t size) {
        size_t *n = userdata;

        *n += size;
        return *n > 5 ? -ENOSPC : 0;
}

TEST("a literal goes to a sink; when that fails, the rest is dropped and the talk goes on") {
        _cleanup_(pair_close) Pair pair = pair_open();
        _cleanup_buffer_ Buffer data = { 0 };
        size_t n = 0;

        say(&pair, "hello");
        CHECK_NUMBER(client_stream_pass_octets(pair.stream, 5, count_octets, &n), STREAM_DONE);
        CHECK_NUMBER(n, 5);
        say(&pair, "hello rest\n");
        CHECK_NUMBER(client_stream_pass_octets(pair.stream, 5, count_octets, &n), -ENOSPC);
        CHECK_NUMBER(client_stream_pass_octets(pair.stream, 1, NULL, NULL), STREAM_DONE);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_DONE);
        CHECK_TEXT(data.data, "rest\n");
        CHECK_NUMBER(client_stream_pass_octets(pair.stream, 0, NULL, NULL), STREAM_DONE);
}

TEST("a wait tells input from other news, silence and the end") {
        _cleanup_(pair_close) Pair pair = pair_open();
        _cleanup_close_ int news = eventfd(0, EFD_CLOEXEC);
        _cleanup_buffer_ Buffer data = { 0 };
        unsigned ready = 0;

        CHECK_NUMBER(client_stream_wait(pair.stream, news, 1, &ready), STREAM_TIMEOUT);
        CHECK_NUMBER(client_stream_wait(pair.stream, -EBADF, 1, &ready), STREAM_TIMEOUT);
        CHECK_NUMBER(eventfd_write(news, 1), 0);
        CHECK_NUMBER(client_stream_wait(pair.stream, news, USEC_INFINITY, &ready), STREAM_DONE);
        CHECK_NUMBER(ready, STREAM_EXTRA_READY);
        say(&pair, "DONE\r\nx");
        CHECK_NUMBER(client_stream_wait(pair.stream, news, USEC_INFINITY, &ready), STREAM_DONE);
        CHECK_NUMBER(ready, STREAM_EXTRA_READY | STREAM_INPUT_READY);
        CHECK_NUMBER(client_stream_read_line(pair.stream, 100, &data), STREAM_DONE);
        CHECK_NUMBER(client_stream_wait(pair.stream, news, USEC_INFINITY, &ready), STREAM_DONE);
        CHECK_NUMBER(ready, STREAM_INPUT_READY); /* the x that is here already */
        stop(&pair);
        CHECK_NUMBER(client_stream_pass_octets(pair.stream, 1, NULL, NULL), STREAM_DONE);
        CHECK_NUMBER(client_stream_wait(pair.stream, news, USEC_INFINITY, &ready), STREAM_STOPPED);
}

TEST("pipes work like sockets, and stay blocking") {
        int to_server[2], to_client[2];
        _cleanup_buffer_ Buffer data = { 0 };
        ClientStream *stream;
        char text[8] = "";

        CHECK_NUMBER(pipe2(to_server, O_CLOEXEC), 0);
        CHECK_NUMBER(pipe2(to_client, O_CLOEXEC), 0);
        (void) signal(SIGPIPE, SIG_IGN); /* as stop_signal_open() does */
        stream = client_stream_new(to_server[0], to_client[1], -EBADF);
        CHECK_NUMBER(fd_write_all(to_server[1], "a NOOP\n", 7), 0);
        CHECK_NUMBER(client_stream_read_line(stream, 100, &data), STREAM_DONE);
        CHECK_TEXT(data.data, "a NOOP\n");
        CHECK_NUMBER(client_stream_write(stream, "a OK\r\n", 6), STREAM_DONE);
        CHECK_NUMBER(client_stream_flush(stream), STREAM_DONE);
        CHECK_NUMBER(read(to_client[0], text, sizeof(text) - 1), 6);
        CHECK_TEXT(text, "a OK\r\n");
        client_stream_set_write_timeout(stream, 20 * USEC_PER_MSEC);
        CHECK_NUMBER(write_much(stream), STREAM_TIMEOUT);
        CHECK_NUMBER(client_stream_n_sent(stream), 6 + 65536);
        CHECK((fcntl(to_client[1], F_GETFL) & O_NONBLOCK) == 0);
        fd_close(to_server[1]);
        client_stream_free(stream);
        stream = client_stream_new(to_server[0], to_client[1], -EBADF);
        CHECK_NUMBER(client_stream_read_line(stream, 100, &data), STREAM_CLOSED);
        fd_close(to_client[0]);
        CHECK_NUMBER(write_much(stream), STREAM_CLOSED);
        client_stream_free(stream);
        fd_close(to_server[0]);
        fd_close(to_client[1]);
}

TEST("a farewell gets through a pipe after the stop signal") {
        _cleanup_close_ int stop_fd = eventfd(1, EFD_CLOEXEC);
        ClientStream *stream;
        char text[8] = "";
        int fds[2];

        CHECK_NUMBER(pipe2(fds, O_CLOEXEC), 0);
        stream = client_stream_new(fds[0], fds[1], stop_fd);
        CHECK_NUMBER(client_stream_write(stream, "* BYE\r\n", 7), STREAM_DONE);
        CHECK_NUMBER(client_stream_flush(stream), STREAM_DONE);
        CHECK_NUMBER(read(fds[0], text, sizeof(text) - 1), 7);
        CHECK_NUMBER(write_much(stream), STREAM_STOPPED);
        client_stream_free(stream);
        fd_close(fds[0]);
        fd_close(fds[1]);
}

TESTS_END
