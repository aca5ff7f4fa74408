/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letting OpenSSL load and remember everything before the first fork. */
#pragma once

struct TlsContext;

/**
 * warm_up() - shake hands with ourselves, in memory, once with each version of TLS
 *
 * OpenSSL looks algorithms up at first use and keeps what it found: done before a fork it is
 * done once, and its memory is shared by all workers. Failure costs only speed.
 */
void warm_up(const struct TlsContext *context);
