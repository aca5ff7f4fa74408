/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The front: moves octets between the client, the talk and the monitor. */
#include "login/front.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "ipc/channel.h"
#include "login/front-fence.h"

enum {
        CHUNK_OCTETS = LOGIN_PENDING_MAX, /* what is left of one fits into a handover */
        LINGER_OCTETS_MAX = 256 * 1024,
};

#define WRITE_TIMEOUT_USEC (20 * USEC_PER_SEC)
#define LINGER_USEC (500 * USEC_PER_MSEC)

/* Read by a signal handler, which has no other way to know. */
static volatile sig_atomic_t may_speak = true;

typedef struct Front {
        FrontTalk *talk;  /* owned */
        uint64_t deadline_usec;
        Buffer input, output;
        uint64_t n_received, n_sent;
        bool over;        /* the talk has ended, or the monitor wants nothing more */
} Front;

/* The unit is being stopped, or the monitor has died: PR_SET_PDEATHSIG would not tell, because
 * the monitor may not send signals (CAP_KILL). */
_Noreturn static void stop(void) {
        static const char bye[] = "* BYE Courier-IMAP server shut down by signal.\r\n";

        if (may_speak)
                (void) send(FRONT_CLIENT_FD, bye, sizeof(bye) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        _exit(0);
}

static void on_stop(int signal_number) {
        stop();
}

static void end(Front *front, LoginEnd reason) {
        front_talk_end_because(front->talk, reason, &front->output);
        front->over = true;
}

/* Sends the output. A client that takes nothing for a while is given up. */
static bool flush(Front *front) {
        uint64_t deadline_usec = clock_deadline_usec(WRITE_TIMEOUT_USEC);
        int r;

        if (front->output.size == 0)
                return true;
        r = channel_send(FRONT_CLIENT_FD, front->output.data, front->output.size, -EBADF,
                         deadline_usec);
        if (r == CHANNEL_DONE)
                front->n_sent += front->output.size;
        buffer_clear(&front->output);
        if (r == CHANNEL_DONE)
                return true;
        end(front, r == CHANNEL_TIMEOUT ? LOGIN_END_NOT_READING : LOGIN_END_DISCONNECTED);
        buffer_clear(&front->output);
        return false;
}

/* Return: false when the time is over. */
static bool wait_for_client(const Front *front) {
        struct pollfd fds[] = {
                { .fd = FRONT_CLIENT_FD, .events = POLLIN },
                { .fd = FRONT_CHANNEL_FD }, /* POLLHUP when the monitor is gone */
        };
        int n;

        do {
                uint64_t left_usec = clock_left_usec(front->deadline_usec);

                n = poll(fds, 2, (int) ((left_usec + USEC_PER_MSEC - 1) / USEC_PER_MSEC));
        } while (n < 0 && errno == EINTR);
        if (fds[1].revents)
                stop();
        return n > 0;
}

static void fill(Front *front) {
        char *room = buffer_reserve(&front->input, CHUNK_OCTETS);
        size_t n;
        int r;

        if (!wait_for_client(front)) {
                end(front, LOGIN_END_TIMEOUT);
                return;
        }
        r = channel_receive(FRONT_CLIENT_FD, room, CHUNK_OCTETS, front->deadline_usec, &n, NULL);
        if (r == CHANNEL_DONE) {
                buffer_commit(&front->input, n);
                front->n_received += n;
        } else {
                end(front, r == CHANNEL_TIMEOUT ? LOGIN_END_TIMEOUT : LOGIN_END_DISCONNECTED);
        }
}

/* The monitor has no time for us, or says what it never should: nobody to report to. */
_Noreturn static void give_up(void) {
        _exit(1);
}

static void tell(const LoginMessage *message) {
        uint64_t deadline_usec = clock_deadline_usec(WRITE_TIMEOUT_USEC);

        if (login_message_send(FRONT_CHANNEL_FD, message, -EBADF, deadline_usec) != CHANNEL_DONE)
                give_up();
}

/* Return: false when the time is over. */
static bool hear(Front *front, LoginMessageKind kind, LoginMessage *ret_message, int *ret_fd) {
        int r = login_message_receive(FRONT_CHANNEL_FD, front->deadline_usec, ret_message, ret_fd);

        if (r == CHANNEL_TIMEOUT) {
                end(front, LOGIN_END_TIMEOUT);
                return false;
        }
        if (r == CHANNEL_CLOSED)
                stop();
        if (r != CHANNEL_DONE || ret_message->kind != (uint32_t) kind)
                give_up();
        return true;
}

static void start_tls(Front *front) {
        static const LoginMessage please = { .kind = LOGIN_STARTTLS };
        _cleanup_close_ int encrypted_fd = -EBADF;
        LoginMessage message;

        tell(&please);
        may_speak = false; /* the TLS service does */
        if (!hear(front, LOGIN_TLS_READY, &message, &encrypted_fd)) {
                buffer_clear(&front->output);
                return;
        }
        if (encrypted_fd < 0 || dup2(encrypted_fd, FRONT_CLIENT_FD) < 0)
                give_up();
        may_speak = true;
        front_talk_encrypted(front->talk);
}

/* The monitor execs the session when it has this; its end of the channel closes then. Ending
 * this process at that moment would compete with the session's start. */
_Noreturn static void hand_over(Front *front) {
        static const struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };
        LoginMessage message = { .kind = LOGIN_HANDOVER };
        struct pollfd monitor = { .fd = FRONT_CHANNEL_FD };

        message.handover.n_pending = (uint32_t) front->input.size;
        memcpy(message.handover.pending, front->input.data, front->input.size);
        may_speak = false; /* the session does */
        tell(&message);
        (void) poll(&monitor, 1, 10 * 1000); /* POLLHUP; ends in any case */
        (void) nanosleep(&pause, NULL);      /* the same */
        _exit(0);
}

