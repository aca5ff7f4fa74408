/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Settings: environment variables with Courier's names and Courier's idea of truth
 * (imapd(5)). A value that cannot be read is reported and the default is used.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "basic/memory.h"

/**
 * setting_text() - a setting's text with $NAME and ${NAME} expanded from the environment
 *
 * Unset or empty gives @fallback (NULL allowed). systemd's EnvironmentFile= does not expand,
 * while Courier's files rely on it ("$IMAP_CAPABILITY AUTH=PLAIN"). Return: owned by the caller.
 */
[[nodiscard]] char *setting_text(const char *name, const char *fallback);

/** setting_flag() - Courier's integer booleans: true when a leading decimal number is not 0 */
bool setting_flag(const char *name, bool fallback);

/** setting_yes() - Courier's yes/no settings: true when the first letter is y or Y */
bool setting_yes(const char *name, bool fallback);

/** setting_number() - a decimal number; outside min..max is reported and gives the fallback */
uint64_t setting_number(const char *name, uint64_t fallback, uint64_t min, uint64_t max);

/** setting_is_set() - it exists, even empty */
bool setting_is_set(const char *name);
