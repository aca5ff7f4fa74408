/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The index of one mailbox on disk: a snapshot and a log of what happened since. Readers take
 * no lock; who changes something holds the folder's lock and has pulled under it.
 *
 * A change is gathered (index_change_…), written to the log in one piece and only then applied
 * to the table: what is in memory is on disk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"
#include "index/index-table.h"

typedef struct Index Index;

enum {
        INDEX_DONE = 0,
        INDEX_MISSING,   /* there is no snapshot */
        INDEX_BROKEN,    /* what is there is of no use: index_new() */
        INDEX_REPLACED,  /* another numbering has taken its place */
        INDEX_NEWER,     /* written by a later version of this program: leave it alone */
        INDEX_DAMAGED,   /* something of it turned out not to be what was written */
        INDEX_NO_SPACE,
        INDEX_FORBIDDEN,
};

/**
 * index_open() - read what is on disk
 * @dir_fd:     the folder; borrowed, outlives the index
 * @ret_index:  owned by the caller, released by index_close()
 *
 * The snapshot is mapped; the cost is that of the log. A damage that shows later makes messages
 * disappear, and index_pull() tell of it.
 * Return: INDEX_DONE, INDEX_MISSING, INDEX_BROKEN, INDEX_NEWER, INDEX_FORBIDDEN, negative errno.
 */
[[nodiscard]] int index_open(int dir_fd, Index **ret_index);

/** index_new() - an empty one, on disk from its first commit on, in place of what is there */
Index *index_new(int dir_fd, uint32_t uidvalidity);

/**
 * index_start_modseq() - a new index whose UIDVALIDITY clients may know begins here
 *
 * Greater than anything they may have been told before the one that it replaces was lost.
 */
void index_start_modseq(Index *index, uint64_t modseq);
Index *index_close(Index *index);
DEFINE_CLEANUP(Index *, index_close);

/** index_table() - borrowed; records change and move in pull and commit */
IndexTable *index_table(Index *index);

/* Which files an index was read from: the same ones as long as nobody has written. */
typedef struct IndexFiles {
        FileIdentity snapshot;
        uint64_t log_ino, log_size;
} IndexFiles;

/** index_files() - false when it is not what is on disk, or may not be */
bool index_files(const Index *index, IndexFiles *ret_files);

/** index_keep_in_memory() - nothing is written from now on: the folder is not ours to write */
void index_keep_in_memory(Index *index);

/**
 * index_pull() - read what others have written since; two stat calls when that is nothing
 *
 * Return: INDEX_DONE, INDEX_REPLACED, INDEX_DAMAGED (reported; the next open does not find it any
 * more), negative errno.
 */
[[nodiscard]] int index_pull(Index *index);

/** index_is_old() - of version 1: any commit writes it as our version */
bool index_is_old(const Index *index);

/** index_check() - all of it at once: false when something is damaged, which pull tells then */
[[nodiscard]] bool index_check(Index *index);

/**
 * index_expunged_since() - UIDs that were expunged after a modseq (RFC 7162, 3.2.5.2)
 * @ret_uids:      added to; initialised by the caller
 * @ret_complete:  false: more may have been, that long ago
 */
void index_expunged_since(Index *index, uint64_t modseq, NumberSet *ret_uids,
                          bool *ret_complete);

/**
 * index_is_suspect() - the log does not end with a whole record, or its start is damaged
 *
 * Under the lock that means a crash or a damage: UIDs may be missing. Cleared by a commit.
 */
bool index_is_suspect(const Index *index);

/* What a message is like on disk now, for a change. */
typedef struct IndexMessage {
        IndexRecord record;
        const char *base; /* borrowed; for index_change_add() only */
        const uint64_t *words;
        size_t n_words;
} IndexMessage;

/**
 * index_change_add() - a UID of 0 takes the next one, an email_id of 0 gets a new one
 *
 * The save date is now. Return: the UID.
 */
uint32_t index_change_add(Index *index, const IndexMessage *message);
void index_change_flags(Index *index, const IndexMessage *message);
void index_change_expunge(Index *index, uint32_t uid);

/** index_change_learned() - sizes and date of what index_table_note_learned() was told of */
void index_change_learned(Index *index);

/** index_change_claim() - nothing that is there now is unclaimed any more */
void index_change_claim(Index *index);

/**
 * index_change_many() - so many additions are about to come
 * @names_size:  octets of their names, at most, each with a NUL
 *
 * Where that is much they are not gathered in memory but made in the table, from the end on, and
 * written as a new snapshot by the commit. They are visible at once; nothing is to be pulled
 * before the commit, or index_change_drop(), which takes them back. Nothing has gathered yet.
 */
void index_change_many(Index *index, size_t n_additions, size_t names_size);

/** index_change_keyword() - a keyword's number, made if need be; false when there are too many */
[[nodiscard]] bool index_change_keyword(Index *index, const char *name, size_t *ret_number);

/** index_change_uidnext() - raise it; lower values do nothing */
void index_change_uidnext(Index *index, uint32_t uidnext);

/** index_change_facts() - all but UIDs and modseq are taken from here at the commit */
void index_change_facts(Index *index, const IndexFacts *facts);

typedef enum IndexCommit {
        INDEX_SYNCED = 1 << 0, /* on disk when it returns */
        INDEX_FOUND = 1 << 1,  /* somebody else made the changes: they get INDEX_CHANGED */
} IndexCommit;

/**
 * index_commit() - write and apply what has gathered; nothing is fine
 * @how:  bits of IndexCommit
 *
 * Folds the log into a new snapshot when it has grown large. On any other outcome than
 * INDEX_DONE nothing has changed, except that a new index has it in memory.
 * Return: INDEX_DONE, INDEX_NO_SPACE, INDEX_FORBIDDEN.
 */
[[nodiscard]] int index_commit(Index *index, unsigned how);

/**
 * index_settle() - have on disk (fsync) what was committed without INDEX_SYNCED
 *
 * Nothing to do, no system call: only messages, flags and expunges count, of which clients are
 * told. Return: INDEX_DONE, INDEX_NO_SPACE, negative errno.
 */
[[nodiscard]] int index_settle(Index *index);

/** index_start_settling() - its data first, so that one sync of the file system's log does */
void index_start_settling(Index *index);

/** index_has_changes() - something has gathered, facts not counted */
bool index_has_changes(const Index *index);

/**
 * index_has_gathered_much() - so much that a change of very many messages should be committed now
 *
 * Never while additions are made in the table at once.
 */
bool index_has_gathered_much(const Index *index);

/** index_change_drop() - forget what has gathered */
void index_change_drop(Index *index);

/** index_identity() - what tells this state of a file from another */
struct stat;
FileIdentity index_identity(const struct stat *st);
bool index_identity_is_same(const FileIdentity *a, const FileIdentity *b);
