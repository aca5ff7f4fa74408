/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "basic/fd.h"
#include "harness.h"
#include "notify/notify-server.h"
#include "notify/watch-bus.h"


static struct sockaddr_un address = { .sun_family = AF_UNIX };

static int listen_somewhere(void) {
        char dir[] = "/tmp/test-notify-XXXXXX";
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

        CHECK(mkdtemp(dir) != NULL);
        snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", dir);
        CHECK(bind(fd, (struct sockaddr *) &address, sizeof(address)) == 0);
        CHECK(listen(fd, 100) == 0);
        return fd;
}

static void remove_socket(void) {
        unlink(address.sun_path);
        *strrchr(address.sun_path, '/') = '\0';
        rmdir(address.sun_path);
}

static sd_bus *connect_bus(void) {
        char text[200];
        sd_bus *bus = NULL;

        snprintf(text, sizeof(text), "unix:path=%s", address.sun_path);
        if (sd_bus_new(&bus) < 0 || sd_bus_set_address(bus, text) < 0 ||
            sd_bus_negotiate_fds(bus, 1) < 0 || sd_bus_start(bus) < 0)
                _exit(100);
        return bus;
}

/* Calls Watch with a descriptor; the generation, or the negative errno of the bus error. */
static long long watch(sd_bus *bus, int fd) {
        sd_bus_message *reply = NULL;
        uint64_t generation;
        int r = sd_bus_call_method(bus, NULL, NOTIFY_OBJECT, NOTIFY_INTERFACE, "Watch", NULL, &reply,
                                   "h", fd);

        if (r >= 0)
                r = sd_bus_message_read(reply, "t", &generation);
        sd_bus_message_unref(reply);
        return r < 0 ? r : (long long) generation;
}

/* Runs the service while the child talks to it; the child's exit status. */
static int run_with(int (*client)(void)) {
        _cleanup_(sd_event_unrefp) sd_event *event = NULL;
        _cleanup_(notify_server_freep) NotifyServer *server = NULL;
        int fd = listen_somewhere(), status = 0;
        pid_t child = fork();

        if (child == 0)
                _exit(client());
        CHECK(sd_event_new(&event) >= 0);
        CHECK(notify_server_new(event, fd, &server) == 0);
        while (waitpid(child, &status, WNOHANG) == 0)
                if (sd_event_run(event, 10000) < 0)
                        break;
        remove_socket();
        return WIFEXITED(status) ? WEXITSTATUS(status) : 200;
}

static int ask_about_directories(void) {
        sd_bus *bus = connect_bus();

        if (watch(bus, open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) != 0)
                return 1;
        if (watch(bus, open("/dev/null", O_RDONLY | O_CLOEXEC)) != -EINVAL)
                return 2;
        if (watch(bus, open("/tmp", O_PATH | O_DIRECTORY | O_CLOEXEC)) != -EACCES)
                return 3;
        sd_bus_close_unref(bus);
        return 0;
}

TEST("a directory's generation is unknown; a file and a path descriptor are refused") {
        CHECK_NUMBER(run_with(ask_about_directories), 0);
}

static int ask_while_others_misbehave(void) {
        int garbage = socket(AF_UNIX, SOCK_STREAM, 0), silent = socket(AF_UNIX, SOCK_STREAM, 0);
        char octets[64];

        if (connect(garbage, (struct sockaddr *) &address, sizeof(address)) < 0 ||
            connect(silent, (struct sockaddr *) &address, sizeof(address)) < 0)
                return 1;
        memset(octets, 'A', sizeof(octets));
        if (write(garbage, octets, sizeof(octets)) < 0)
                return 2;
        for (int i = 0; i < 50; i++) {
                sd_bus *bus = connect_bus();

                if (watch(bus, open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) != 0)
                        return 3;
                sd_bus_close_unref(bus);
        }
        /* The one that sent garbage has been closed, not answered. */
        return read(garbage, octets, sizeof(octets)) > 0 ? 4 : 0;
}

TEST("a client that sends garbage and one that says nothing disturb nobody") {
        CHECK_NUMBER(run_with(ask_while_others_misbehave), 0);
}

TESTS_END
