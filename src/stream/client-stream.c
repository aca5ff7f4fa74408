/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets from and to one client. */
#include "stream/client-stream.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/log.h"
#include "stream/deflate-layer.h"

/* What a pipe takes at least, once poll(2) says that it takes something. */
enum { PIPE_OCTETS = 4096 };

/* Memory of the output is given back when it has grown above this. */
enum { OUTPUT_KEPT = 4 * STREAM_OUTPUT_MAX };

/* Between two looks of a loop at who may end it. */
enum { LOOK_USEC = 10 * 1000 };

/*
 * How octets get through one descriptor without waiting: like read(2) and write(2), -EAGAIN
 * when they would wait.
 */
typedef struct StreamPort {
        int fd;
        bool needs_poll; /* no socket: only poll(2) tells whether it would wait */
        ssize_t (*transfer)(int fd, void *data, size_t size);
} StreamPort;

struct ClientStream {
        StreamPort in, out;
        int stop_fd;
        uint64_t next_look_usec; /* of a loop */

        Buffer input;    /* at most STREAM_READ_OCTETS_MAX, or what was preloaded */
        size_t input_at; /* octets of it that were taken */
        Buffer output;
        DeflateLayer *deflate; /* owned; NULL as long as nothing is compressed */
        Buffer packed;         /* with it: output that is compressed, not yet written */
        bool is_kept_back;     /* and some may be kept back in it */
        int lost; /* STREAM_CLOSED or STREAM_TIMEOUT once writing failed; then for ever */

        uint64_t quiet_usec, deadline_usec, write_timeout_usec;
        uint64_t n_received, n_sent;

        int (*before_write)(void *userdata); /* NULL when there is nothing to do before */
        void *before_write_userdata;         /* borrowed */
};

static ssize_t receive(int fd, void *data, size_t size) {
        return recv(fd, data, size, MSG_DONTWAIT);
}

