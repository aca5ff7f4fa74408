/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal's native protocol (systemd's JOURNAL_NATIVE_PROTOCOL document), spoken
 * directly: one datagram a line. A session is one of thousands, and linking libsystemd
 * for this alone would cost each of them more memory than the rest of its data.
 *
 * This is the one place with process-wide state besides the main files, for the reason
 * that stdio has it: everybody reports, and nobody should have to carry a handle for it.
 */
#include "basic/log.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "basic/buffer.h"
#include "basic/fd.h"
#include "basic/text.h"

enum { LINE_MAX_OCTETS = 4096 };

static struct {
        const char *identifier;
        int journal_fd;
        int max_level;
        bool with_prefix;
        struct {
                char *name, *value;
        } fields[LOG_FIELDS_MAX];
        size_t n_fields;
} state = { .identifier = "courier", .journal_fd = -EBADF, .max_level = LOG_INFO };

/* $JOURNAL_STREAM names the device and inode that standard error had when systemd started us. */
static bool stderr_is_journal(void) {
        const char *stream = getenv("JOURNAL_STREAM");
        unsigned long long device, inode;
        struct stat st;

        return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
               fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void log_open(const char *identifier) {
        static const struct sockaddr_un address = {
                .sun_family = AF_UNIX, .sun_path = "/run/systemd/journal/socket"
        };
        _cleanup_close_ int fd = -EBADF;

        state.identifier = identifier;
        state.with_prefix = stderr_is_journal();
        state.journal_fd = fd_close(state.journal_fd);
        if (!state.with_prefix)
                return;
        fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0 || connect(fd, (const struct sockaddr *) &address, sizeof(address)) < 0)
                return; /* standard error reaches the journal too, without fields */
        state.journal_fd = TAKE_FD(fd);
}

int log_fd(void) {
        return state.journal_fd;
}

void log_close(void) {
        state.journal_fd = fd_close(state.journal_fd);
}

void log_set_max_level(int level) {
        state.max_level = level;
}

void log_set_field(const char *name, const char *value) {
        size_t i;

        for (i = 0; i < state.n_fields; i++)
                if (text_equal(state.fields[i].name, name))
                        break;
        if (i == LOG_FIELDS_MAX || (i == state.n_fields && !value))
                return;
        if (!value) {
                free(state.fields[i].name);
                free(state.fields[i].value);
                state.fields[i] = state.fields[--state.n_fields];
                state.fields[state.n_fields].name = state.fields[state.n_fields].value = NULL;
                return;
        }
        if (i == state.n_fields)
                state.fields[state.n_fields++].name = text_dup(name);
        free(state.fields[i].value);
        state.fields[i].value = text_for_log(value, LINE_MAX_OCTETS);
}

static void append_field(Buffer *datagram, const char *name, const char *value) {
        buffer_append_text(datagram, name);
        buffer_append_char(datagram, '=');
        buffer_append_text(datagram, value); /* has no line feed: it went through text_for_log() */
        buffer_append_char(datagram, '\n');
}

static bool send_to_journal(int level, const char *message_id, const char *text) {
        _cleanup_buffer_ Buffer datagram = { 0 };
        char priority[2] = { (char) ('0' + (level & 7)), '\0' };

        if (state.journal_fd < 0)
                return false;
        append_field(&datagram, "MESSAGE", text);
        append_field(&datagram, "PRIORITY", priority);
        append_field(&datagram, "SYSLOG_IDENTIFIER", state.identifier);
        if (message_id)
                append_field(&datagram, "MESSAGE_ID", message_id);
        for (size_t i = 0; i < state.n_fields; i++)
                append_field(&datagram, state.fields[i].name, state.fields[i].value);
        return send(state.journal_fd, datagram.data, datagram.size, MSG_NOSIGNAL) >= 0;
}

static void send_line(int level, const char *message_id, const char *text) {
        _cleanup_free_ char *shown = text_for_log(text, LINE_MAX_OCTETS);
        _cleanup_free_ char *line = NULL;

        if (send_to_journal(level, message_id, shown))
                return;
        if (state.with_prefix)
                line = text_printf("<%d>%s\n", level & 7, shown);
        else
                line = text_printf("%s: %s\n", state.identifier, shown);
        (void) fd_write_all(STDERR_FILENO, line, strlen(line)); /* nowhere else to tell */
}

static void report(int level, const char *message_id, const char *format, va_list args) {
        _cleanup_free_ char *text = NULL;
        int saved_errno = errno;

        if (level > state.max_level)
                return;
        text = text_vprintf(format, args);
        send_line(level, message_id, text);
        errno = saved_errno;
}

void log_report(int level, const char *format, ...) {
        va_list args;

        va_start(args, format);
        report(level, NULL, format, args);
        va_end(args);
}

void log_report_id(int level, const char *message_id, const char *format, ...) {
        va_list args;

        va_start(args, format);
        report(level, message_id, format, args);
        va_end(args);
}

int failed(int error, const char *format, ...) {
        _cleanup_free_ char *what = NULL;
        va_list args;

        va_start(args, format);
        what = text_vprintf(format, args);
        va_end(args);
        log_report(LOG_ERR, "Cannot %s: %s", what, strerrordesc_np(-error));
        return error;
}
