/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each state has its deadline and its function; a state ends by naming the next one. */
#include "tls/tls-connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include "basic/clock.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "ipc/channel.h"
#include "ipc/tls-record.h"
#include "tls/pump.h"
#include "tls/tls-error.h"

#define REQUEST_USEC   (10 * USEC_PER_SEC)
#define HANDSHAKE_USEC (30 * USEC_PER_SEC)
#define LINGER_USEC    (10 * USEC_PER_SEC)

typedef enum ConnectionState {
        CONNECTION_REQUEST,
        CONNECTION_HANDSHAKE,
        CONNECTION_PUMP,
        CONNECTION_LINGER, /* still pumping, for a moment: the session is gone */
        CONNECTION_OVER,
} ConnectionState;

struct TlsConnection {
        const TlsContext *context;
        ConnectionState state;
        uint64_t deadline_usec;
        int monitor_fd, client_fd, plain_fd;
        int session_fd; /* the other end of plain_fd, until it is given away */
        SSL *ssl;
        short handshake_event;
        TlsHandshake handshake;
        char *remote, *local; /* owned; "unknown" and NULL when not told */
        Pump pump;
        bool is_busy;
};

TlsConnection *tls_connection_new(const TlsContext *context, int monitor_fd) {
        TlsConnection *connection = make(TlsConnection, .context = context,
                .monitor_fd = monitor_fd, .client_fd = -EBADF, .plain_fd = -EBADF,
                .session_fd = -EBADF, .deadline_usec = clock_deadline_usec(REQUEST_USEC));
        int ends[2];

        /* Now, because a worker may not create sockets later. */
        if (channel_pair(SOCK_STREAM, ends) < 0)
                return tls_connection_free(connection);
        connection->plain_fd = ends[0];
        connection->session_fd = ends[1];
        return connection;
}

TlsConnection *tls_connection_free(TlsConnection *connection) {
        if (!connection)
                return NULL;
        pump_done(&connection->pump);
        SSL_free(connection->ssl);
        (void) fd_close(connection->monitor_fd);
        (void) fd_close(connection->client_fd);
        (void) fd_close(connection->plain_fd);
        (void) fd_close(connection->session_fd);
        free(connection->remote);
        free(connection->local);
        free(connection);
        return NULL;
}

static ConnectionState refuse(TlsConnection *connection, const char *why) {
        TlsRecord record = { .message = (char *) why };
        _cleanup_buffer_ Buffer packet = { 0 };

        tls_record_write(&record, &packet);
        /* A monitor that is gone, or reads nothing, needs no answer. */
        (void) channel_send(connection->monitor_fd, packet.data, packet.size, -EBADF, 0);
        return CONNECTION_OVER;
}

static ConnectionState fail(TlsConnection *connection, const char *why) {
        log_report(LOG_INFO, "ip=[%s], couriertls: accept: %s", connection->remote, why);
        return refuse(connection, why);
}

static ConnectionState begin_handshake(TlsConnection *connection, const TlsRequest *request) {
        const int on = 1;

        connection->remote = text_for_log(request->remote ? request->remote : "unknown", 64);
        text_set(&connection->local, request->local);
        if (!text_equal(request->service, "imap"))
                return refuse(connection, "service not supported");
        if (fd_set_nonblocking(connection->client_fd, true) < 0 ||
            fd_set_nonblocking(connection->plain_fd, true) < 0)
                return refuse(connection, "socket not usable");
        /* Fails on what is not TCP, where it is not needed. */
        (void) setsockopt(connection->client_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        connection->handshake = (TlsHandshake) { .context = connection->context,
                                                 .local = connection->local };
        connection->ssl = tls_context_accept(connection->context, request->starttls,
                                             &connection->handshake, connection->client_fd);
        if (!connection->ssl)
                return refuse(connection, "no memory for a connection");
        connection->handshake_event = POLLIN;
        connection->deadline_usec = clock_deadline_usec(HANDSHAKE_USEC);
        return CONNECTION_HANDSHAKE;
}

static ConnectionState step_request(TlsConnection *connection) {
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        char packet[TLS_REQUEST_MAX];
        TlsRequest request;
        size_t size;
        int r;

        r = channel_receive(connection->monitor_fd, packet, sizeof(packet), 0, &size,
                            &connection->client_fd);
        if (r == CHANNEL_TIMEOUT && clock_left_usec(connection->deadline_usec) > 0)
                return CONNECTION_REQUEST;
        if (r != CHANNEL_DONE)
                return CONNECTION_OVER;
        if (connection->client_fd < 0 || !tls_request_read(packet, size, &record, &request)) {
                log_report(LOG_WARNING, "A request came without a socket, or as no JSON record.");
                return refuse(connection, "request not understood");
        }
        return begin_handshake(connection, &request);
}

static void add_subject(TlsRecord *record, SSL *ssl) {
        X509 *certificate = SSL_get0_peer_certificate(ssl);
        X509_NAME *subject = certificate ? X509_get_subject_name(certificate) : NULL;

        if (!subject || SSL_get_verify_result(ssl) != X509_V_OK)
                return;
        for (int i = 0; i < X509_NAME_entry_count(subject); i++) {
                X509_NAME_ENTRY *entry = X509_NAME_get_entry(subject, i);
                int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
                unsigned char *text = NULL;
                int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));

                /* A NUL inside would make "ann" of "ann\0.example.com". */
                if (size > 0 && size <= 256 && nid != NID_undef &&
                    !memchr(text, '\0', (size_t) size))
                        tls_record_add_subject(record, OBJ_nid2sn(nid), (const char *) text);
                OPENSSL_free(text);
        }
}

