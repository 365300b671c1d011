/* segment.h: one immutable file, mapped. Opening checks tail, footer and section table; every page
 * is checked against its checksum when it is first touched. Shared between threads. */
#ifndef FR_SEGMENT_SEGMENT_H
#define FR_SEGMENT_SEGMENT_H

#include "base/checksum.h"
#include "base/io.h"
#include "segment/format.h"
#include "simd/dispatch.h"

struct fr_span { /* [begin, end) */
    uint32_t begin, end;
};

struct fr_section {
    const uint8_t *data;
    uint64_t len;
};

#define FR_COUNTS_KEPT 16384u

/* Of a segment whose documents were deleted (segment/deletes.h); zeroed if none was. */
struct fr_deletes {
    uint32_t docs, texts; /* what the segment's statistics lose */
    uint64_t tokens, postings;
    const uint8_t *dead; /* a bit each, whole words; NULL: none is */
    uint32_t first_count, string_count;
    const uint8_t *firsts, *strings; /* u32 number, u32 documents, ascending */
    uint64_t *ranges, *counts;       /* which ranges of each row have deleted documents; what was
                                        counted lately: of deletes.c; atomic */
    size_t room;                     /* bytes of both, which are one allocation */
    struct fr_map map;               /* the file */
    struct fr_hash128 hash;
};

struct fr_segment {
    struct fr_map map;
    struct fr_section sections[FR_SECTION_LIMIT];
    struct fr_segment_stats stats;
    struct fr_kernels kernels;
    const frai_allocator *mem;
    const uint8_t *page_sums, *group_sums;
    uint64_t page_count, paged_bytes; /* pages cover [0, paged_bytes) */
    uint64_t *verified;               /* a bit a page, then a bit a group; atomic */
    size_t verified_words;
    uint64_t *damaged; /* the first page met that is not as it was written, + 1; 0: none; atomic */
    struct fr_hash128 hash; /* of footer and tail, as the manifest has it */
    struct fr_deletes deletes;
    char name[64]; /* for messages */
};

frai_status fr_segment_open(struct fr_segment *seg, const char *path, const char *name,
                            const frai_allocator *mem, frai_error *err);
void fr_segment_close(struct fr_segment *seg);

bool fr_segment_verify_pages(const struct fr_segment *seg, const uint8_t *at, uint64_t len);

static inline bool fr_segment_is_verified(const struct fr_segment *seg, uint64_t bit)
{
    return __atomic_load_n(&seg->verified[bit / 64], __ATOMIC_RELAXED) >> (bit % 64) & 1;
}

/* True when [from, from + len) lies in the map and its pages are as they were written. Most ranges
 * lie in one page, which was verified before. */
static inline bool fr_segment_verify_range(const struct fr_segment *seg, const uint8_t *from,
                                           uint64_t len)
{
    uint64_t at = (uint64_t)(from - seg->map.data), page = at / FR_PAGE_BYTES;
    if (at < seg->paged_bytes && len <= seg->paged_bytes - at &&
        at % FR_PAGE_BYTES + len <= FR_PAGE_BYTES && fr_segment_is_verified(seg, page))
        return true;
    return fr_segment_verify_pages(seg, from, len);
}

/* For walks over much of a segment: counts the bytes touched, and drops the pages from memory when
 * they are many. *walked begins as 0. */
#define FR_WALKED_MOST (8u << 20)
void fr_segment_account_scan(const struct fr_segment *seg, uint64_t *walked, uint64_t bytes);

/* [at, at + len) of a section, verified; NULL if it lies outside the section or is damaged. */
const uint8_t *fr_segment_part(const struct fr_segment *seg, enum fr_section_id id, uint64_t at,
                               uint64_t len);

/* CORRUPT, naming the segment and a section: if a damaged page was met, the one that
 * fr_segment_check names for it; else `what`, in which bytes contradict each other. */
frai_status fr_segment_damaged(const struct fr_segment *seg, const char *what, frai_error *err);

/* Verifies every byte. */
frai_status fr_segment_check(const struct fr_segment *seg, frai_error *err);

const char *fr_section_name(unsigned id);

#endif
