/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a list of messages shows of a message's text (RFC 8970). */
#pragma once

#include "basic/buffer.h"

typedef struct Message Message;

enum {
        PREVIEW_READ_OCTETS_MAX = 256 * 1024, /* of the message; no text behind them is seen */
};

/**
 * message_preview() - append the first words of a message, in UTF-8
 *
 * Of the first part that has any: text/plain or text/html, not marked as an attachment, not
 * within an attached message; in a multipart/alternative text/plain is preferred. Nothing is
 * appended when no part has.
 *
 * Return: 0 or negative errno.
 */
[[nodiscard]] int message_preview(Message *message, Buffer *target);