static void describe(SSL *ssl, TlsRecord *record) {
        const unsigned char *alpn = NULL;
        unsigned alpn_size = 0;

        record->protocol = text_dup(SSL_get_version(ssl));
        record->cipher = text_dup(SSL_get_cipher_name(ssl));
        record->bits = (unsigned) MAX(SSL_get_cipher_bits(ssl, NULL), 0);
        text_set(&record->server_name, SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
        SSL_get0_alpn_selected(ssl, &alpn, &alpn_size);
        if (alpn)
                record->alpn = text_dup_range((const char *) alpn, alpn_size);
        add_subject(record, ssl);
}

static ConnectionState answer(TlsConnection *connection) {
        _cleanup_tls_record_ TlsRecord record = { 0 };
        _cleanup_buffer_ Buffer packet = { 0 };
        int r;

        describe(connection->ssl, &record);
        tls_record_write(&record, &packet);
        r = channel_send(connection->monitor_fd, packet.data, packet.size, connection->session_fd,
                         0);
        if (r != CHANNEL_DONE)
                return CONNECTION_OVER; /* nobody waits for it any more */
        log_report(LOG_DEBUG, "ip=[%s], couriertls: %s,%ubits,%s", connection->remote,
                   record.protocol, record.bits, record.cipher);
        connection->session_fd = fd_close(connection->session_fd);
        connection->monitor_fd = fd_close(connection->monitor_fd);
        connection->deadline_usec = USEC_INFINITY;
        pump_init(&connection->pump, connection->ssl, connection->client_fd, connection->plain_fd,
                  connection->context->scratch);
        connection->is_busy = true; /* what came along with the handshake is read without waiting */
        return CONNECTION_PUMP;
}

static bool monitor_is_gone(const TlsConnection *connection) {
        struct pollfd p = { .fd = connection->monitor_fd, .events = POLLIN };

        return poll(&p, 1, 0) > 0; /* it has nothing to say: this is its end */
}

static ConnectionState step_handshake(TlsConnection *connection) {
        _cleanup_free_ char *why = NULL;
        int r;

        if (monitor_is_gone(connection))
                return CONNECTION_OVER;
        ERR_clear_error();
        errno = 0;
        r = SSL_do_handshake(connection->ssl);
        if (r == 1)
                return answer(connection);
        switch (SSL_get_error(connection->ssl, r)) {
        case SSL_ERROR_WANT_READ:
                connection->handshake_event = POLLIN;
                break;
        case SSL_ERROR_WANT_WRITE:
                connection->handshake_event = POLLOUT;
                break;
        default:
                why = tls_result_text(connection->ssl, r);
                return fail(connection, why);
        }
        if (clock_left_usec(connection->deadline_usec) == 0)
                return fail(connection, "Connection timed out");
        return CONNECTION_HANDSHAKE;
}

static ConnectionState end_pump(TlsConnection *connection) {
        const Pump *pump = &connection->pump;

        if (pump->complaint)
                log_report(LOG_INFO, "ip=[%s], couriertls: %s", connection->remote,
                           pump->complaint);
        else if (!connection->handshake.has_said_goodbye && !pump->plain_gone)
                log_report(LOG_DEBUG, "ip=[%s], Unexpected SSL connection shutdown.",
                           connection->remote);
        return CONNECTION_OVER;
}

static ConnectionState step_pump(TlsConnection *connection) {
        PumpOutcome outcome = pump_step(&connection->pump);

        connection->is_busy = outcome == PUMP_BUSY;
        if (outcome == PUMP_DONE || clock_left_usec(connection->deadline_usec) == 0)
                return end_pump(connection);
        if (connection->state == CONNECTION_LINGER || !pump_is_lingering(&connection->pump))
                return connection->state;
        connection->deadline_usec = clock_deadline_usec(LINGER_USEC);
        return CONNECTION_LINGER;
}

bool tls_connection_step(TlsConnection *connection) {
        switch (connection->state) {
        case CONNECTION_REQUEST:
                connection->state = step_request(connection);
                break;
        case CONNECTION_HANDSHAKE:
                connection->state = step_handshake(connection);
                break;
        case CONNECTION_PUMP:
        case CONNECTION_LINGER:
                connection->state = step_pump(connection);
                break;
        case CONNECTION_OVER:
                break;
        }
        return connection->state != CONNECTION_OVER;
}

void tls_connection_wait(const TlsConnection *connection, TlsWait *ret_wait) {
        short client = 0, plain = 0;

        if (connection->state == CONNECTION_HANDSHAKE)
                client = connection->handshake_event;
        if (connection->state == CONNECTION_PUMP || connection->state == CONNECTION_LINGER) {
                client = pump_client_events(&connection->pump);
                plain = pump_plain_events(&connection->pump);
        }
        *ret_wait = (TlsWait) {
                .fds = {
                        [TLS_FD_MONITOR] = { connection->monitor_fd,
                                             connection->monitor_fd < 0 ? 0 : POLLIN },
                        [TLS_FD_CLIENT] = { connection->client_fd, client },
                        [TLS_FD_PLAIN] = { connection->plain_fd, plain },
                },
                .deadline_usec = connection->deadline_usec,
                .is_busy = connection->is_busy,
        };
}

int tls_connection_session_fd(const TlsConnection *connection) {
        return connection->session_fd;
}

bool tls_connection_is_idle(const TlsConnection *connection) {
        return connection->state == CONNECTION_PUMP && !connection->is_busy &&
               connection->pump.to_client.size == 0 && connection->pump.to_plain.size == 0;
}
