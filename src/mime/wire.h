/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets of a file as they go over the wire: each LF without a CR before it becomes CRLF. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Receives a run of octets; called any number of times. */
typedef void (*WireSink)(void *userdata, const char *data, size_t size);

/* Zero at the start of a run of octets. */
typedef struct WireConverter {
        bool after_cr;
} WireConverter;

/** wire_convert() - give the next octets to the sink as on the wire; nothing is held back */
void wire_convert(WireConverter *converter, const char *data, size_t size, WireSink sink,
                  void *userdata);

/** wire_count() - how many octets wire_convert() would give; adds LFs to *n_lines if not NULL */
uint64_t wire_count(WireConverter *converter, const char *data, size_t size, uint64_t *n_lines);

/* A window on the wire octets of a run: for BODY[…]<first.size>. */
typedef struct WireWindow {
        WireConverter converter;
        uint64_t skip; /* wire octets still before it */
        uint64_t left; /* wire octets of it still to come */
} WireWindow;

static inline WireWindow wire_window(uint64_t first, uint64_t size) {
        return (WireWindow){ .skip = first, .left = size };
}

/**
 * wire_window_feed() - give those of the next octets to the sink that are in the window
 *
 * Octets before the window are only counted. Return: false when the window is full.
 */
bool wire_window_feed(WireWindow *window, const char *data, size_t size, WireSink sink,
                      void *userdata);
