/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding parts and sections in a structure (RFC 9051, section 6.4.5.1). */
#include "mime/part.h"

#include "basic/text.h"
#include "mime/part-tree.h"

MimePart *mime_part_free(MimePart *root) {
        if (root) {
                MimeTree *tree = mime_tree_of(root);

                arena_done(&tree->arena);
                free(tree);
        }
        return NULL;
}

bool mime_part_is_multipart(const MimePart *part) {
        return text_equal(part->type, "multipart");
}

bool mime_part_is_message(const MimePart *part) {
        return text_equal(part->type, "message") && text_equal(part->subtype, "rfc822");
}

bool mime_part_is_text(const MimePart *part) {
        return text_equal(part->type, "text");
}

const char *mime_part_param(const MimePart *part, const char *name) {
        for (size_t i = 0; i < part->n_params; i++)
                if (text_equal_nocase(part->params[i].name, name))
                        return part->params[i].value;
        return NULL;
}

/* Part n of a message or of a multipart. */
static const MimePart *child_of(const MimePart *part, uint32_t number) {
        if (mime_part_is_multipart(part))
                return number >= 1 && number <= part->n_children ? part->children[number - 1]
                                                                 : NULL;
        return number == 1 ? part : NULL;
}

const MimePart *mime_part_find(const MimePart *root, const uint32_t *path, size_t n_path) {
        const MimePart *part = root;

        for (size_t i = 0; part && i < n_path; i++) {
                if (i > 0 && mime_part_is_message(part))
                        part = part->children[0];
                else if (i > 0 && !mime_part_is_multipart(part))
                        return NULL;
                part = child_of(part, path[i]);
        }
        return part;
}

static MimeRange header_of(const MimePart *part) {
        return (MimeRange){ part->header_offset, part->body_offset, part->header_size_wire };
}

static MimeRange body_of(const MimePart *part) {
        return (MimeRange){ part->body_offset, part->end_offset, part->body_size_wire };
}

static MimeRange all_of(const MimePart *part) {
        return (MimeRange){ part->header_offset, part->end_offset,
                            part->header_size_wire + part->body_size_wire };
}

bool mime_section_find(const MimePart *root, const uint32_t *path, size_t n_path,
                       MimeSection section, MimeRange *ret_range) {
        const MimePart *part = mime_part_find(root, path, n_path);

        if (!part)
                return false;
        switch (section) {
        case MIME_SECTION_BODY:
                *ret_range = n_path > 0 ? body_of(part) : all_of(part);
                return true;
        case MIME_SECTION_MIME:
                *ret_range = header_of(part);
                return n_path > 0;
        case MIME_SECTION_HEADER:
        case MIME_SECTION_TEXT:
                if (n_path > 0 && !mime_part_is_message(part))
                        return false;
                if (n_path > 0)
                        part = part->children[0];
                *ret_range = section == MIME_SECTION_HEADER ? header_of(part) : body_of(part);
                return true;
        }
        return false;
}
