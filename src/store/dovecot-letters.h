/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keywords in the names of files, as Dovecot has them: what each of the letters a to z stands
 * for in a mailbox with a dovecot-keywords file. Bits of letters are those of MessageName.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "index/index.h"
#include "maildir/dovecot-keywords.h"

typedef struct Mailbox Mailbox;

typedef struct DovecotLetters {
        uint64_t mapped;                   /* letters that stand for a keyword of the index */
        uint16_t numbers[DOVECOT_LETTERS]; /* that keyword; two may stand for one */
} DovecotLetters;

#define MESSAGE_LETTERS_LOWER (((UINT64_C(1) << DOVECOT_LETTERS) - 1) << 26)

/**
 * dovecot_letters_read() - none where there is no dovecot-keywords
 *
 * Gathers keywords that the index does not have yet: for who holds the lock, or has an index in
 * memory. Return: STORE_DONE, negative errno.
 */
[[nodiscard]] int dovecot_letters_read(Mailbox *box, DovecotLetters *ret_letters);

/** dovecot_letters_set(), _clear() - what letters say, as bits of keywords */
void dovecot_letters_set(const DovecotLetters *letters, uint64_t which, uint64_t *words);
void dovecot_letters_clear(const DovecotLetters *letters, uint64_t which, uint64_t *words);

/** dovecot_letters_for() - a message's letters as its keywords want them; unmapped ones stay */
uint64_t dovecot_letters_for(const DovecotLetters *letters, uint64_t now, const uint64_t *words,
                             size_t n_words);

/** dovecot_letters_for_copy() - letters of one mailbox never go into another one's meaning */
uint64_t dovecot_letters_for_copy(Mailbox *source, Mailbox *target, uint64_t letters);

/**
 * dovecot_letters_write() - rename the files whose letters are not what their keywords want
 * @facts:  those of the mailbox, to be committed by the caller with what gathers here
 *
 * Under the lock. Return: STORE_DONE, STORE_NO_SPACE, STORE_READ_ONLY, negative errno.
 */
[[nodiscard]] int dovecot_letters_write(Mailbox *box, IndexFacts *facts);
