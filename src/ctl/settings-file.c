/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values on one line only: Courier's files have no others. */
#include "ctl/settings-file.h"

#include <errno.h>
#include <fcntl.h>

#include "basic/buffer.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"

enum { FILE_OCTETS_MAX = 1 << 20 };

static const char blanks[] = " \t\r";

/* What the shell makes of it: quoted runs and bare ones, a backslash takes the next literally. */
static void take_value(const char *at, Buffer *value) {
        char quote = '\0';
        size_t end = 0; /* behind the last character that is not a trailing blank */

        for (; *at; at++) {
                if (quote == '\0' && (*at == '"' || *at == '\'')) {
                        quote = *at;
                } else if (*at == quote) {
                        quote = '\0';
                } else {
                        if (*at == '\\' && quote != '\'' && at[1])
                                at++;
                        buffer_append_char(value, *at);
                }
                if (quote != '\0' || !strchr(blanks, *at))
                        end = value->size;
        }
        if (value->data)
                value->data[end] = '\0';
}

static void load_line(char *line) {
        _cleanup_buffer_ Buffer value = { 0 };
        size_t size;

        line += strspn(line, blanks);
        size = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
        if (size == 0 || char_is_digit(*line) || line[size] != '=')
                return;
        line[size] = '\0';
        take_value(line + size + 1 + strspn(line + size + 1, blanks), &value);
        (void) setenv(line, value.data ? value.data : "", 0); /* fails for lack of memory only */
}

int settings_file_load(const char *path) {
        _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        _cleanup_free_ char *text = NULL;
        size_t size = 0;
        char *feed;
        int r;

        if (fd < 0)
                return errno == ENOENT ? 0 : failed(-errno, "read '%s'", path);
        r = fd_read_file(fd, FILE_OCTETS_MAX, &text, &size);
        if (r < 0)
                return failed(r, "read '%s'", path);
        /* Backwards: of two assignments the last one counts, and what is set already stays. */
        while ((feed = memrchr(text, '\n', size))) {
                load_line(feed + 1);
                *feed = '\0';
                size = (size_t) (feed - text);
        }
        load_line(text);
        return 0;
}
