/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory whose ownership is visible: small allocations that do not fail, values
 * that are given away by name, and locals that release what they own at scope end.
 */
#pragma once

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Declares that a local owns something: `_cleanup_(mailbox_closep) Mailbox *box = NULL;` */
#define _cleanup_(function) __attribute__((__cleanup__(function)))
#define _cleanup_free_ _cleanup_(memory_freep)
#define _cleanup_wiped_ _cleanup_(memory_wipe_stringp)
#define _unused_ __attribute__((__unused__))
#define _printf_(format, first) __attribute__((__format__(printf, format, first)))
#define _pure_ __attribute__((__pure__))
#define _const_ __attribute__((__const__))

#define ELEMENTSOF(array) (sizeof(array) / sizeof((array)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* Gives the pointer away: the local keeps NULL. */
#define TAKE_PTR(pointer)                          \
        ({                                         \
                __typeof__(pointer) _taken = (pointer); \
                (pointer) = NULL;                  \
                _taken;                            \
        })

/* Makes the scope-end form of a release function: DEFINE_CLEANUP(Mailbox *, mailbox_close). */
#define DEFINE_CLEANUP(type, function)                          \
        static inline void function##p(type *object) {          \
                if (*object)                                    \
                        function(*object);                      \
        }                                                       \
        struct function##_cleanup_needs_a_semicolon

/**
 * make() - allocate one zeroed object with the given initial members; never NULL
 *
 * `make(Mailbox, .dir_fd = -EBADF)`; released with free() or the object's own function.
 */
#define make(type, ...) ((type *) memory_copy(&(type){ __VA_ARGS__ }, sizeof(type)))

/**
 * memory_new() - allocate n_items zeroed items of item_size octets; never NULL
 *
 * Ends the process when memory is short or the product overflows: callers bound
 * n_items by a named limit before they call.
 */
[[nodiscard]] void *memory_new(size_t n_items, size_t item_size)
        __attribute__((__returns_nonnull__));
#define make_array(type, n) ((type *) memory_new((n), sizeof(type)))

/** memory_copy() - a copy of size octets on the heap; never NULL */
[[nodiscard]] void *memory_copy(const void *data, size_t size) __attribute__((__returns_nonnull__));

/** memory_resize() - realloc() for n_items of item_size that never fails and checks the product */
[[nodiscard]] void *memory_resize(void *data, size_t n_items, size_t item_size)
        __attribute__((__returns_nonnull__));

/**
 * memory_grow() - make room for n_wanted items in a growable array
 * @data:        the array, owned by the caller, NULL at first
 * @allocated:   number of items there is room for; updated
 *
 * Doubles, so appending is amortised constant.
 */
[[nodiscard]] void *memory_grow(void *data, size_t *allocated, size_t n_wanted, size_t item_size)
        __attribute__((__returns_nonnull__));

/* Makes room for one more item in `items`, of which `n_items` are used and `n_allocated` exist. */
#define GROW(items, n_items, n_allocated) \
        ((items) = memory_grow((items), &(n_allocated), (n_items) + 1, sizeof(*(items))))

/** memory_wipe() - overwrite a secret in a way the compiler keeps */
void memory_wipe(void *data, size_t size);

/** memory_wipe_string() - wipe and free a secret string; NULL is allowed */
void memory_wipe_string(char *secret);

static inline void memory_freep(void *pointer_to_pointer) {
        free(*(void **) pointer_to_pointer);
}

static inline void memory_wipe_stringp(char **secret) {
        memory_wipe_string(*secret);
}
