/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "XSYSCALL name [argument]": a command that tries what an attacker would, so that tests can
 * see the kernel refuse it. Exists in builds with -Dtest-hooks=true only; other builds have
 * back-door-none.c, which answers nothing.
 */
#pragma once

#include <stdbool.h>

#include "basic/buffer.h"

/**
 * back_door_answer() - carry out XSYSCALL, append "* XSYSCALL name errno n\r\n"
 * @verb:       in capitals
 * @arguments:  the rest of the line: the name of an attempt, and a path, port or pid for it
 * @client_fd:  the attempt 'reconnect' works on it
 *
 * Return: false when this is no such command, or no such build.
 */
bool back_door_answer(const char *verb, const char *arguments, int client_fd, Buffer *output);
