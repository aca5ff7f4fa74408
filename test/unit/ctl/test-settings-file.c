/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <unistd.h>

#include "basic/fd.h"
#include "ctl/settings-file.h"
#include "harness.h"

static void load(const char *text) {
        char path[] = "/tmp/test-settings-file-XXXXXX";
        _cleanup_close_ int fd = mkstemp(path);

        CHECK(fd >= 0 && fd_write_all(fd, text, strlen(text)) == 0);
        CHECK(settings_file_load(path) == 0);
        CHECK(unlink(path) == 0);
}

TEST("assignments become the environment, without their quotes") {
        static const struct {
                const char *text, *value;
        } examples[] = {
                { "T=pam userdb  ",        "pam userdb" },
                { "T=\"pam  userdb \"",    "pam  userdb " },
                { "T='a\\b\"c'",           "a\\b\"c" },
                { "T=\"a\\\"b\\\\c\"",     "a\"b\\c" },
                { " T=x\r",                "x" },
                { "T=",                    "" },
                { "T=\"\"",                "" },
                { "T=a=b",                 "a=b" },
                { "#T=x\nT=y",             "y" },
                { "T=a\nT=b\n",            "b" },
                { "export T=x",            NULL },
                { "T",                     NULL },
                { "1T=x",                  NULL },
                { "; T=x",                 NULL },
                { "T =x",                  NULL },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                unsetenv("T");
                load(examples[i].text);
                CHECK_TEXT(getenv("T"), examples[i].value);
        }
}

TEST("what is set already stays, and a missing file is no failure") {
        setenv("T", "before", 1);
        load("T=file\n");
        CHECK_TEXT(getenv("T"), "before");
        CHECK(settings_file_load("/nonexistent/imapd") == 0);
}

TESTS_END
