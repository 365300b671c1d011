/* How ascending values are written, and the first of them read; all of them: simd/codec_scalar.c.
 */
#include "codec/ascending.h"

static void append_halves(struct fr_bit_writer *w, const uint32_t *values, uint32_t n,
                          unsigned width)
{
    const uint32_t mask = (uint32_t)((1ull << (width - 1)) - 1);
    uint32_t low = 0;
    while (low < n && values[low] <= mask) low++;
    bool last_is_largest = low == 0 || (low < n && values[low - 1] < (values[n - 1] & mask));
    fr_bits_append(w, 1, last_is_largest);
    for (uint32_t i = 0; i < low; i++) fr_bits_append(w, width - 1, values[i]);
    for (uint32_t i = n; i-- > low;) fr_bits_append(w, width - 1, values[i] & mask);
}

static void append_buckets(struct fr_bit_writer *w, const uint32_t *values, uint32_t n,
                           unsigned width)
{
    unsigned h = fr_ascending_bucket_bits(n), low = width - h;
    const uint32_t mask = (uint32_t)((1ull << low) - 1), buckets = (1u << h) - 1;
    uint32_t bits[2 * FR_ASCENDING_MOST / 32] = {0}, left = fr_ascending_all_buckets(n, h);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = (uint32_t)((uint64_t)values[i] >> low & buckets) + i;
        bits[at / 32] |= 1u << at % 32;
    }
    for (const uint32_t *word = bits; left; word++) {
        unsigned these = left < 32 ? left : 32;
        fr_bits_append(w, these, *word);
        left -= these;
    }
    for (uint32_t i = 0; i < n; i++) fr_bits_append(w, low, values[i] & mask);
}

void fr_ascending_append_many(struct fr_bit_writer *w, const uint32_t *values, uint32_t n,
                              unsigned width)
{
    if (n > FR_ASCENDING_MOST)
        for (uint32_t i = 0; i < n; i++) fr_bits_append(w, width, values[i]);
    else if (n < FR_ASCENDING_BUCKETS)
        append_halves(w, values, n, width);
    else
        append_buckets(w, values, n, width);
}

uint32_t fr_ascending_first(const uint8_t *in, uint64_t first, uint32_t n, unsigned width)
{
    if (n == 1 || n > FR_ASCENDING_MOST) return fr_bits_get(in, first, width);
    if (n < FR_ASCENDING_BUCKETS) {
        uint64_t at = first + 1;
        uint32_t value = fr_bits_get(in, at, width - 1);
        bool all_high =
            fr_bits_get(in, first, 1) && fr_bits_get(in, at + width - 1, width - 1) <= value;
        if (!all_high) return value;
        return 1u << (width - 1) | fr_bits_get(in, at + (n - 1) * (width - 1), width - 1);
    }
    unsigned h = fr_ascending_bucket_bits(n);
    uint32_t bucket = 0, buckets = 1u << h;
    while (bucket + 1 < buckets && !fr_bits_get(in, first + bucket, 1)) bucket++;
    uint64_t values = first + fr_ascending_all_buckets(n, h);
    return (uint32_t)((uint64_t)bucket << (width - h)) | fr_bits_get(in, values, width - h);
}
