/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account's cache (index/cache.h) by mailbox and position. */
#include "store/message-cache.h"

#include <endian.h>

#include "index/cache.h"
#include "index/header-block.h"
#include "mime/part-places.h"
#include "store/append-target.h"
#include "store/cache-site.h"
#include "store/store-private.h"

struct CachedFields {
        HeaderChoice choice;
        bool is_answerable; /* false: more names than the cache can know */
};

static const CacheKind kinds[] = {
        [CACHED_ENVELOPE]      = CACHE_ENVELOPE,
        [CACHED_BODY]          = CACHE_BODY,
        [CACHED_BODYSTRUCTURE] = CACHE_BODYSTRUCTURE,
        [CACHED_PREVIEW]       = CACHE_PREVIEW,
};

Cache *message_cache_of(Mailbox *box) {
        MailStore *store = box->store;

        if (!store->cache && store->settings.cache_size > 0)
                store->cache = cache_site_open(&store->cache_site, store->root_fd, store->path,
                                                store->settings.cache_size);
        return store->cache;
}

bool message_cache_key(Mailbox *box, size_t position, CacheKey *ret_key) {
        const IndexRecord *record = &index_table(box->index)->records[position];
        int64_t date_sec;

        /* Where nobody has looked at the file yet this does. */
        if (record->state & INDEX_GONE ||
            (record->file_size == INDEX_SIZE_UNKNOWN &&
             mailbox_internal_date(box, position, &date_sec) != STORE_DONE))
                return false;
        *ret_key = (CacheKey){ record->email_id, record->file_size };
        return true;
}

static bool get(Mailbox *box, size_t position, CacheKind kind, Buffer *target) {
        Cache *cache = message_cache_of(box);
        CacheKey key;

        return cache && message_cache_key(box, position, &key) &&
               cache_get(cache, kind, key, target);
}

static void put(Mailbox *box, size_t position, uint64_t file_size, CacheKind kind,
                const void *data, size_t size) {
        Cache *cache = message_cache_of(box);
        CacheKey key;

        if (cache && message_cache_key(box, position, &key) && key.file_size == file_size)
                cache_put(cache, kind, key, data, size);
}

bool message_cached_text(Mailbox *box, size_t position, CachedText which, Buffer *target) {
        return get(box, position, kinds[which], target);
}

void message_keep_text(Mailbox *box, size_t position, uint64_t file_size, CachedText which,
                       const char *text, size_t size) {
        put(box, position, file_size, kinds[which], text, size);
}

bool message_cached_wire_size(Mailbox *box, size_t position, uint64_t *ret_size) {
        IndexRecord *record = &index_table(box->index)->records[position];
        _cleanup_buffer_ Buffer value = { 0 };
        uint64_t size;

        if (record->wire_size == INDEX_SIZE_UNKNOWN) {
                if (!get(box, position, CACHE_SIZE, &value) || value.size != sizeof(size))
                        return false;
                memcpy(&size, value.data, sizeof(size));
                mailbox_note_wire_size(box, position, le64toh(size));
        }
        *ret_size = record->wire_size;
        return true;
}

void message_keep_wire_size(Mailbox *box, size_t position, uint64_t file_size, uint64_t size) {
        size = htole64(size);
        put(box, position, file_size, CACHE_SIZE, &size, sizeof(size));
}

MimePart *message_cached_places(Mailbox *box, size_t position, uint64_t file_size,
                                uint64_t raw_size) {
        Buffer *block = &box->store->cache_block;
        Cache *cache = message_cache_of(box);
        CacheKey key;

        buffer_clear(block);
        if (!cache || !message_cache_key(box, position, &key) || key.file_size != file_size ||
            !cache_get(cache, CACHE_PARTS, key, block))
                return NULL;
        return mime_places_unpack(block->data, block->size, raw_size);
}

void message_keep_places(Mailbox *box, size_t position, uint64_t file_size,
                         const MimePart *root) {
        Buffer *block = &box->store->cache_block;

        if (!message_cache_of(box))
                return;
        buffer_clear(block);
        mime_places_pack(root, block);
        put(box, position, file_size, CACHE_PARTS, block->data, block->size);
}

CachedFields *cached_fields_new(MailStore *store, const char *const *names, size_t n_names) {
        CachedFields *fields = make(CachedFields, .is_answerable = false);

        fields->is_answerable = header_choice_init(&fields->choice, names, n_names);
        if (fields->is_answerable)
                header_asked_add(&store->cache_asked, &fields->choice.asked);
        return fields;
}

CachedFields *cached_fields_free(CachedFields *fields) {
        free(fields);
        return NULL;
}

bool message_cached_fields(Mailbox *box, size_t position, const CachedFields *fields,
                           Buffer *target) {
        Buffer *block = &box->store->cache_block;

        buffer_clear(block);
        return fields->is_answerable && get(box, position, CACHE_HEADER, block) &&
               header_block_choose(block->data, block->size, &fields->choice, target);
}

/* What is asked for in this session, and what a block that is there already knows besides. False
 * when that block has it all. */
static bool has_to_ask(Mailbox *box, size_t position, HeaderAsked *ret_asked) {
        Buffer *block = &box->store->cache_block;
        HeaderAsked before;
        size_t n;

        *ret_asked = box->store->cache_asked;
        buffer_clear(block);
        if (!get(box, position, CACHE_HEADER, block) ||
            !header_block_asked(block->data, block->size, &before))
                return true;
        n = before.n_names;
        header_asked_add(&before, ret_asked);
        if (before.n_names == n)
                return false;
        header_asked_add(ret_asked, &before);
        return true;
}

bool message_keep_header(Mailbox *box, size_t position, uint64_t file_size, const char *header,
                         size_t size, const CachedFields *fields, Buffer *target) {
        Buffer *block = &box->store->cache_block;
        HeaderAsked asked;

        if (has_to_ask(box, position, &asked)) {
                buffer_clear(block);
                if (!header_block_build(header, size, &asked, block))
                        return false;
                put(box, position, file_size, CACHE_HEADER, block->data, block->size);
        }
        return !fields || (fields->is_answerable &&
                           header_block_choose(block->data, block->size, &fields->choice, target));
}

bool store_has_to_keep(const MailStore *store) {
        return store->cache && cache_has_to_write(store->cache);
}

void store_rest(MailStore *store) {
        if (store->cache)
                cache_rest(store->cache);
        buffer_done(&store->cache_block);
        append_target_rest(store);
}

int store_cache_fd(const MailStore *store) {
        return store->cache_site.account_fd;
}
