/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One packet there with the client's socket, one packet back with the plaintext one. */
#include "ipc/tls-client.h"

#include <sys/socket.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/message-id.h"
#include "ipc/channel.h"

static int exchange(const Buffer *packet, int client_fd, uint64_t deadline_usec, char *answer,
                    size_t *ret_size, int *ret_fd) {
        _cleanup_free_ char *path = channel_path("tls");
        _cleanup_close_ int fd = -EBADF;
        int r;

        r = channel_connect(path, SOCK_SEQPACKET, deadline_usec, &fd);
        if (r != CHANNEL_DONE)
                return r;
        r = channel_send(fd, packet->data, packet->size, client_fd, deadline_usec);
        if (r != CHANNEL_DONE)
                return r;
        return channel_receive(fd, answer, TLS_ANSWER_MAX, deadline_usec, ret_size, ret_fd);
}

static int unavailable(const char *why) {
        log_report_id(LOG_ERR, MESSAGE_ID_TLS_UNAVAILABLE, "The TLS service %s.", why);
        return TLS_CLIENT_UNAVAILABLE;
}

int tls_client_start(const TlsRequest *request, int client_fd, uint64_t deadline_usec,
                     TlsRecord *ret_record, int *ret_fd) {
        _cleanup_buffer_ Buffer packet = { 0 };
        _cleanup_free_ char *answer = memory_new(TLS_ANSWER_MAX, 1);
        _cleanup_tls_record_ TlsRecord record = { 0 };
        _cleanup_close_ int plain_fd = -EBADF;
        size_t size;
        int r;

        if (!tls_request_write(request, &packet))
                return failed(-EMSGSIZE, "ask the TLS service");
        r = exchange(&packet, client_fd, deadline_usec, answer, &size, &plain_fd);
        if (r < 0)
                return r;
        if (r != CHANNEL_DONE)
                return unavailable(channel_outcome_text(r));
        if (!tls_record_read(answer, size, &record))
                return unavailable("gave an answer that cannot be understood");
        if (!record.message && plain_fd < 0)
                return unavailable("sent no socket");

        r = record.message ? TLS_CLIENT_FAILED : TLS_CLIENT_DONE;
        *ret_record = record;
        record = (TlsRecord) { 0 };
        if (r == TLS_CLIENT_DONE)
                *ret_fd = TAKE_FD(plain_fd);
        return r;
}
