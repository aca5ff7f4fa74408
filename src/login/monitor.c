/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection, from accept to the session's exec, as its privileged process sees it. */
#include "login/monitor.h"

#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/message-id.h"
#include "basic/sandbox.h"
#include "basic/text.h"
#include "ipc/auth-client.h"
#include "ipc/channel.h"
#include "ipc/tls-client.h"
#include "login/front.h"
#include "login/monitor-log.h"
#include "login/session-start.h"
#include "login/settings.h"
#include "login/status.h"

enum { ATTEMPTS_MAX = 3 };

/* The front ends the talk in time and says so; this much later the monitor does it itself. */
#define GRACE_USEC (5 * USEC_PER_SEC)
#define HANDOVER_TIMEOUT_USEC (10 * USEC_PER_SEC)

typedef struct Monitor {
        const MonitorSetup *setup;
        LoginSettings settings;  /* owned */
        ClientAddress address;
        MonitorLog log;
        char session_id[SESSION_ID_SIZE];
        int client_fd, channel_fd; /* owned */
        uint64_t deadline_usec;
        TlsRecord tls_record;    /* owned; of use when log.tls is set */
        unsigned n_failed;
} Monitor;

static void monitor_done(Monitor *monitor) {
        login_settings_done(&monitor->settings);
        tls_record_done(&monitor->tls_record);
        monitor->client_fd = fd_close(monitor->client_fd);
        monitor->channel_fd = fd_close(monitor->channel_fd);
}

/* Steps of the monitor: MONITOR_GO_ON, MONITOR_END, or negative errno. */
enum { MONITOR_GO_ON = 0, MONITOR_END };

static void make_session_id(char ret_id[SESSION_ID_SIZE]) {
        uint64_t number = clock_realtime_usec();

        (void) getrandom(&number, sizeof(number), 0); /* it only has to differ from others */
        snprintf(ret_id, SESSION_ID_SIZE, "%016llx", (unsigned long long) number);
}

/* Has the client's socket replaced by one with the clear text of what comes encrypted. */
static int encrypt(Monitor *monitor, bool starttls) {
        TlsRequest request = {
                .service = "imap",
                .starttls = starttls,
                .local = monitor->address.local_ip,
                .remote = monitor->address.remote_ip,
        };
        int plain_fd = -EBADF, r;

        r = tls_client_start(&request, monitor->client_fd, monitor->deadline_usec,
                             &monitor->tls_record, &plain_fd);
        if (r == TLS_CLIENT_FAILED)
                monitor_log_tls_failure(&monitor->log, monitor->tls_record.message);
        if (r != TLS_CLIENT_DONE)
                return r < 0 ? r : MONITOR_END;
        fd_close(monitor->client_fd);
        monitor->client_fd = plain_fd;
        monitor->log.tls = true;
        monitor->log.starttls = starttls;
        return MONITOR_GO_ON;
}

static int start_tls(Monitor *monitor) {
        static const LoginMessage ready = { .kind = LOGIN_TLS_READY };
        int r;

        if (monitor->log.tls || !monitor->settings.tls_offered)
                return failed(-EPROTO, "believe the front, which wants TLS that it may not have");
        r = encrypt(monitor, true);
        if (r != MONITOR_GO_ON)
                return r;
        r = login_message_send(monitor->channel_fd, &ready, monitor->client_fd,
                               monitor->deadline_usec);
        return r > 0 ? MONITOR_END : r;
}

static int send_answer(Monitor *monitor, LoginResult result, bool last) {
        LoginMessage message = { .kind = LOGIN_ANSWER };
        int r;

        message.answer.result = result;
        message.answer.last = last;
        r = login_message_send(monitor->channel_fd, &message, -EBADF, monitor->deadline_usec);
        return r > 0 ? MONITOR_END : r;
}

/* Who guesses passwords gets slower; the front does not decide that, it may be his. */
static void wait_after_failure(Monitor *monitor) {
        uint64_t delay_usec = monitor->settings.delay_usec * monitor->n_failed;

        /* Ends early when the front is gone, and with it the reason to wait. */
        (void) fd_wait(monitor->channel_fd, 0, delay_usec);
}

