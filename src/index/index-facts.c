/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts about a mailbox as octets. */
#include "index/index-facts.h"

static void put_identity(Buffer *target, const FileIdentity *identity) {
        octets_put(target, (uint64_t) identity->mtime_sec, 8);
        octets_put(target, identity->mtime_nsec, 4);
        octets_put(target, identity->ino, 8);
        octets_put(target, identity->size, 8);
}

static FileIdentity take_identity(OctetReader *reader) {
        FileIdentity identity;

        identity.mtime_sec = (int64_t) octets_take(reader, 8);
        identity.mtime_nsec = (uint32_t) octets_take(reader, 4);
        identity.ino = octets_take(reader, 8);
        identity.size = octets_take(reader, 8);
        return identity;
}

void index_facts_put(Buffer *target, const IndexFacts *facts) {
        octets_put(target, facts->uidvalidity, 4);
        octets_put(target, facts->uidnext, 4);
        octets_put(target, facts->highest_modseq, 8);
        put_identity(target, &facts->cur);
        put_identity(target, &facts->new);
        put_identity(target, &facts->uid_database);
        put_identity(target, &facts->keyword_directory);
        put_identity(target, &facts->dovecot_uidlist);
        octets_put(target, (uint64_t) facts->scan_usec, 8);
        octets_put(target, facts->dirty, 4);
        octets_put(target, facts->uids_written, 4);
        octets_put(target, facts->uids_reserved, 4);
}

static IndexFacts take(OctetReader *reader, bool with_dovecot) {
        IndexFacts facts = { 0 };

        facts.uidvalidity = (uint32_t) octets_take(reader, 4);
        facts.uidnext = (uint32_t) octets_take(reader, 4);
        facts.highest_modseq = octets_take(reader, 8);
        facts.cur = take_identity(reader);
        facts.new = take_identity(reader);
        facts.uid_database = take_identity(reader);
        facts.keyword_directory = take_identity(reader);
        if (with_dovecot)
                facts.dovecot_uidlist = take_identity(reader);
        facts.scan_usec = (int64_t) octets_take(reader, 8);
        facts.dirty = (uint32_t) octets_take(reader, 4);
        facts.uids_written = (uint32_t) octets_take(reader, 4);
        facts.uids_reserved = (uint32_t) octets_take(reader, 4);
        return facts;
}

IndexFacts index_facts_take(OctetReader *reader) {
        return take(reader, true);
}

IndexFacts index_facts_take_1(OctetReader *reader) {
        return take(reader, false);
}
