/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SipHash with one round for eight octets and three at the end, and 128 bits of output. */
#include "store/name-print.h"

#include <endian.h>
#include <sys/random.h>

#include "basic/clock.h"

typedef struct State {
        uint64_t v[4];
} State;

/* The clock is no secret, but without random numbers nothing else works either. */
NamePrintKey name_print_key(void) {
        NamePrintKey key = { .halves = { clock_realtime_usec(), clock_monotonic_usec() } };
        NamePrintKey random;

        return getrandom(&random, sizeof(random), GRND_NONBLOCK) == (ssize_t) sizeof(random)
                       ? random : key;
}

static uint64_t rotate(uint64_t value, int n) {
        return value << n | value >> (64 - n);
}

static void mix(State *state) {
        uint64_t *v = state->v;

        v[0] += v[1];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[0] = rotate(v[0], 32);
        v[2] += v[3];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[2] = rotate(v[2], 32);
}

static void take(State *state, uint64_t octets) {
        state->v[3] ^= octets;
        mix(state);
        state->v[0] ^= octets;
}

static uint64_t finish(State *state, uint64_t mark, size_t at) {
        state->v[at] ^= mark;
        for (int i = 0; i < 3; i++)
                mix(state);
        return state->v[0] ^ state->v[1] ^ state->v[2] ^ state->v[3];
}

NamePrint name_print(const NamePrintKey *key, const char *octets, size_t size) {
        uint64_t k0 = key->halves[0], k1 = key->halves[1], last = (uint64_t) size << 56, word;
        State state = { { k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f83),
                          k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573) } };
        NamePrint print;

        for (; size >= sizeof(word); octets += sizeof(word), size -= sizeof(word)) {
                memcpy(&word, octets, sizeof(word));
                take(&state, le64toh(word));
        }
        for (size_t i = 0; i < size; i++)
                last |= (uint64_t) (unsigned char) octets[i] << 8 * i;
        take(&state, last);
        print.first = finish(&state, 0xee, 2);
        print.second = finish(&state, 0xdd, 1);
        return print;
}
