/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fields of a message's header that clients ask for, as they go over the wire, in the order
 * of the header, with a table in front so that some of them are chosen without reading them.
 *
 * Every block has the fields of a fixed list. A name that is not in it can be looked for when
 * the block is made; the block says so, and so knows that a message does not have the field.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

enum {
        HEADER_ASKED_MAX = 32,         /* names beside the fixed list */
        HEADER_ASKED_NAME_MAX = 100,   /* octets of one */
        HEADER_BLOCK_FIELDS_MAX = 1000,
        HEADER_BLOCK_MAX = 64 * 1024,  /* octets */
};

/* Names that are not in the fixed list, by a hash of 64 bits. */
typedef struct HeaderAsked {
        uint64_t names[HEADER_ASKED_MAX];
        size_t n_names;
} HeaderAsked;

/* A list of names, made ready for many blocks. */
typedef struct HeaderChoice {
        uint64_t known[2]; /* bits: numbers in the fixed list */
        HeaderAsked asked;
} HeaderChoice;

/**
 * header_choice_init() - make a list of field names ready
 *
 * Return: false when it has more names than blocks can know; no block answers it then.
 */
[[nodiscard]] bool header_choice_init(HeaderChoice *choice, const char *const *names,
                                      size_t n_names);

/** header_asked_add() - add those that are not there; as many as there is room for */
void header_asked_add(HeaderAsked *asked, const HeaderAsked *more);

/**
 * header_block_build() - append the block of a header
 * @header:  raw, up to the end of its blank line or of the message
 * @asked:   what is looked for beside the fixed list
 *
 * Return: false when it would be larger than a block may be; nothing is appended.
 */
[[nodiscard]] bool header_block_build(const char *header, size_t size, const HeaderAsked *asked,
                                      Buffer *target);

/** header_block_asked() - what was looked for when a block was made; false: it is no block */
[[nodiscard]] bool header_block_asked(const void *block, size_t size, HeaderAsked *ret_asked);

/**
 * header_block_choose() - append the chosen fields, and the blank line if the header has one:
 * what BODY[HEADER.FIELDS (…)] sends
 *
 * Return: false when the block cannot say, or is no block; nothing is appended.
 */
[[nodiscard]] bool header_block_choose(const void *block, size_t size, const HeaderChoice *choice,
                                       Buffer *target);
