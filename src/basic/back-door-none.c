/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The back door of every build but a test's: a wall. */
#include "basic/back-door.h"

bool back_door_answer(const char *verb, const char *arguments, int client_fd, Buffer *output) {
        return false;
}
