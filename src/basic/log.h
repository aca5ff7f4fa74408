/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reports to the journal (its native protocol) or, without one, to standard error.
 *
 * A report is one plain sentence with '…' around foreign text. The context travels as
 * fields that are set once and inherited by every later line.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

#include "basic/memory.h"

/**
 * log_open() - choose where reports go and warm the connection up
 * @identifier:  SYSLOG_IDENTIFIER=, for example "imapd"; borrowed for ever
 *
 * The journal is used when standard error is connected to it ($JOURNAL_STREAM) and its
 * socket can be opened; otherwise lines go to standard error, with "<N>" in front when
 * $JOURNAL_STREAM is set. Called before a sandbox closes the door to socket().
 */
void log_open(const char *identifier);

/** log_fd() - the journal socket, for who closes all descriptors; -EBADF if there is none */
int log_fd(void);

/** log_close() - give the journal socket up; later reports go to standard error */
void log_close(void);

/** log_set_max_level() - drop reports above this syslog level; LOG_INFO at first */
void log_set_max_level(int level);

/** log_set_field() - give every later line a field; NULL removes it. At most LOG_FIELDS_MAX */
void log_set_field(const char *name, const char *value);
enum { LOG_FIELDS_MAX = 16 };

/**
 * log_report() - send one line
 * @level:       LOG_ERR needs a person, LOG_WARNING says what we did instead,
 *               LOG_NOTICE is security, LOG_INFO is lifecycle, LOG_DEBUG
 *
 * Foreign text passes through text_for_log() here: control characters become '?'.
 */
void log_report(int level, const char *format, ...) _printf_(2, 3);

/**
 * log_report_id() - the same, with a MESSAGE_ID that has an entry in the message catalog
 * @message_id:  32 hexadecimal digits from basic/message-id.h
 */
void log_report_id(int level, const char *message_id, const char *format, ...) _printf_(3, 4);

/**
 * failed() - report once, with context, what the machine could not do, and hand the error on
 * @error:  negative errno
 *
 * `return failed(-errno, "write index of '%s'", name);` logs "Cannot write index of 'x': No space
 * left on device". Return: @error.
 */
int failed(int error, const char *format, ...) _printf_(2, 3);
