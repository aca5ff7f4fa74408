/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of message files: "1700000001.M1P1.host,S=35:2,FS". The part before the first ':' is
 * the base name, which stays for the life of a message; the letters behind ":2," are its flags.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/flag.h"
#include "basic/memory.h"

typedef enum MessageSuffix {
        MESSAGE_SUFFIX_NONE,  /* no ':' at all: a file that was never flagged */
        MESSAGE_SUFFIX_FLAGS, /* ":2," */
        MESSAGE_SUFFIX_ODD,   /* ":1,…" and what else there is: no flags */
} MessageSuffix;

typedef struct MessageName {
        size_t base_size;
        MessageSuffix suffix;
        MessageFlags flags;
        uint64_t letters; /* other letters behind ":2,": bits 0-25 A to Z, bits 26-51 a to z */
} MessageName;

/* Whatever follows ":2," that is neither a flag nor a letter is dropped at the next change. */
#define MESSAGE_LETTERS_ALL ((UINT64_C(1) << 52) - 1)

/** message_name_parse() - total: every text is the name of some message */
void message_name_parse(const char *name, MessageName *ret_name);

/**
 * message_name_format() - a file's name from its parts, letters in ASCII order
 * @suffix:  MESSAGE_SUFFIX_NONE gives the base name alone, anything else ":2,…"
 *
 * Return: owned by the caller.
 */
[[nodiscard]] char *message_name_format(const char *base, size_t base_size, MessageSuffix suffix,
                                        MessageFlags flags, uint64_t letters);

/** message_name_size() - the number in ",S=" (file) or ",W=" (wire) of a base name */
bool message_name_size(const char *base, size_t base_size, char which, uint64_t *ret_octets);

/** message_name_is_same() - same base name, where ",S=<digits>" does not count on either side */
_pure_ bool message_name_is_same(const char *a, const char *b);

/**
 * message_name_compare() - by the number in front, then by octets up to ':' or the end
 *
 * The order in which new messages are numbered. Return: <0, 0, >0.
 */
_pure_ int message_name_compare(const char *a, const char *b);

/** message_name_number() - the number in front, 0 if there is none: the second of delivery */
_pure_ uint64_t message_name_number(const char *name);
