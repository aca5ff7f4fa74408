/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SEARCH programs: the tree keeps its limits. */
#include <assert.h>
#include <stdint.h>

#include "imap-proto/imap-args.h"
#include "imap-proto/search-program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* UNSEEN and NEW bring a NOT, or an AND and a NOT, of their own below the last level. */
enum { DEPTH_MAX = IMAP_NESTING_MAX + 3 };

static size_t walk(const SearchNode *node, unsigned depth) {
        size_t n = 1, n_children = 0;

        assert(depth <= DEPTH_MAX);
        for (const SearchNode *child = node->first_child; child; child = child->next_sibling) {
                n += walk(child, depth + 1);
                n_children++;
        }
        assert(node->kind != SEARCH_NOT || n_children == 1);
        assert(node->kind != SEARCH_OR || n_children == 2);
        assert(node->kind != SEARCH_HEADER || (node->field && node->text));
        assert(!node->text || node->text[node->text_size] == '\0');
        return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_search_program_ SearchProgram program = { 0 };
        ImapArgs args;

        imap_args_init(&args, (const char *) data, size, NULL);
        if (search_program_take(&args, &program))
                assert(walk(program.root, 0) <= IMAP_SEARCH_NODES_MAX);
        else
                assert(args.error[0] != '\0');
        return 0;
}
