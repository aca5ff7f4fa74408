/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/buffer.h"
#include "harness.h"

TEST("appended pieces stand one behind the other and end with NUL") {
        _cleanup_buffer_ Buffer buffer = { 0 };

        buffer_append_text(&buffer, "* ");
        buffer_append_number(&buffer, 18446744073709551615ULL);
        buffer_append_char(&buffer, ' ');
        buffer_printf(&buffer, "%s %d", "EXISTS", 0);
        CHECK_TEXT(buffer.data, "* 18446744073709551615 EXISTS 0");
        buffer_drop_front(&buffer, 2);
        CHECK_TEXT(buffer.data, "18446744073709551615 EXISTS 0");
}

TEST("taking the text leaves an empty buffer") {
        Buffer buffer = { 0 };
        _cleanup_free_ char *nothing = buffer_take_text(&buffer);
        _cleanup_free_ char *something = NULL;

        CHECK_TEXT(nothing, "");
        buffer_append_text(&buffer, "x");
        something = buffer_take_text(&buffer);
        CHECK_TEXT(something, "x");
        CHECK(buffer.data == NULL);
}

TESTS_END
