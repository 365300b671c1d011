/* The stored text of the documents is read again as it was when they were added. Strings are
 * counted by text first, so that a common one is looked up in the lexicon once for many documents.
 */
#include "writer/lost_strings.h"

#include "base/interner.h"
#include "segment/deletes.h"
#include "segment/lexicon.h"
#include "segment/store.h"
#include "text/analyzer.h"

#define STRINGS_MOST 65536u /* that are counted by text before they are looked up */

struct string_count {
    uint32_t docs, latest_doc;
};

struct losses {
    const struct fr_segment *seg;
    const struct fr_settings *settings;
    struct fr_analyzer analyzer;
    struct fr_store_reader store;
    struct fr_interner strings;
    FR_VECTOR(struct string_count) counts; /* of each */
    FR_VECTOR(uint32_t) lost;              /* documents of each string of the lexicon */
    struct fr_buf scratch;
};

static bool analyze(struct losses *l, const uint8_t *record, size_t len, uint32_t field)
{
    frai_slice text = fr_record_field(record, len, field);
    return text.len == 0 || fr_analyze(&l->analyzer, text.ptr, text.len);
}

static bool analyze_record(struct losses *l, const uint8_t *record, size_t len)
{
    fr_analyzer_reset(&l->analyzer);
    if (!analyze(l, record, len, FR_FIELD_TITLE) || !analyze(l, record, len, FR_FIELD_BODY))
        return false;
    for (uint32_t i = 0; i < l->settings->field_count; i++)
        if (l->settings->fields[i].kind == FR_FIELD_TEXT &&
            !analyze(l, record, len, FR_FIELD_BUILTIN + i))
            return false;
    return true;
}

static bool count_strings(struct losses *l, uint32_t doc)
{
    const struct fr_analyzer *a = &l->analyzer;
    for (size_t i = 0; i < fr_vec_count(&a->stems); i++) {
        const struct fr_stem_range *stem = &fr_vec_at(&a->stems, i);
        uint32_t known = fr_interner_count(&l->strings),
                 n = fr_intern(&l->strings, a->stem_bytes.data + stem->begin, stem->bytes);
        if (n == FR_INTERN_FAILED) return false;
        if (n == known) fr_vec_push(&l->counts, 0, UINT32_MAX);
        if (l->counts.buf.failed) return false;
        struct string_count *c = &fr_vec_at(&l->counts, n);
        c->docs += c->latest_doc != doc;
        c->latest_doc = doc;
    }
    return true;
}

/* From texts to numbers of the lexicon, which leaves some out. */
static frai_status look_up(struct losses *l, frai_error *err)
{
    for (uint32_t i = 0; i < fr_interner_count(&l->strings); i++) {
        frai_slice string = fr_interned(&l->strings, i);
        uint32_t number;
        uint64_t docs;
        FR_TRY(fr_lexicon_seek(l->seg, string, &number, err));
        if (number == l->seg->stats.lexicon_words) continue;
        FR_TRY(fr_lexicon_read(l->seg, number, &l->scratch, &docs, err));
        frai_slice found = {(const char *)l->scratch.data, l->scratch.len};
        if (fr_slice_compare(found, string) == 0)
            fr_vec_at(&l->lost, number) += fr_vec_at(&l->counts, i).docs;
    }
    fr_interner_clear(&l->strings);
    fr_buf_clear(&l->counts.buf);
    return FRAI_OK;
}

static frai_status read_documents(struct losses *l, const uint64_t *gone, frai_error *err)
{
    uint64_t walked = 0;
    for (uint32_t doc = 0; doc < l->seg->stats.docs; doc++) {
        const uint8_t *record;
        size_t len;
        if (!(gone[doc / 64] >> (doc % 64) & 1)) continue;
        FR_TRY(fr_store_read(&l->store, doc, &record, &len, err));
        if (!analyze_record(l, record, len) || !count_strings(l, doc))
            return fr_fail_memory(err, "deleting");
        fr_segment_account_scan(l->seg, &walked, len);
        if (fr_interner_count(&l->strings) >= STRINGS_MOST) FR_TRY(look_up(l, err));
    }
    return look_up(l, err);
}

static frai_status run(struct losses *l, const uint64_t *gone, struct fr_buf *entries,
                       frai_error *err)
{
    uint32_t words = l->seg->stats.lexicon_words;
    uint32_t *lost = fr_vec_reserve(&l->lost, words);
    if (!lost) return fr_fail_memory(err, "deleting");
    for (uint32_t i = 0; i < words; i++) lost[i] = fr_deletes_of_string(l->seg, i);
    fr_vec_set_count(&l->lost, words);
    FR_TRY(read_documents(l, gone, err));
    for (uint32_t i = 0; i < words; i++) {
        if (lost[i] == 0) continue;
        fr_buf_u32(entries, i);
        fr_buf_u32(entries, lost[i]);
    }
    return entries->failed ? fr_fail_memory(err, "deleting") : FRAI_OK;
}

frai_status fr_lost_strings(const struct fr_segment *seg, const struct fr_settings *settings,
                            const uint64_t *gone, struct fr_buf *entries, frai_error *err)
{
    struct losses l = {.seg = seg, .settings = settings};
    fr_analyzer_init(&l.analyzer, FR_ANALYZER_KOREAN, entries->mem);
    fr_store_reader_init(&l.store, seg, entries->mem);
    fr_interner_init(&l.strings, entries->mem);
    struct fr_buf *all[] = {&l.counts.buf, &l.lost.buf, &l.scratch};
    for (unsigned i = 0; i < 3; i++) fr_buf_init(all[i], entries->mem);
    frai_status status = run(&l, gone, entries, err);
    for (unsigned i = 0; i < 3; i++) fr_buf_deinit(all[i]);
    fr_interner_deinit(&l.strings);
    fr_store_reader_deinit(&l.store);
    fr_analyzer_deinit(&l.analyzer);
    return status;
}
