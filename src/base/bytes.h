/* bytes.h: checked reading of bytes that nobody vouches for. */
#ifndef FR_BASE_BYTES_H
#define FR_BASE_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t fr_load16(const void *p)
{
    uint16_t v;
    memcpy(&v, p, 2);
    return v;
}
static inline uint32_t fr_load32(const void *p)
{
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}
static inline uint64_t fr_load64(const void *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

/* A cursor over [at, end). Sticky: a read past the end gives 0 and sets `bad`. */
struct fr_reader {
    const uint8_t *at, *end;
    bool bad;
};

static inline struct fr_reader fr_reader_of(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    return (struct fr_reader){at, at ? at + len : at, false};
}

static inline size_t fr_reader_left(const struct fr_reader *r)
{
    return (size_t)(r->end - r->at);
}

/* `len` bytes in place, or NULL. */
static inline const uint8_t *fr_read_bytes(struct fr_reader *r, uint64_t len)
{
    if (len > fr_reader_left(r)) {
        r->bad = true;
        r->at = r->end;
        return NULL;
    }
    const uint8_t *at = r->at;
    r->at += len;
    return at;
}

static inline uint8_t fr_read_u8(struct fr_reader *r)
{
    const uint8_t *p = fr_read_bytes(r, 1);
    return p ? *p : 0;
}
static inline uint32_t fr_read_u32(struct fr_reader *r)
{
    const uint8_t *p = fr_read_bytes(r, 4);
    return p ? fr_load32(p) : 0;
}
static inline uint64_t fr_read_u64(struct fr_reader *r)
{
    const uint8_t *p = fr_read_bytes(r, 8);
    return p ? fr_load64(p) : 0;
}

/* LEB128, at most ten bytes. */
static inline uint64_t fr_read_varint(struct fr_reader *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (r->at == r->end) break;
        uint8_t b = *r->at++;
        v |= (uint64_t)(b & 0x7F) << shift;
        if (!(b & 0x80)) return v;
    }
    r->bad = true;
    return 0;
}

/* A varint that must fit 32 bits. */
static inline uint32_t fr_read_varint32(struct fr_reader *r)
{
    uint64_t v = fr_read_varint(r);
    if (v > UINT32_MAX) {
        r->bad = true;
        return 0;
    }
    return (uint32_t)v;
}

/* Set bits. The builtin is a call where the processor may lack the instruction. */
static inline unsigned fr_popcount(uint64_t v)
{
    v -= v >> 1 & 0x5555555555555555u;
    v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
    return (unsigned)(((v + (v >> 4)) & 0x0F0F0F0F0F0F0F0Fu) * 0x0101010101010101u >> 56);
}

/* The first eight bytes of a string as a number in their order, missing ones 0. */
static inline uint64_t fr_prefix64(const void *bytes, size_t len)
{
    uint64_t v = 0;
    if (len) memcpy(&v, bytes, len < 8 ? len : 8);
    return __builtin_bswap64(v);
}

/* Bits needed for v: 0 for 0. */
static inline unsigned fr_bits(uint64_t v)
{
    return v ? 64u - (unsigned)__builtin_clzll(v) : 0;
}

#endif