static ssize_t transmit(int fd, void *data, size_t size) {
        return send(fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static ssize_t write_some(int fd, void *data, size_t size) {
        return write(fd, data, MIN(size, (size_t) PIPE_OCTETS));
}

/* The descriptors are somebody else's, a terminal's perhaps: they stay blocking as they are. */
static StreamPort port(int fd, ssize_t (*of_socket)(int, void *, size_t),
                       ssize_t (*of_file)(int, void *, size_t)) {
        struct stat facts;
        bool is_socket = fstat(fd, &facts) == 0 && S_ISSOCK(facts.st_mode);

        return (StreamPort){ fd, !is_socket, is_socket ? of_socket : of_file };
}

ClientStream *client_stream_new(int in_fd, int out_fd, int stop_fd) {
        return make(ClientStream,
                    .in = port(in_fd, receive, read),
                    .out = port(out_fd, transmit, write_some),
                    .stop_fd = stop_fd,
                    .quiet_usec = USEC_INFINITY,
                    .deadline_usec = USEC_INFINITY,
                    .write_timeout_usec = STREAM_WRITE_TIMEOUT_SEC * USEC_PER_SEC);
}

ClientStream *client_stream_free(ClientStream *stream) {
        if (stream) {
                buffer_done(&stream->input);
                buffer_done(&stream->output);
                buffer_done(&stream->packed);
                (void) deflate_layer_free(stream->deflate); /* returns NULL */
                free(stream);
        }
        return NULL;
}

void client_stream_preload(ClientStream *stream, const void *data, size_t size) {
        buffer_append(&stream->input, data, size);
        stream->n_received += size;
}

bool client_stream_has_output(const ClientStream *stream) {
        return stream->output.size > 0 || stream->packed.size > 0;
}

void client_stream_set_input_timeout(ClientStream *stream, uint64_t quiet_usec,
                                     uint64_t deadline_usec) {
        stream->quiet_usec = quiet_usec;
        stream->deadline_usec = deadline_usec;
}

void client_stream_set_write_timeout(ClientStream *stream, uint64_t usec) {
        stream->write_timeout_usec = usec;
}

void client_stream_set_before_write(ClientStream *stream, int (*before)(void *userdata),
                                    void *userdata) {
        stream->before_write = before;
        stream->before_write_userdata = userdata;
}

static bool has_input(const ClientStream *stream) {
        return stream->input_at < stream->input.size;
}

const void *client_stream_pending(const ClientStream *stream, size_t *ret_size) {
        *ret_size = stream->input.size - stream->input_at;
        return stream->input.data ? stream->input.data + stream->input_at : "";
}

Buffer *client_stream_output(ClientStream *stream) {
        return &stream->output;
}

uint64_t client_stream_n_received(const ClientStream *stream) {
        return stream->n_received;
}

uint64_t client_stream_n_sent(const ClientStream *stream) {
        return stream->n_sent;
}

/* What a wait looks at; negative descriptors are never ready. */
enum { WAIT_CLIENT, WAIT_STOP, WAIT_EXTRA, _WAIT_MAX };

/*
 * The stop signal is a descriptor among the others: it cannot arrive between a look at a flag
 * and the wait, and it is seen even when the client is never silent.
 */
static int wait_for(const ClientStream *stream, int fd, short events, int extra_fd,
                    uint64_t deadline_usec, struct pollfd *fds) {
        for (;;) {
                uint64_t left = clock_left_usec(deadline_usec);
                struct timespec timeout = {
                        .tv_sec = (time_t) (left / USEC_PER_SEC),
                        .tv_nsec = (long) (left % USEC_PER_SEC * 1000),
                };
                int n;

                fds[WAIT_CLIENT] = (struct pollfd){ .fd = fd, .events = events };
                fds[WAIT_STOP] = (struct pollfd){ .fd = stream->stop_fd, .events = POLLIN };
                fds[WAIT_EXTRA] = (struct pollfd){ .fd = extra_fd, .events = POLLIN };
                n = ppoll(fds, _WAIT_MAX, left == USEC_INFINITY ? NULL : &timeout, NULL);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return STREAM_CLOSED;
                if (fds[WAIT_STOP].revents != 0)
                        return STREAM_STOPPED;
                return n == 0 ? STREAM_TIMEOUT : STREAM_DONE;
        }
}

bool client_stream_is_stopped(ClientStream *stream) {
        struct pollfd stop = { .fd = stream->stop_fd, .events = POLLIN };

        return poll(&stop, 1, 0) > 0;
}

int client_stream_look(ClientStream *stream, uint64_t now_usec) {
        struct pollfd fds[] = {
                { .fd = stream->stop_fd, .events = POLLIN },
                { .fd = stream->out.needs_poll ? -EBADF : stream->out.fd }, /* not of a pipe */
        };

        if (now_usec < stream->next_look_usec)
                return STREAM_DONE;
        stream->next_look_usec = now_usec + LOOK_USEC;
        if (poll(fds, ELEMENTSOF(fds), 0) <= 0)
                return STREAM_DONE;
        return fds[0].revents != 0 ? STREAM_STOPPED : STREAM_CLOSED;
}

static bool would_wait(int error) {
        return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/* A client that takes octets gets its farewell also after the stop signal. */
static int wait_for_room(ClientStream *stream) {
        struct pollfd fds[_WAIT_MAX];
        int r = wait_for(stream, stream->out.fd, POLLOUT, -EBADF,
                         clock_deadline_usec(stream->write_timeout_usec), fds);

        return r == STREAM_STOPPED && fds[WAIT_CLIENT].revents != 0 ? STREAM_DONE : r;
}

/* Writes what can be written; *at says how far it got, also when it fails. */
static int write_out(ClientStream *stream, const Buffer *octets, size_t *at) {
        bool must_wait = stream->out.needs_poll;

        while (*at < octets->size) {
                ssize_t n;
                int r = must_wait ? wait_for_room(stream) : STREAM_DONE;

                if (r != STREAM_DONE)
                        return r;
                n = stream->out.transfer(stream->out.fd, octets->data + *at, octets->size - *at);
                if (n < 0 && !would_wait(errno))
                        return STREAM_CLOSED;
                must_wait = n < 0 || stream->out.needs_poll;
                *at += n > 0 ? (size_t) n : 0;
        }
        return STREAM_DONE;
}

static bool may_write(ClientStream *stream) {
        return stream->output.size == 0 || !stream->before_write ||
               stream->before_write(stream->before_write_userdata) == 0;
}

static void give_back(Buffer *octets) {
        if (octets->n_allocated > OUTPUT_KEPT && octets->size == 0)
                buffer_done(octets);
}

/* What goes over the wire next: the output, or that of it which has been compressed. */
static Buffer *pack(ClientStream *stream, bool all) {
        if (!stream->deflate)
                return &stream->output;
        if (stream->output.size > 0) {
                deflate_layer_pack(stream->deflate, stream->output.data, stream->output.size, all,
                                   &stream->packed);
                buffer_clear(&stream->output);
                give_back(&stream->output);
        }
        return &stream->packed;
}

/* @all: nothing is kept back to be compressed with what comes next */
static int flush(ClientStream *stream, bool all) {
        size_t at = 0;
        int r = STREAM_CLOSED;

        if (stream->lost != STREAM_DONE)
                return stream->lost;
        if (may_write(stream)) {
                Buffer *octets = pack(stream, all);

                r = write_out(stream, octets, &at);
                stream->n_sent += at;
                buffer_drop_front(octets, at);
                give_back(octets);
        }
        if (r == STREAM_CLOSED || r == STREAM_TIMEOUT)
                stream->lost = r;
        return r;
}

int client_stream_flush(ClientStream *stream) {
        bool kept_back = stream->is_kept_back;

        if (kept_back && stream->output.size == 0 && stream->lost == STREAM_DONE)
                deflate_layer_pack(stream->deflate, "", 0, true, &stream->packed);
        stream->is_kept_back = false;
        return flush(stream, true);
}

int client_stream_flush_large(ClientStream *stream) {
        if (stream->output.size <= STREAM_OUTPUT_MAX)
                return STREAM_DONE;
        stream->is_kept_back = stream->deflate;
        return flush(stream, false);
}

int client_stream_write(ClientStream *stream, const void *data, size_t size) {
        const char *at = data;

        while (size > 0) {
                size_t n = MIN(size, (size_t) STREAM_OUTPUT_MAX);
                int r;

                buffer_append(&stream->output, at, n);
                at += n;
                size -= n;
                r = client_stream_flush_large(stream);
                if (r != STREAM_DONE)
                        return r;
        }
        return STREAM_DONE;
}

/* What a long literal needed is given back behind it. */
static void clear_input(ClientStream *stream, size_t wanted) {
        if (wanted <= STREAM_READ_OCTETS && stream->input.n_allocated > 4 * STREAM_READ_OCTETS)
                buffer_done(&stream->input);
        else
                buffer_clear(&stream->input);
        stream->input_at = 0;
}

int client_stream_compress(ClientStream *stream) {
        int r = client_stream_flush(stream);

        if (r != STREAM_DONE)
                return r;
        stream->deflate = deflate_layer_new();
        if (has_input(stream))
                deflate_layer_feed(stream->deflate, stream->input.data + stream->input_at,
                                   stream->input.size - stream->input_at);
        clear_input(stream, 0);
        return STREAM_DONE;
}

/* Decompresses at most wanted octets of what is there. Return: *ret_outcome is how that ended. */
static bool unpack(ClientStream *stream, size_t wanted, int *ret_outcome) {
        ssize_t n = stream->deflate ? deflate_layer_unpack(stream->deflate, wanted, &stream->input)
                                    : 0;

        if (n == 0)
                return false;
        if (n < 0)
                log_report(LOG_NOTICE, "The client's input is no DEFLATE any more, closing.");
        *ret_outcome = n < 0 ? STREAM_CLOSED : STREAM_DONE;
        return true;
}

/* As recv(2), to where it belongs. */
static ssize_t receive_some(ClientStream *stream, size_t wanted) {
        char octets[STREAM_READ_OCTETS];
        ssize_t n;

        if (!stream->deflate) {
                n = stream->in.transfer(stream->in.fd, buffer_reserve(&stream->input, wanted),
                                        wanted);
                if (n > 0)
                        buffer_commit(&stream->input, (size_t) n);
                return n;
        }
        n = stream->in.transfer(stream->in.fd, octets, sizeof(octets));
        if (n > 0)
                deflate_layer_feed(stream->deflate, octets, (size_t) n);
        return n;
}

/* Reads at most wanted octets when all was taken; on STREAM_DONE at least one is there. */
static int fill(ClientStream *stream, size_t wanted) {
        int r;

        if (has_input(stream))
                return STREAM_DONE;
        clear_input(stream, wanted);
        if (unpack(stream, wanted, &r))
                return r;
        r = client_stream_flush(stream);
        if (r != STREAM_DONE)
                return r;

        for (;;) {
                uint64_t quiet = clock_deadline_usec(stream->quiet_usec);
                struct pollfd fds[_WAIT_MAX];
                ssize_t n;

                if (clock_left_usec(stream->deadline_usec) == 0)
                        return STREAM_TIMEOUT; /* however fast the client trickles */
                r = wait_for(stream, stream->in.fd, POLLIN, -EBADF,
                             MIN(quiet, stream->deadline_usec), fds);
                if (r != STREAM_DONE)
                        return r;
                n = receive_some(stream, wanted);
                if (n < 0 && would_wait(errno))
                        continue;
                if (n <= 0)
                        return STREAM_CLOSED;
                stream->n_received += (size_t) n;
                if (!stream->deflate || unpack(stream, wanted, &r))
                        return r;
        }
}

/* The octets at hand up to and with a line end, at most limit; true when it is there. */
static bool find_line(const ClientStream *stream, size_t limit, const char **ret_start,
                      size_t *ret_size) {
        const char *start = stream->input.data + stream->input_at, *end;
        size_t size = MIN(stream->input.size - stream->input_at, limit);

        end = memchr(start, '\n', size);
        *ret_start = start;
        *ret_size = end ? (size_t) (end - start) + 1 : size;
        return end != NULL;
}

static int read_line(ClientStream *stream, size_t limit, Buffer *target) {
        for (bool complete = false; !complete;) {
                const char *start;
                size_t size;
                int r = limit > 0 ? fill(stream, STREAM_READ_OCTETS) : STREAM_TOO_LONG;

                if (r != STREAM_DONE)
                        return r;
                complete = find_line(stream, limit, &start, &size);
                buffer_append(target, start, size);
                stream->input_at += size;
                limit -= size;
        }
        return STREAM_DONE;
}

int client_stream_read_line(ClientStream *stream, size_t limit, Buffer *target) {
        size_t size = target->size;
        int r = read_line(stream, limit, target);

        if (r != STREAM_DONE && r != STREAM_TOO_LONG && target->size > size) {
                target->size = size;
                target->data[size] = '\0';
        }
        return r;
}

int client_stream_skip_line(ClientStream *stream) {
        for (bool complete = false; !complete;) {
                const char *start;
                size_t size;
                int r = fill(stream, STREAM_READ_OCTETS);

                if (r != STREAM_DONE)
                        return r;
                complete = find_line(stream, SIZE_MAX, &start, &size);
                stream->input_at += size;
        }
        return STREAM_DONE;
}

int client_stream_pass_octets(ClientStream *stream, uint64_t size, StreamSink sink,
                              void *userdata) {
        int sink_result = 0;

        while (size > 0) {
                size_t n = (size_t) MIN(size, (uint64_t) STREAM_READ_OCTETS_MAX);
                int r = fill(stream, MAX(n, (size_t) STREAM_READ_OCTETS));

                if (r != STREAM_DONE)
                        return r;
                n = MIN(size, stream->input.size - stream->input_at);
                if (sink && sink_result >= 0)
                        sink_result = sink(userdata, stream->input.data + stream->input_at, n);
                stream->input_at += n;
                size -= n;
        }
        return MIN(sink_result, 0);
}

static int append_octets(void *userdata, const void *data, size_t size) {
        buffer_append(userdata, data, size);
        return 0;
}

int client_stream_read_octets(ClientStream *stream, size_t size, Buffer *target) {
        return client_stream_pass_octets(stream, size, append_octets, target);
}

/* Something is there that the kernel knows nothing of; or what is there is of no use. */
static bool unpack_ahead(ClientStream *stream) {
        int outcome;

        clear_input(stream, 0);
        return unpack(stream, STREAM_READ_OCTETS, &outcome);
}

int client_stream_wait(ClientStream *stream, int extra_fd, uint64_t timeout_usec,
                       unsigned *ret_ready) {
        struct pollfd fds[_WAIT_MAX];
        unsigned ready;
        int r = client_stream_flush(stream);

        if (r != STREAM_DONE)
                return r;
        if (has_input(stream) || unpack_ahead(stream)) {
                *ret_ready = STREAM_INPUT_READY;
                return STREAM_DONE;
        }
        r = wait_for(stream, stream->in.fd, POLLIN, extra_fd, clock_deadline_usec(timeout_usec),
                     fds);
        if (r != STREAM_DONE)
                return r;
        ready = fds[WAIT_CLIENT].revents != 0 ? STREAM_INPUT_READY : 0;
        if (fds[WAIT_EXTRA].revents != 0)
                ready |= STREAM_EXTRA_READY;
        *ret_ready = ready;
        return STREAM_DONE;
}
