/* A segment is mapped, and read where it lies. Opening verifies the tail, then the footer by the
 * tail's hash, then that the sections of its table lie one after another. Pages are verified by
 * their hashes when they are first touched, and the hashes by those of their groups; which pages
 * have been verified is kept in a bitmap that threads share: two of them may verify the same page.
 */
#include "segment/segment.h"

#include <stdio.h>

#include "base/bytes.h"

_Static_assert(FR_SECTION_PAD >= FR_OVERREAD, "kernels read behind a section");
_Static_assert(FR_ROW_DOCS == FR_RANGE_DOCS * 64 && FR_RANGE_DOCS == 64, "a bit for each");

static const char *const section_names[FR_SECTION_LIMIT] = {"",
                                                            "pair_first",
                                                            "pair_second",
                                                            "pair_by_last",
                                                            "words",
                                                            "word_index",
                                                            "terms",
                                                            "term_index",
                                                            "postings",
                                                            "positions",
                                                            "blocks",
                                                            "lengths",
                                                            "norms",
                                                            "widths",
                                                            "eojeols",
                                                            "eojeol_index",
                                                            "ids",
                                                            "id_index",
                                                            "id_lookup",
                                                            "store",
                                                            "store_index",
                                                            "store_dict",
                                                            "columns",
                                                            "live",
                                                            "lexicon",
                                                            "lexicon_index",
                                                            "range_norms",
                                                            "pair_first_df",
                                                            "lexicon_by_initials",
                                                            "name_filter",
                                                            "field_ends",
                                                            "field_end_index"};

const char *fr_section_name(unsigned id)
{
    return id < FR_SECTION_LIMIT ? section_names[id] : "";
}

/* The first section that has bytes in the page. */
static const char *section_of_page(const struct fr_segment *seg, uint64_t page)
{
    for (unsigned id = 1; id < FR_SECTION_LIMIT; id++) {
        uint64_t at = (uint64_t)(seg->sections[id].data - seg->map.data);
        if (page * FR_PAGE_BYTES < at + seg->sections[id].len && (page + 1) * FR_PAGE_BYTES > at)
            return section_names[id];
    }
    return "page checksum";
}

frai_status fr_segment_damaged(const struct fr_segment *seg, const char *what, frai_error *err)
{
    uint64_t page = seg->damaged ? __atomic_load_n(seg->damaged, __ATOMIC_RELAXED) : 0;
    if (page) what = section_of_page(seg, page - 1);
    frai_status status = fr_fail(err, FRAI_ERR_CORRUPT, "%s: damaged (%s)", seg->name, what);
    if (page && err) err->offset = (page - 1) * FR_PAGE_BYTES;
    return status;
}

/* Sections stand one behind the other, aligned and padded, none of them twice; `end` is where the
 * last one's padding ends. */
static bool entry_is_sound(const struct fr_segment *seg, const struct fr_section_entry *e,
                           uint64_t end)
{
    return e->at >= end && e->at % FR_SECTION_ALIGN == 0 && e->at <= seg->map.len &&
           e->bytes <= seg->map.len - e->at && seg->map.len - e->at - e->bytes >= FR_SECTION_PAD &&
           (e->id == 0 || e->id >= FR_SECTION_LIMIT || !seg->sections[e->id].data);
}

static frai_status read_section_table(struct fr_segment *seg, struct fr_reader *r, uint64_t *end,
                                      frai_error *err)
{
    const size_t size = sizeof(struct fr_section_entry);
    const uint8_t *table = fr_read_bytes(r, seg->stats.section_count * (uint64_t)size);
    *end = sizeof(struct fr_segment_header);
    for (uint32_t i = 0; table && i < seg->stats.section_count; i++) {
        struct fr_section_entry e;
        memcpy(&e, table + i * size, size);
        if (!entry_is_sound(seg, &e, *end)) return fr_segment_damaged(seg, "section table", err);
        *end = e.at + e.bytes + FR_SECTION_PAD;
        if (e.flags & ~FR_SECTION_OPTIONAL ||
            (!(e.flags & FR_SECTION_OPTIONAL) && (e.id == 0 || e.id >= FR_SECTION_LIMIT)))
            return fr_fail(err, FRAI_ERR_TOO_NEW, "%s: section %u is newer than this program",
                           seg->name, e.id);
        if (e.id > 0 && e.id < FR_SECTION_LIMIT)
            seg->sections[e.id] = (struct fr_section){seg->map.data + e.at, e.bytes};
    }
    for (unsigned id = 1; id < FR_SECTION_LIMIT; id++)
        if (!seg->sections[id].data) return fr_segment_damaged(seg, "section table", err);
    return FRAI_OK;
}

