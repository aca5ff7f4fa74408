/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/parameter.h"

#include "basic/buffer.h"
#include "harness.h"

static char *show(const char *value) {
        _cleanup_arena_ Arena arena = { 0 };
        _cleanup_buffer_ Buffer out = { 0 };
        ParameterReader reader = { value, value + strlen(value) };
        MimeParam *params;
        size_t n_params;

        parameter_take_all(&reader, &arena, &params, &n_params);
        for (size_t i = 0; i < n_params; i++)
                buffer_printf(&out, "%s%s=%s", i > 0 ? "|" : "", params[i].name, params[i].value);
        return out.data ? buffer_take_text(&out) : memory_copy("", 1);
}

TEST("parameters are read leniently and their sections joined") {
        static const struct {
                const char *value, *want;
        } examples[] = {
                { "; charset=utf-8", "charset=utf-8" },
                { ";CHARSET=\"utf-8\";format=flowed;", "charset=utf-8|format=flowed" },
                { "; name=\"a \\\"b\\\" c.bin\"", "name=a \"b\" c.bin" },
                { " ; charset = utf-8 (comment) ; x = y", "charset=utf-8|x=y" },
                { "; charset", "" },
                { "; charset=", "charset=" },
                { "; =x", "" },
                { ";;; charset=a", "charset=a" },
                { " charset=utf-8", "charset=utf-8" },
                { "; charset=a; charset=b", "charset=a" },
                { "; name=unquoted file.txt", "name=unquoted file.txt" },
                { "; name=\"a.jpg", "name=a.jpg" },
                { "; name*=utf-8''Gr%C3%BC.pdf", "name*=utf-8''Gr%C3%BC.pdf" },
                { "; name*0=\"part one \"; name*1=\"part two\"", "name=part one part two" },
                { "; name*1=b; name*0=a", "name=ab" },
                { "; n*0*=utf-8'de'Gr%C3%BC; n*1*=%C3%9Fe; n*2=\"5%\"", "n*=utf-8'de'Gr%C3%BC%C3%9Fe5%25" },
                { "; n*0=a; n*1*=%20b", "n*=''a%20b" },
                { "; n*1=b", "n*1=b" },
                { "; n*0=a; n*2=c", "n=a|n*2=c" },
                { "; n*x=a; n*1x=b", "n*x=a|n*1x=b" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = show(examples[i].value);

                CHECK_TEXT(got, examples[i].want);
        }
}

TESTS_END
