/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * org.courier_imapd.Notify1: a session shows the service an open directory and learns
 * the directory's generation, a number that changes whenever its content does. Holding the
 * descriptor proves the right to watch. Generation 0 means 'unknown': the caller has to look
 * for itself. This service watches nothing yet, so it is the only answer it gives.
 */
#include "notify/watch-bus.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>

#define GENERATION_UNKNOWN UINT64_C(0)
#define PROTOCOL_VERSION   UINT32_C(1)

/* A path descriptor can be had without the right to read the directory, so it proves nothing. */
static int check_directory(int fd, sd_bus_error *error) {
        struct stat st;
        int flags = fcntl(fd, F_GETFL);

        if (flags < 0 || fstat(fd, &st) < 0)
                return sd_bus_error_set_errno(error, errno);
        if (!S_ISDIR(st.st_mode))
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "The descriptor is not a directory");
        if (flags & O_PATH)
                return sd_bus_error_set(error, SD_BUS_ERROR_ACCESS_DENIED,
                                        "The descriptor is not open for reading");
        return 0;
}

static int on_watch(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        int fd, r;

        r = sd_bus_message_read(message, "h", &fd); /* borrowed from the message */
        if (r < 0)
                return r;
        r = check_directory(fd, error);
        if (r < 0)
                return r;
        return sd_bus_reply_method_return(message, "t", GENERATION_UNKNOWN);
}

static int get_version(sd_bus *bus, const char *path, const char *interface, const char *property,
                       sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "u", PROTOCOL_VERSION);
}

const sd_bus_vtable notify_watch_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD_WITH_ARGS("Watch", SD_BUS_ARGS("h", directory),
                                SD_BUS_RESULT("t", generation),
                                on_watch, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_PROPERTY("Version", "u", get_version, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_VTABLE_END,
};
