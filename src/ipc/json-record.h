/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One JSON object between two of our processes (RFC 8259), read and written without leaving
 * copies of secrets behind: all text lies in one block that json_record_free() wipes.
 *
 * Stricter than the RFC where leniency would only hide mistakes: the text is an object, its
 * names are unique, no string holds a NUL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "basic/memory.h"

typedef struct JsonRecord JsonRecord; /* the whole text, parsed; owns its nodes */
typedef struct JsonNode JsonNode;     /* a value in it */

enum {
        JSON_RECORD_MAX = 64 * 1024, /* octets of text */
        JSON_DEPTH_MAX = 8,
        JSON_NODES_MAX = 1024,
};

/**
 * json_record_parse() - read one object that fills the whole text, blanks around it allowed
 *
 * Linear in @size. Return: false when it is malformed or over a limit above.
 */
[[nodiscard]] bool json_record_parse(const char *text, size_t size, JsonRecord **ret_record);

/** json_record_free() - wipe and release */
JsonRecord *json_record_free(JsonRecord *record);
DEFINE_CLEANUP(JsonRecord *, json_record_free);

/** json_record_root() - the object itself; nodes live as long as the record */
const JsonNode *json_record_root(const JsonRecord *record);

/* Members of an object by name. @object may be NULL: nothing has no members. Text and object are
 * NULL, flag and number false, when there is no such member or it is of another kind. */
const char *json_node_text(const JsonNode *object, const char *name);
const JsonNode *json_node_object(const JsonNode *object, const char *name);
bool json_node_flag(const JsonNode *object, const char *name);
bool json_node_number(const JsonNode *object, const char *name, uint64_t max, uint64_t *ret_number);
bool json_node_has(const JsonNode *object, const char *name);

/** json_node_each_text() - call for every member that is a string, in order */
void json_node_each_text(const JsonNode *object, void (*on_text)(void *context, const char *name,
                                                                 const char *text), void *context);

/*
 * Writing: json_write_begin(), members, json_write_end(); objects may be nested by name. Text must
 * be UTF-8; what is not is written as '?'. NULL text writes nothing at all. Every character takes
 * at most JSON_ESCAPE_MAX octets: who writes secrets reserves the room first, because a buffer that
 * grows leaves a copy behind.
 */
enum { JSON_ESCAPE_MAX = 6 };

void json_write_begin(Buffer *target, const char *name);
void json_write_end(Buffer *target);
void json_write_text(Buffer *target, const char *name, const char *text);
void json_write_number(Buffer *target, const char *name, uint64_t number);
void json_write_flag(Buffer *target, const char *name, bool flag);