static int refuse(Monitor *monitor, const LoginMessage *question, LoginResult result) {
        bool last = ++monitor->n_failed >= ATTEMPTS_MAX;

        monitor_log_login_failed(&monitor->log, question);
        wait_after_failure(monitor);
        return send_answer(monitor, result, last);
}

/* Takes over the question's credentials; the password is gone afterwards. */
static AuthAnswer *ask(Monitor *monitor, LoginMessage *question) {
        AuthRequest request = {
                .service = monitor->settings.service,
                .method = AUTH_LOGIN,
                .user = question->ask.user,
                .password = question->ask.password,
                .remote = monitor->address.remote_ip,
                .tls = monitor->log.tls,
        };
        AuthAnswer *answer = NULL;

        (void) auth_client_ask(monitor->settings.modules, &request, monitor->deadline_usec,
                               &answer); /* always 0: a failure is an answer too */
        memory_wipe(question->ask.password, sizeof(question->ask.password));
        return answer;
}

static bool may_log_in(Monitor *monitor, const AuthAccount *account) {
        if (account->uid != 0 && account->gid != 0 && account->uid >= monitor->settings.uid_min)
                return true;
        log_report(LOG_NOTICE, "LOGIN REFUSED, user=%s, uid=%u, gid=%u: not an account for mail.",
                   account->address, (unsigned) account->uid, (unsigned) account->gid);
        return false;
}

/* The point of no return: from here on this process is the user, and ends as his session. */
static int become_session(Monitor *monitor, const LoginMessage *question,
                          const AuthAccount *account) {
        LoginMessage handover;
        SessionStart start = {
                .imapd_path = monitor->setup->imapd_path,
                .maildir_path = monitor->setup->maildir_path,
                .tag = question->ask.tag,
                .session_id = monitor->session_id,
                .address = &monitor->address,
                .account = account,
                .tls = monitor->log.tls ? &monitor->tls_record : NULL,
        };
        int r;

        log_set_field("IMAP_USER", account->address);
        if (session_become(account, monitor->settings.skeleton) < 0)
                return send_answer(monitor, LOGIN_UNAVAILABLE, true);
        r = send_answer(monitor, LOGIN_OK, false);
        if (r != MONITOR_GO_ON)
                return r;
        r = login_message_receive(monitor->channel_fd, clock_deadline_usec(HANDOVER_TIMEOUT_USEC),
                                  &handover, NULL);
        if (r != CHANNEL_DONE || handover.kind != LOGIN_HANDOVER)
                return failed(r < 0 ? r : -EPROTO, "take the connection over from the front");
        start.client_fd = monitor->client_fd;
        start.pending = handover.handover.pending;
        start.n_pending = handover.handover.n_pending;
        return session_exec(&start);
}

static int log_in(Monitor *monitor, LoginMessage *question) {
        _cleanup_(auth_answer_freep) AuthAnswer *answer = NULL;

        if (monitor->settings.login_disabled && !monitor->log.tls)
                return failed(-EPROTO, "believe the front, which asks in clear text");
        if (monitor->n_failed >= ATTEMPTS_MAX)
                return failed(-EPROTO, "believe the front, which asks once too often");
        answer = ask(monitor, question);
        switch (answer->result) {
        case AUTH_OK:
                if (may_log_in(monitor, &answer->account))
                        return become_session(monitor, question, &answer->account);
                break;
        case AUTH_FAIL:
                if (text_equal(answer->code, "expired"))
                        return refuse(monitor, question, LOGIN_EXPIRED);
                break;
        default:
                return send_answer(monitor, LOGIN_UNAVAILABLE,
                                   ++monitor->n_failed >= ATTEMPTS_MAX);
        }
        return refuse(monitor, question, LOGIN_WRONG);
}

