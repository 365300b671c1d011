#include "segment/segment.h"

#include <stdio.h>

#include "base/bytes.h"

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
                                                            "(none)",
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

frai_status fr_segment_damaged(const struct fr_segment *seg, const char *what, frai_error *err)
{
    return fr_fail(err, FRAI_ERR_CORRUPT, "%s: damaged (%s)", seg->name, what);
}

static void read_stats(struct fr_reader *r, struct fr_segment_stats *s)
{
    s->docs = fr_read_u32(r);
    s->live_docs = fr_read_u32(r);
    s->texts = fr_read_u32(r);
    s->tokens = fr_read_u64(r);
    s->postings = fr_read_u64(r);
    s->positions = fr_read_u64(r);
    s->pair_terms = fr_read_u32(r);
    s->word_terms = fr_read_u32(r);
    s->path_terms = fr_read_u32(r);
    s->lexicon_words = fr_read_u32(r);
    s->columns = fr_read_u32(r);
    s->text_fields = fr_read_u32(r);
    uint32_t floats[3];
    for (int i = 0; i < 3; i++) floats[i] = fr_read_u32(r);
    memcpy(&s->k1, &floats[0], 4);
    memcpy(&s->b, &floats[1], 4);
    memcpy(&s->average_length, &floats[2], 4);
    s->analyzer = fr_read_u32(r);
    s->source_bytes = fr_read_u64(r);
}

static bool read_section_table(struct fr_segment *seg, struct fr_reader *r)
{
    uint32_t count = fr_read_u32(r);
    if (count >= 1000) return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t id = fr_read_u32(r);
        uint64_t at = fr_read_u64(r), len = fr_read_u64(r);
        if (r->bad || at > seg->map.len || len > seg->map.len - at ||
            seg->map.len - at - len < FR_SECTION_PAD)
            return false;
        if (id > 0 && id < FR_SECTION_LIMIT)
            seg->sections[id] = (struct fr_section){seg->map.data + at, len};
    }
    for (unsigned id = 1; id < FR_SECTION_LIMIT; id++)
        if (!seg->sections[id].data) return false;
    return true;
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
           seg->sections[FR_SECTION_TERM_INDEX].len == groups * 32 && s->text_fields > 1 &&
           (s->docs == 0 || s->text_fields - 1 <= seg->sections[FR_SECTION_FIELD_ENDS].len) &&
           seg->sections[FR_SECTION_FIELD_END_INDEX].len == end_groups * 8 && s->k1 >= 0 &&
           s->k1 < 1000 && s->b >= 0 && s->b <= 1 && s->average_length >= 0;
}

static bool read_page_table(struct fr_segment *seg, struct fr_reader *r, uint64_t footer_at)
{
    seg->paged_bytes = fr_read_u64(r);
    seg->page_count = fr_read_u64(r);
    uint64_t groups = (seg->page_count + FR_PAGES_PER_GROUP - 1) / FR_PAGES_PER_GROUP;
    if (r->bad || seg->paged_bytes > footer_at ||
        seg->page_count != (seg->paged_bytes + FR_PAGE_BYTES - 1) / FR_PAGE_BYTES ||
        seg->page_count * 8 != footer_at - seg->paged_bytes || groups * 8 != fr_reader_left(r))
        return false;
    seg->page_sums = seg->map.data + seg->paged_bytes;
    seg->group_sums = r->at;
    for (unsigned id = 1; id < FR_SECTION_LIMIT; id++) {
        uint64_t at = (uint64_t)(seg->sections[id].data - seg->map.data);
        if (at + seg->sections[id].len + FR_SECTION_PAD > seg->paged_bytes) return false;
    }
    seg->verified_words = (size_t)((seg->page_count + groups + 63) / 64);
    return true;
}

static frai_status check_version(const struct fr_segment *seg, const uint8_t *tail, frai_error *err)
{
    if (memcmp(seg->map.data, FR_SEGMENT_MAGIC, 8) != 0)
        return fr_fail(err, FRAI_ERR_CORRUPT, "%s: not a segment of a frai index", seg->name);
    uint32_t version = fr_load32(seg->map.data + 8);
    if (memcmp(tail + 48, FR_SEGMENT_END_MAGIC, 8) != 0 ||
        fr_load64(tail + 56) != fr_hash64(tail, 56))
        return fr_segment_damaged(seg, "its end is missing", err);
    if (version != fr_load32(tail + 40)) return fr_segment_damaged(seg, "header", err);
    if (version < FRAI_FORMAT_VERSION)
        return fr_fail(err, FRAI_ERR_TOO_OLD, "%s: format %u is older than this program's %d",
                       seg->name, version, FRAI_FORMAT_VERSION);
    if (version > FRAI_FORMAT_VERSION)
        return fr_fail(err, FRAI_ERR_TOO_NEW, "%s: format %u is newer than this program's %d",
                       seg->name, version, FRAI_FORMAT_VERSION);
    return FRAI_OK;
}

