/* A hash table with open addressing and linear probing: strings stand one behind the other, the
 * table has their numbers and doubles when it is half full. */
#include "base/interner.h"

#include "base/checksum.h"

void fr_interner_init(struct fr_interner *in, const frai_allocator *mem)
{
    fr_buf_init(&in->bytes, mem);
    fr_buf_init(&in->ends.buf, mem);
    fr_buf_init(&in->table.buf, mem);
}

void fr_interner_deinit(struct fr_interner *in)
{
    fr_buf_deinit(&in->bytes);
    fr_buf_deinit(&in->ends.buf);
    fr_buf_deinit(&in->table.buf);
}

void fr_interner_clear(struct fr_interner *in)
{
    fr_buf_clear(&in->bytes);
    fr_buf_clear(&in->ends.buf);
    in->table.buf.failed = false;
    if (fr_vec_count(&in->table)) memset(in->table.buf.data, 0, in->table.buf.len);
}

frai_slice fr_interned(const struct fr_interner *in, uint32_t number)
{
    uint32_t begin = number ? fr_vec_at(&in->ends, number - 1) : 0;
    uint32_t end = fr_vec_at(&in->ends, number);
    if (end == begin) return (frai_slice){"", 0};
    return (frai_slice){(const char *)in->bytes.data + begin, end - begin};
}

static bool rehash(struct fr_interner *in, size_t slots)
{
    fr_vec_set_count(&in->table, 0);
    if (!fr_vec_room(&in->table, slots)) return false;
    memset(fr_vec_data(&in->table), 0, slots * sizeof(uint32_t));
    fr_vec_set_count(&in->table, slots);
    for (uint32_t n = 0; n < fr_interner_count(in); n++) {
        frai_slice s = fr_interned(in, n);
        size_t at = fr_hash64(s.ptr, s.len) & (slots - 1);
        while (fr_vec_at(&in->table, at)) at = (at + 1) & (slots - 1);
        fr_vec_at(&in->table, at) = n + 1;
    }
    return true;
}

/* The slot of a string, or the free one where it belongs. */
static size_t slot_of(const struct fr_interner *in, const void *bytes, size_t len)
{
    size_t slots = fr_vec_count(&in->table), at = fr_hash64(bytes, len) & (slots - 1);
    uint32_t number;
    while ((number = fr_vec_at(&in->table, at)) != 0) {
        frai_slice s = fr_interned(in, number - 1);
        if (s.len == len && (len == 0 || memcmp(s.ptr, bytes, len) == 0)) break;
        at = (at + 1) & (slots - 1);
    }
    return at;
}

uint32_t fr_interner_find(const struct fr_interner *in, const void *bytes, size_t len)
{
    if (fr_vec_count(&in->table) == 0) return FR_INTERN_FAILED;
    uint32_t number = fr_vec_at(&in->table, slot_of(in, bytes, len));
    return number ? number - 1 : FR_INTERN_FAILED;
}

uint32_t fr_intern(struct fr_interner *in, const void *bytes, size_t len)
{
    size_t slots = fr_vec_count(&in->table), used = fr_interner_count(in);
    if (used * 2 >= slots) {
        slots = slots ? slots * 2 : 256;
        if (!rehash(in, slots)) return FR_INTERN_FAILED;
    }
    size_t at = slot_of(in, bytes, len);
    uint32_t number = fr_vec_at(&in->table, at);
    if (number) return number - 1;
    fr_buf_put(&in->bytes, bytes, len);
    fr_vec_push(&in->ends, (uint32_t)in->bytes.len);
    if (in->bytes.failed || in->ends.buf.failed || in->bytes.len > UINT32_MAX)
        return FR_INTERN_FAILED;
    fr_vec_at(&in->table, at) = (uint32_t)used + 1;
    return (uint32_t)used;
}

int fr_slice_compare(frai_slice a, frai_slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
    return order ? order : a.len < b.len ? -1 : a.len > b.len;
}
