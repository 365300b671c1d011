#include "query/synonyms.h"

#include "base/interner.h"
#include "base/sort.h"
#include "text/charclass.h"
#include "text/fold.h"
#include "text/utf8.h"

void fr_synonyms_init(struct fr_synonyms *s, const frai_allocator *mem)
{
    fr_buf_init(&s->bytes, mem);
    fr_buf_init(&s->entries, mem);
}

void fr_synonyms_deinit(struct fr_synonyms *s)
{
    fr_buf_deinit(&s->bytes);
    fr_buf_deinit(&s->entries);
}

static frai_slice key_of(const struct fr_synonyms *s, const struct fr_synonym *e)
{
    return (frai_slice){(const char *)s->bytes.data + e->key_at, e->key_bytes};
}

/* Folded characters of words, one space between words; other characters are left out. */
static bool put_key(struct fr_synonyms *s, frai_slice text, struct fr_buf *folded)
{
    bool space = false, any = false;
    folded->len = 0;
    if (!fr_fold(text.ptr, text.len, folded)) return false;
    for (size_t i = 0; i < FR_COUNT(folded, struct fr_folded); i++) {
        uint32_t cp = FR_AT(folded, struct fr_folded, i).cp;
        char utf8[4];
        if (fr_charclass_of(cp) <= FR_CHAR_PUNCT) {
            space |= fr_charclass_of(cp) <= FR_CHAR_LINE;
            continue;
        }
        if (space && any) fr_buf_u8(&s->bytes, ' ');
        space = false;
        any = true;
        fr_buf_put(&s->bytes, utf8, fr_utf8_put(utf8, cp));
    }
    return !s->bytes.failed;
}

static bool put_entry(struct fr_synonyms *s, frai_slice text, uint32_t group, struct fr_buf *folded)
{
    struct fr_synonym e = {.group = group};
    e.text_at = (uint32_t)s->bytes.len;
    fr_buf_put(&s->bytes, text.ptr, text.len);
    e.text_bytes = (uint32_t)text.len;
    e.key_at = (uint32_t)s->bytes.len;
    if (!put_key(s, text, folded)) return false;
    e.key_bytes = (uint32_t)s->bytes.len - e.key_at;
    if (e.key_bytes) fr_buf_put(&s->entries, &e, sizeof e);
    return !s->entries.failed;
}

static int by_key(const void *a, const void *b, void *ctx)
{
    const struct fr_synonym *x = a, *y = b;
    int order = fr_slice_compare(key_of(ctx, x), key_of(ctx, y));
    if (order) return order;
    return x->group < y->group ? -1 : x->group > y->group;
}

bool fr_synonyms_set(struct fr_synonyms *s, frai_slice text)
{
    struct fr_buf folded;
    bool ok = true;
    fr_buf_init(&folded, s->bytes.mem);
    s->bytes.len = s->entries.len = 0;
    for (size_t i = 0, group = 0; ok && i < text.len; i++, group++) {
        size_t end = i;
        while (end < text.len && text.ptr[end] != '\n') end++;
        while (ok && i < end && text.ptr[i] != '#') {
            size_t comma = i;
            while (comma < end && text.ptr[comma] != ',' && text.ptr[comma] != '#') comma++;
            ok = put_entry(s, (frai_slice){text.ptr + i, comma - i}, (uint32_t)group, &folded);
            i = comma < end && text.ptr[comma] == ',' ? comma + 1 : comma;
        }
        i = end;
    }
    fr_buf_deinit(&folded);
    size_t count = FR_COUNT(&s->entries, struct fr_synonym);
    if (ok && count) fr_sort(s->entries.data, count, sizeof(struct fr_synonym), by_key, s);
    return ok;
}

bool fr_synonyms_next(const struct fr_synonyms *s, frai_slice key, uint32_t *place,
                      frai_slice *other)
{
    size_t count = FR_COUNT(&s->entries, struct fr_synonym), low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fr_slice_compare(key_of(s, &FR_AT(&s->entries, struct fr_synonym, middle)), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    /* Places count over the groups of the key, in the order of entries within each. */
    uint32_t at = 0;
    for (; low < count; low++) {
        const struct fr_synonym *mine = &FR_AT(&s->entries, struct fr_synonym, low);
        if (fr_slice_compare(key_of(s, mine), key) != 0) return false;
        for (size_t i = 0; i < count; i++) {
            const struct fr_synonym *e = &FR_AT(&s->entries, struct fr_synonym, i);
            if (e->group != mine->group || e == mine || at++ < *place) continue;
            *other = (frai_slice){(const char *)s->bytes.data + e->text_at, e->text_bytes};
            *place = at;
            return true;
        }
    }
    return false;
}