static void ask(Front *front) {
        LoginMessage answer;

        tell(front_talk_question(front->talk));
        if (!hear(front, LOGIN_ANSWER, &answer, NULL))
                return;
        switch (front_talk_answered(front->talk, (LoginResult) answer.answer.result,
                                    answer.answer.last, &front->output)) {
        case TALK_HANDOVER:
                hand_over(front);
        case TALK_END:
                front->over = true;
                break;
        default:
                break;
        }
}

static void turn(Front *front) {
        TalkStep step = front_talk_step(front->talk, &front->input, &front->output);

        if (!flush(front))
                return;
        switch (step) {
        case TALK_READ:
                fill(front);
                break;
        case TALK_STARTTLS:
                start_tls(front);
                break;
        case TALK_ASK:
                ask(front);
                break;
        case TALK_HANDOVER: /* comes from an answer, not from a step */
        case TALK_END:
                front->over = true;
                break;
        }
}

/* Closing a socket with unread input resets the connection, and the client would lose our
 * last words: stop sending, and read a little more into the void. */
static void linger(void) {
        uint64_t deadline_usec = clock_deadline_usec(LINGER_USEC);
        char waste[CHUNK_OCTETS];
        size_t n;

        (void) shutdown(FRONT_CLIENT_FD, SHUT_WR); /* it may be gone already */
        for (size_t n_wasted = 0; n_wasted < LINGER_OCTETS_MAX; n_wasted += n)
                if (channel_receive(FRONT_CLIENT_FD, waste, sizeof(waste), deadline_usec, &n,
                                    NULL) != CHANNEL_DONE)
                        return;
}

void front_run(const FrontSetup *setup) {
        Front front = { .deadline_usec = setup->deadline_usec };
        LoginMessage message = { .kind = LOGIN_ENDED };
        int r = front_fence(setup);

        if (r < 0)
                give_up();
        if (r == FRONT_UNFENCED) {
                message.ended.reason = LOGIN_END_UNFENCED;
                tell(&message);
                give_up();
        }
        (void) signal(SIGTERM, on_stop); /* fails only for an invalid number */
        front.talk = front_talk_new(&setup->talk);
        front_talk_greet(front.talk, &front.output);
        while (!front.over)
                turn(&front);
        (void) flush(&front); /* it was the last attempt */
        linger();
        message.ended.reason = front_talk_end(front.talk);
        message.ended.n_received = (uint32_t) MIN(front.n_received, (uint64_t) UINT32_MAX);
        message.ended.n_sent = (uint32_t) MIN(front.n_sent, (uint64_t) UINT32_MAX);
        tell(&message);
        _exit(0);
}