/* Lengths that everything else relies on without looking again. */
static bool sizes_agree(const struct fr_segment *seg)
{
    const struct fr_segment_stats *s = &seg->stats;
    uint64_t terms = (uint64_t)s->pair_terms + s->word_terms;
    uint64_t groups = (terms + FR_TERM_GROUP - 1) / FR_TERM_GROUP;
    uint64_t ranges = fr_range_count(s->docs);
    uint64_t end_groups = ((uint64_t)s->docs + FR_FIELD_END_GROUP - 1) / FR_FIELD_END_GROUP;
    return s->texts <= s->live_docs && s->live_docs <= s->docs &&
           seg->sections[FR_SECTION_RANGE_NORMS].len == ranges &&
           seg->sections[FR_SECTION_NORMS].len == s->docs &&
           seg->sections[FR_SECTION_WIDTHS].len == s->docs && terms <= UINT32_MAX &&
           seg->sections[FR_SECTION_PAIR_SECOND].len == 2ull * s->pair_terms &&
           seg->sections[FR_SECTION_TERM_INDEX].len == groups * sizeof(struct fr_term_group) &&
           s->text_fields > 1 &&
           (s->docs == 0 || s->text_fields - 1 <= seg->sections[FR_SECTION_FIELD_ENDS].len) &&
           seg->sections[FR_SECTION_FIELD_END_INDEX].len == end_groups * 8 && s->k1 >= 0 &&
           s->k1 < 1000 && s->b >= 0 && s->b <= 1 && s->average_length >= 0;
}

/* sections_end: what pages cover at the least. */
static bool read_page_table(struct fr_segment *seg, struct fr_reader *r, uint64_t footer_at,
                            uint64_t sections_end)
{
    struct fr_page_table table;
    const uint8_t *bytes = fr_read_bytes(r, sizeof table);
    if (!bytes) return false;
    memcpy(&table, bytes, sizeof table);
    uint64_t groups = (table.page_count + FR_PAGES_PER_GROUP - 1) / FR_PAGES_PER_GROUP;
    if (table.paged_bytes > footer_at || table.paged_bytes < sections_end ||
        table.page_count != (table.paged_bytes + FR_PAGE_BYTES - 1) / FR_PAGE_BYTES ||
        table.page_count * 8 != footer_at - table.paged_bytes || groups * 8 != fr_reader_left(r))
        return false;
    seg->paged_bytes = table.paged_bytes;
    seg->page_count = table.page_count;
    seg->page_sums = seg->map.data + seg->paged_bytes;
    seg->group_sums = r->at;
    seg->verified_words = (size_t)((seg->page_count + groups + 63) / 64);
    return true;
}

static frai_status check_version(const struct fr_segment *seg, const struct fr_segment_tail *tail,
                                 frai_error *err)
{
    struct fr_segment_header header;
    memcpy(&header, seg->map.data, sizeof header);
    if (memcmp(header.magic, FR_SEGMENT_MAGIC, sizeof header.magic) != 0)
        return fr_fail(err, FRAI_ERR_CORRUPT, "%s: not a segment of a frai index", seg->name);
    if (memcmp(tail->magic, FR_SEGMENT_END_MAGIC, sizeof tail->magic) != 0 ||
        tail->hash != fr_hash64(tail, offsetof(struct fr_segment_tail, hash)))
        return fr_segment_damaged(seg, "its end is missing", err);
    if (header.format != tail->format) return fr_segment_damaged(seg, "header", err);
    if (header.format < FRAI_FORMAT_VERSION)
        return fr_fail(err, FRAI_ERR_TOO_OLD, "%s: format %u is older than this program's %d",
                       seg->name, header.format, FRAI_FORMAT_VERSION);
    if (header.format > FRAI_FORMAT_VERSION)
        return fr_fail(err, FRAI_ERR_TOO_NEW, "%s: format %u is newer than this program's %d",
                       seg->name, header.format, FRAI_FORMAT_VERSION);
    return FRAI_OK;
}

static frai_status read_footer(struct fr_segment *seg, uint64_t footer_at, uint64_t footer_bytes,
                               frai_error *err)
{
    struct fr_reader r = fr_reader_of(seg->map.data + footer_at, footer_bytes);
    const uint8_t *stats = fr_read_bytes(&r, sizeof seg->stats);
    uint64_t sections_end;
    if (!stats) return fr_segment_damaged(seg, "footer", err);
    memcpy(&seg->stats, stats, sizeof seg->stats);
    FR_TRY(read_section_table(seg, &r, &sections_end, err));
    if (!read_page_table(seg, &r, footer_at, sections_end) || !sizes_agree(seg))
        return fr_segment_damaged(seg, "section table", err);
    return FRAI_OK;
}

static frai_status open_mapped(struct fr_segment *seg, frai_error *err)
{
    struct fr_segment_tail tail;
    uint64_t len = seg->map.len;
    if (len < sizeof(struct fr_segment_header) + sizeof tail)
        return fr_segment_damaged(seg, "too short", err);
    memcpy(&tail, seg->map.data + len - sizeof tail, sizeof tail);
    FR_TRY(check_version(seg, &tail, err));
    if (tail.footer_at > len || tail.footer_bytes > len - tail.footer_at ||
        tail.footer_at + tail.footer_bytes + sizeof tail != len ||
        tail.footer_hash != fr_hash64(seg->map.data + tail.footer_at, tail.footer_bytes))
        return fr_segment_damaged(seg, "footer", err);
    seg->hash = fr_hash128(seg->map.data + tail.footer_at, tail.footer_bytes + sizeof tail);
    FR_TRY(read_footer(seg, tail.footer_at, tail.footer_bytes, err));
    seg->verified = fr_new(seg->mem, (seg->verified_words + 1) * 8);
    if (!seg->verified) return fr_fail_memory(err, "reading the index");
    seg->damaged = seg->verified + seg->verified_words;
    return FRAI_OK;
}

