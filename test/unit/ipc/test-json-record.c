/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/text.h"
#include "harness.h"
#include "ipc/json-record.h"

static JsonRecord *parse(const char *text) {
        JsonRecord *record = NULL;

        return json_record_parse(text, strlen(text), &record) ? record : NULL;
}

TEST("members are found by name and kind") {
        _cleanup_(json_record_freep) JsonRecord *record = parse(
                " { \"a\" : \"text\", \"n\":42 ,\"t\":true,\"f\":false,\"z\":null,"
                "\"list\":[1,[\"x\"],{\"a\":2}],\"o\":{\"a\":\"inner\",\"e\":{}},\"last\":\"!\"}\r\n");
        const JsonNode *root;
        uint64_t number = 7;

        CHECK(record);
        if (!record)
                return;
        root = json_record_root(record);
        CHECK_TEXT(json_node_text(root, "a"), "text");
        CHECK_TEXT(json_node_text(root, "last"), "!");
        CHECK(json_node_number(root, "n", 42, &number) && number == 42);
        CHECK(!json_node_number(root, "n", 41, &number));
        CHECK(!json_node_number(root, "a", 1, &number));
        CHECK(json_node_flag(root, "t") && !json_node_flag(root, "f") && !json_node_flag(root, "n"));
        CHECK(json_node_has(root, "z") && !json_node_text(root, "z"));
        CHECK(!json_node_object(root, "list"));
        CHECK_TEXT(json_node_text(json_node_object(root, "o"), "a"), "inner");
        CHECK(json_node_object(json_node_object(root, "o"), "e"));
        CHECK(!json_node_text(json_node_object(root, "missing"), "a"));
}

TEST("escapes become the characters they stand for") {
        _cleanup_(json_record_freep) JsonRecord *record = parse(
                "{\"\\u0061\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\u20ac\\ud83d\\ude00 ä\"}");

        CHECK(record);
        if (record)
                CHECK_TEXT(json_node_text(json_record_root(record), "a"), "\"\\/\b\f\n\r\tä€😀 ä");
}

TEST("what is malformed or over a limit is refused") {
        static const char *const bad[] = {
                "", " ", "{", "}", "[]", "\"a\"", "1", "null", "{}{}", "{} x", "{\"a\"}", "{\"a\":}",
                "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "{\"a\":01}", "{\"a\":-}",
                "{\"a\":1.}", "{\"a\":1e}", "{\"a\":+1}", "{\"a\":tru}", "{\"a\":truex}", "{\"a\":[1,]}",
                "{\"a\":[1}", "{\"a\":\"b", "{\"a\":\"\\x\"}", "{\"a\":\"\\", "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud800\\u0041\"}",
                "{\"a\":\"\\udc00\"}", "{\"a\":\"\n\"}", "{\"a\":\"\xff\"}", "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}", "{\"a\":{\"b\":1,\"b\":2}}",
                "{\"a\":[[[[[[[[]]]]]]]]}",
        };

        for (size_t i = 0; i < ELEMENTSOF(bad); i++) {
                JsonRecord *record = parse(bad[i]);

                if (record)
                        printf("# accepted: %s\n", bad[i]);
                CHECK(!record);
                json_record_free(record);
        }
}

TEST("a NUL inside, too many values, too long a text are refused") {
        _cleanup_buffer_ Buffer many = { 0 };
        _cleanup_free_ char *text = memory_new(JSON_RECORD_MAX + 2, 1);
        JsonRecord *record = NULL;

        CHECK(!json_record_parse("{}\0", 3, &record));
        buffer_append_text(&many, "{\"a\":[0");
        for (int i = 0; i < JSON_NODES_MAX; i++)
                buffer_append_text(&many, ",0");
        buffer_append_text(&many, "]}");
        CHECK(!json_record_parse(many.data, many.size, &record));
        memset(text, ' ', JSON_RECORD_MAX + 1);
        memcpy(text, "{}", 2);
        CHECK(!json_record_parse(text, JSON_RECORD_MAX + 1, &record));
        CHECK(json_record_parse(text, JSON_RECORD_MAX, &record));
        json_record_free(record);
}

TEST("numbers that are not natural are there, but nobody's number") {
        static const char *const texts[] = { "-1", "1.5", "1e3", "18446744073709551616", "-0" };

        for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
                _cleanup_free_ char *text = text_printf("{\"a\":%s}", texts[i]);
                _cleanup_(json_record_freep) JsonRecord *record = parse(text);
                uint64_t number;

                CHECK(record && json_node_has(json_record_root(record), "a"));
                CHECK(record && !json_node_number(json_record_root(record), "a", UINT64_MAX, &number));
        }
}

TEST("what is written can be read, and nothing breaks out of a string") {
        _cleanup_buffer_ Buffer text = { 0 };
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        const char *evil = "\",\"x\":1}\\\n\x01\x7f ä";

        json_write_begin(&text, NULL);
        json_write_text(&text, "missing", NULL);
        json_write_text(&text, "evil", evil);
        json_write_begin(&text, "o");
        json_write_number(&text, "n", UINT64_MAX);
        json_write_flag(&text, "t", true);
        json_write_end(&text);
        json_write_text(&text, "broken", "a\xff");
        json_write_end(&text);
        CHECK_TEXT(text.data, "{\"evil\":\"\\\",\\\"x\\\":1}\\\\\\u000a\\u0001\\u007f ä\","
                              "\"o\":{\"n\":18446744073709551615,\"t\":true},\"broken\":\"a?\"}");
        CHECK(json_record_parse(text.data, text.size, &record));
        if (record)
                CHECK_TEXT(json_node_text(json_record_root(record), "evil"), evil);
}

TESTS_END
