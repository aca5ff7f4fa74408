/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lets LMDB fail without taking the session with it: a file that is truncated while it writes
 * is SIGBUS or SIGSEGV, an inconsistency that it notices itself is an assertion.
 */
#pragma once

#include <stdbool.h>

/**
 * cache_guard_run() - call a function that only LMDB's memory is at risk in
 *
 * Return: false when it was broken off; what it had allocated is lost then, so the caller does
 * not try again in this process.
 */
[[nodiscard]] bool cache_guard_run(void (*function)(void *userdata), void *userdata);

/** cache_guard_break_off() - leave the function that is running under the guard */
_Noreturn void cache_guard_break_off(void);