static int handle(Monitor *monitor, LoginMessage *message) {
        switch ((LoginMessageKind) message->kind) {
        case LOGIN_STARTTLS:
                return start_tls(monitor);
        case LOGIN_ASK:
                return log_in(monitor, message);
        case LOGIN_ENDED:
                monitor_log_end(&monitor->log, message);
                return message->ended.reason == LOGIN_END_UNFENCED ? -ENOSYS : MONITOR_END;
        default:
                return failed(-EPROTO, "understand the front");
        }
}

static int serve(Monitor *monitor) {
        _cleanup_login_message_ LoginMessage message;
        int r;

        do {
                r = login_message_receive(monitor->channel_fd, monitor->deadline_usec, &message,
                                          NULL);
                if (r < 0)
                        return r;
                if (r != CHANNEL_DONE) {
                        log_report(LOG_WARNING, "The front %s, ending the connection.",
                                   channel_outcome_text(r));
                        return -EPROTO;
                }
                r = handle(monitor, &message);
        } while (r == MONITOR_GO_ON);
        return r < 0 ? r : 0;
}

/* Return: 0 in the monitor; does not return in the front. */
static int start_front(Monitor *monitor) {
        FrontSetup setup = {
                .client_fd = monitor->client_fd,
                .uid = monitor->settings.front_uid,
                .gid = monitor->settings.front_gid,
                .empty_root = monitor->settings.empty_root,
                .deadline_usec = monitor->deadline_usec - GRACE_USEC,
                .talk = login_settings_for_talk(&monitor->settings),
        };
        int ends[2], r;
        pid_t pid;

        r = channel_pair(SOCK_SEQPACKET, ends);
        if (r < 0)
                return r;
        setup.channel_fd = ends[1];
        pid = fork();
        if (pid == 0)
                front_run(&setup);
        r = pid < 0 ? failed(-errno, "start the front") : 0;
        fd_close(ends[1]);
        monitor->channel_fd = ends[0];
        return r;
}

static int give_up_privileges(const Monitor *monitor) {
        uint64_t kept = UINT64_C(1) << CAP_SETUID | UINT64_C(1) << CAP_SETGID |
                        UINT64_C(1) << CAP_SYS_CHROOT;

        if (monitor->settings.skeleton)
                kept |= UINT64_C(1) << CAP_CHOWN;
        return sandbox_drop_capabilities(kept);
}

static int prepare(Monitor *monitor) {
        int r;

        r = client_address_read(monitor->client_fd, &monitor->address);
        if (r != CLIENT_THERE)
                return r < 0 ? r : MONITOR_END;
        client_socket_tune(monitor->client_fd);
        monitor->settings = login_settings_read(&monitor->address);
        monitor->deadline_usec = clock_deadline_usec(monitor->settings.timeout_usec + GRACE_USEC);
        make_session_id(monitor->session_id);
        log_set_field("IMAP_REMOTE", monitor->address.remote_ip);
        log_set_field("IMAP_SESSION", monitor->session_id);
        monitor->log = monitor_log_start(&monitor->address);
        login_status_send("%s: not logged in", monitor->address.remote_ip);
        r = give_up_privileges(monitor);
        return r < 0 ? r : sandbox_harden_process();
}

int monitor_run(const MonitorSetup *setup) {
        _cleanup_(monitor_done) Monitor monitor = {
                .setup = setup, .client_fd = setup->client_fd, .channel_fd = -EBADF
        };
        int r;

        (void) signal(SIGCHLD, SIG_IGN); /* the front is nobody's zombie; stays so over exec */
        (void) signal(SIGPIPE, SIG_IGN); /* both fail only for an invalid number */
        r = prepare(&monitor);
        if (r != MONITOR_GO_ON)
                return r < 0 ? r : 0;
        if (monitor.settings.tls) {
                r = encrypt(&monitor, false);
                if (r != MONITOR_GO_ON)
                        return r < 0 ? r : 0;
        }
        r = start_front(&monitor);
        return r < 0 ? r : serve(&monitor);
}