frai_status fr_segment_open(struct fr_segment *seg, const char *path, const char *name,
                            const frai_allocator *mem, frai_error *err)
{
    *seg = (struct fr_segment){.mem = mem, .kernels = fr_kernels_current()};
    snprintf(seg->name, sizeof seg->name, "%s", name);
    FR_TRY(fr_map_open(&seg->map, path, err));
    frai_status status = open_mapped(seg, err);
    if (status != FRAI_OK) fr_segment_close(seg);
    return status;
}

void fr_segment_close(struct fr_segment *seg)
{
    fr_free(seg->mem, seg->verified, (seg->verified_words + 1) * 8);
    seg->verified = seg->damaged = NULL;
    fr_free(seg->mem, seg->deletes.ranges, seg->deletes.room);
    seg->deletes.ranges = seg->deletes.counts = NULL;
    fr_map_close(&seg->deletes.map);
    seg->deletes.dead = NULL;
    fr_map_close(&seg->map);
}

void fr_segment_account_scan(const struct fr_segment *seg, uint64_t *walked, uint64_t bytes)
{
    *walked += bytes;
    if (*walked < FR_WALKED_MOST) return;
    fr_map_drop_pages(&seg->map);
    *walked = 0;
}

static void set_verified(const struct fr_segment *seg, uint64_t bit)
{
    __atomic_fetch_or(&seg->verified[bit / 64], 1ull << (bit % 64), __ATOMIC_RELAXED);
}

static void note_damaged(const struct fr_segment *seg, uint64_t page)
{
    uint64_t *first = seg->damaged, known = __atomic_load_n(first, __ATOMIC_RELAXED);
    while ((known == 0 || page + 1 < known) &&
           !__atomic_compare_exchange_n(first, &known, page + 1, true, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
        continue;
}

static bool verify_group(const struct fr_segment *seg, uint64_t group)
{
    uint64_t bit = seg->page_count + group;
    if (fr_segment_is_verified(seg, bit)) return true;
    uint64_t first = group * FR_PAGES_PER_GROUP;
    uint64_t n = seg->page_count - first;
    if (n > FR_PAGES_PER_GROUP) n = FR_PAGES_PER_GROUP;
    if (fr_hash64(seg->page_sums + first * 8, n * 8) != fr_load64(seg->group_sums + group * 8))
        return false;
    set_verified(seg, bit);
    return true;
}

static bool verify_page(const struct fr_segment *seg, uint64_t page)
{
    uint64_t at = page * FR_PAGE_BYTES, n = seg->paged_bytes - at;
    if (n > FR_PAGE_BYTES) n = FR_PAGE_BYTES;
    if (verify_group(seg, page / FR_PAGES_PER_GROUP) &&
        fr_hash64(seg->map.data + at, n) == fr_load64(seg->page_sums + page * 8)) {
        set_verified(seg, page);
        return true;
    }
    note_damaged(seg, page);
    return false;
}

bool fr_segment_verify_pages(const struct fr_segment *seg, const uint8_t *from, uint64_t len)
{
    if (len == 0) return true;
    uint64_t at = (uint64_t)(from - seg->map.data);
    if (at > seg->paged_bytes || len > seg->paged_bytes - at) return false;
    uint64_t page = at / FR_PAGE_BYTES, end = (at + len - 1) / FR_PAGE_BYTES + 1;
    while (page < end) { /* those of one word of bits at once */
        uint64_t known = __atomic_load_n(&seg->verified[page / 64], __ATOMIC_RELAXED),
                 left = ~known >> page % 64, next = page / 64 * 64 + 64;
        if (left) next = page + (unsigned)__builtin_ctzll(left);
        if (next >= end) break;
        if (left && !verify_page(seg, next)) return false;
        page = left ? next + 1 : next;
    }
    return true;
}

const uint8_t *fr_segment_part(const struct fr_segment *seg, enum fr_section_id id, uint64_t at,
                               uint64_t len)
{
    const struct fr_section *s = &seg->sections[id];
    if (at > s->len || len > s->len - at) return NULL;
    return fr_segment_verify_range(seg, s->data + at, len) ? s->data + at : NULL;
}

frai_status fr_segment_check(const struct fr_segment *seg, frai_error *err)
{
    uint64_t walked = 0;
    for (uint64_t page = 0; page < seg->page_count; page++) {
        if (!verify_page(seg, page)) return fr_segment_damaged(seg, "page checksum", err);
        fr_segment_account_scan(seg, &walked, FR_PAGE_BYTES);
    }
    return FRAI_OK;
}
