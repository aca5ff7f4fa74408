/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plays each file of the seed folders named on the command line through a fuzz target, once. */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>

#include "basic/fd.h"
#include "basic/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEED_OCTETS_MAX = 16 << 20 };

static int play(const char *folder, int *n_played) {
        DIR *dir = opendir(folder);

        if (!dir) {
                perror(folder);
                return 1;
        }
        for (struct dirent *entry; (entry = readdir(dir));) {
                _cleanup_close_ int fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
                _cleanup_free_ char *data = NULL;
                size_t size;

                if (entry->d_type != DT_REG || fd < 0 || fd_read_file(fd, SEED_OCTETS_MAX, &data, &size) < 0)
                        continue;
                /* An exact copy, so that the sanitizer sees a read past its end. */
                _cleanup_free_ uint8_t *exact = memory_copy(data, size);
                (void) LLVMFuzzerTestOneInput(exact, size); /* returns 0 by contract */
                (*n_played)++;
        }
        closedir(dir);
        return 0;
}

int main(int argc, char **argv) {
        int n_played = 0;

        for (int i = 1; i < argc; i++)
                if (play(argv[i], &n_played) != 0)
                        return 1;
        printf("%d seeds played\n", n_played);
        return n_played > 0 ? 0 : 1;
}
