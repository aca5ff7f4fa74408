/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unique names: time, process, device and inode, host. */
#include "maildir/unique-name.h"

#include <inttypes.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/text.h"

/* Longer host names are cut: the name of a message must fit into 255 octets. */
enum { HOST_OCTETS_MAX = 100 };

void unique_names_init(UniqueNames *names, const char *host) {
        size_t n = 0;

        *names = (UniqueNames){ 0 };
        for (; *host && n + 4 < HOST_OCTETS_MAX; host++) {
                if (*host == '/' || *host == ':') {
                        memcpy(names->host + n, *host == '/' ? "\\057" : "\\072", 4);
                        n += 4;
                } else if (!char_is_control(*host))
                        names->host[n++] = *host;
        }
        if (n == 0)
                strcpy(names->host, "localhost");
}

UniqueName unique_name_next(UniqueNames *names) {
        uint64_t now = clock_realtime_usec();

        return (UniqueName){
                .sec = (int64_t) (now / USEC_PER_SEC),
                .usec = (unsigned) (now % USEC_PER_SEC),
                .number = names->counter++,
        };
}

char *unique_name_temporary(const UniqueNames *names, const UniqueName *name) {
        return text_printf("%" PRId64 ".M%uP%d_%u.%s", name->sec, name->usec, (int) getpid(),
                           name->number, names->host);
}

char *unique_name_control(UniqueNames *names, const char *what) {
        UniqueName name = unique_name_next(names);

        return text_printf("%" PRId64 ".M%uP%d_%u%s.%s", name.sec, name.usec, (int) getpid(),
                           name.number, what, names->host);
}

char *unique_name_base(const UniqueNames *names, const UniqueName *name, const struct stat *st) {
        return text_printf("%" PRId64 ".M%uP%dV%016" PRIX64 "I%016" PRIX64 "_%u.%s,S=%" PRIu64,
                           name->sec, name->usec, (int) getpid(), (uint64_t) st->st_dev,
                           (uint64_t) st->st_ino, name->number, names->host,
                           (uint64_t) st->st_size);
}

char *unique_name_link(const UniqueNames *names, const UniqueName *name, uint64_t size) {
        return text_printf("%" PRId64 ".M%uP%d_%u.%s,S=%" PRIu64, name->sec, name->usec,
                           (int) getpid(), name->number, names->host, size);
}