static frai_status open_mapped(struct fr_segment *seg, frai_error *err)
{
    uint64_t len = seg->map.len;
    if (len < FR_SEGMENT_HEADER_BYTES + FR_SEGMENT_TAIL_BYTES)
        return fr_segment_damaged(seg, "too short", err);
    const uint8_t *tail = seg->map.data + len - FR_SEGMENT_TAIL_BYTES;
    FR_TRY(check_version(seg, tail, err));
    uint64_t footer_at = fr_load64(tail), footer_bytes = fr_load64(tail + 8);
    if (footer_at > len || footer_bytes > len - footer_at ||
        footer_at + footer_bytes + FR_SEGMENT_TAIL_BYTES != len ||
        fr_load64(tail + 16) != fr_hash64(seg->map.data + footer_at, footer_bytes))
        return fr_segment_damaged(seg, "footer", err);
    seg->hash = fr_hash128(seg->map.data + footer_at, footer_bytes + FR_SEGMENT_TAIL_BYTES);
    struct fr_reader r = fr_reader_of(seg->map.data + footer_at, footer_bytes);
    read_stats(&r, &seg->stats);
    if (!read_section_table(seg, &r) || !read_page_table(seg, &r, footer_at) || !sizes_agree(seg))
        return fr_segment_damaged(seg, "section table", err);
    seg->verified = fr_new(seg->mem, seg->verified_words * 8);
    if (!seg->verified) return fr_fail(err, FRAI_ERR_MEMORY, "out of memory");
    return FRAI_OK;
}

frai_status fr_segment_open(struct fr_segment *seg, const char *path, const char *name,
                            const frai_allocator *mem, frai_error *err)
{
    *seg = (struct fr_segment){.mem = mem, .kernels = fr_kernels_of(fr_isa_best())};
    snprintf(seg->name, sizeof seg->name, "%s", name);
    FR_TRY(fr_map_open(&seg->map, path, err));
    frai_status status = open_mapped(seg, err);
    if (status != FRAI_OK) fr_segment_close(seg);
    return status;
}

void fr_segment_close(struct fr_segment *seg)
{
    fr_free(seg->mem, seg->verified, seg->verified_words * 8);
    seg->verified = NULL;
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

static bool is_verified(const struct fr_segment *seg, uint64_t bit)
{
    return __atomic_load_n(&seg->verified[bit / 64], __ATOMIC_RELAXED) >> (bit % 64) & 1;
}

static void set_verified(const struct fr_segment *seg, uint64_t bit)
{
    __atomic_fetch_or(&seg->verified[bit / 64], 1ull << (bit % 64), __ATOMIC_RELAXED);
}

static bool verify_group(const struct fr_segment *seg, uint64_t group)
{
    uint64_t bit = seg->page_count + group;
    if (is_verified(seg, bit)) return true;
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
    if (!verify_group(seg, page / FR_PAGES_PER_GROUP)) return false;
    uint64_t at = page * FR_PAGE_BYTES, n = seg->paged_bytes - at;
    if (n > FR_PAGE_BYTES) n = FR_PAGE_BYTES;
    if (fr_hash64(seg->map.data + at, n) != fr_load64(seg->page_sums + page * 8)) return false;
    set_verified(seg, page);
    return true;
}

bool fr_segment_verify_range(const struct fr_segment *seg, const uint8_t *from, uint64_t len)
{
    if (len == 0) return true;
    uint64_t at = (uint64_t)(from - seg->map.data);
    if (at > seg->paged_bytes || len > seg->paged_bytes - at) return false;
    for (uint64_t page = at / FR_PAGE_BYTES; page <= (at + len - 1) / FR_PAGE_BYTES; page++)
        if (!is_verified(seg, page) && !verify_page(seg, page)) return false;
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
    for (uint64_t page = 0; page < seg->page_count; page++) {
        if (verify_page(seg, page)) continue;
        for (unsigned id = 1; id < FR_SECTION_LIMIT; id++) {
            uint64_t at = (uint64_t)(seg->sections[id].data - seg->map.data);
            if (page * FR_PAGE_BYTES < at + seg->sections[id].len &&
                (page + 1) * FR_PAGE_BYTES > at) {
                frai_status status = fr_segment_damaged(seg, fr_section_name(id), err);
                if (err) err->offset = page * FR_PAGE_BYTES;
                return status;
            }
        }
        return fr_segment_damaged(seg, "page checksum", err);
    }
    return FRAI_OK;
}
