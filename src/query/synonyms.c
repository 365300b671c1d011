/* The list is kept as it was written, with an array of its entries sorted by folded key; a word is
 * found in it by bisection. */
#include "query/synonyms.h"

#include "base/interner.h"
#include "base/lower_bound.h"
#include "base/sort.h"
#include "text/charclass.h"
#include "text/fold.h"
#include "text/utf8.h"

void fr_synonyms_init(struct fr_synonyms *s, const frai_allocator *mem)
{
    fr_buf_init(&s->bytes, mem);
    fr_buf_init(&s->entries.buf, mem);
    fr_buf_init(&s->by_key.buf, mem);
    fr_buf_init(&s->groups.buf, mem);
}

void fr_synonyms_deinit(struct fr_synonyms *s)
{
    fr_buf_deinit(&s->bytes);
    fr_buf_deinit(&s->entries.buf);
    fr_buf_deinit(&s->by_key.buf);
    fr_buf_deinit(&s->groups.buf);
}

static frai_slice key_of(const struct fr_synonyms *s, const struct fr_synonym *e)
{
    return (frai_slice){(const char *)s->bytes.data + e->key_at, e->key_bytes};
}

/* Folded characters of words, one space between words; other characters are left out. */
static bool put_key(struct fr_synonyms *s, frai_slice text, struct fr_folded_text *folded)
{
    bool space = false, any = false;
    fr_buf_clear(&folded->buf);
    if (!fr_fold(text.ptr, text.len, NULL, folded)) return false;
    for (size_t i = 0; i < fr_vec_count(folded); i++) {
        uint32_t cp = fr_vec_at(folded, i).cp;
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

static bool put_entry(struct fr_synonyms *s, frai_slice text, uint32_t group,
                      struct fr_folded_text *folded)
{
    struct fr_synonym e = {.group = group};
    e.text_at = (uint32_t)s->bytes.len;
    fr_buf_put(&s->bytes, text.ptr, text.len);
    e.text_bytes = (uint32_t)text.len;
    e.key_at = (uint32_t)s->bytes.len;
    if (!put_key(s, text, folded)) return false;
    e.key_bytes = (uint32_t)s->bytes.len - e.key_at;
    if (e.key_bytes) fr_vec_append(&s->entries, &e, 1);
    return !s->entries.buf.failed;
}

static const struct fr_synonym *entry_at(const struct fr_synonyms *s, uint32_t i)
{
    return &fr_vec_at(&s->entries, i);
}

static int by_key(const void *a, const void *b, void *ctx)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = fr_slice_compare(key_of(ctx, entry_at(ctx, x)), key_of(ctx, entry_at(ctx, y)));
    if (order) return order;
    return x < y ? -1 : x > y;
}

/* Reads the list into s, which is empty. */
static bool read_list(struct fr_synonyms *s, frai_slice text, struct fr_folded_text *folded)
{
    bool ok = true;
    for (size_t i = 0, group = 0; ok && i < text.len; i++, group++) {
        size_t end = i;
        while (end < text.len && text.ptr[end] != '\n') end++;
        fr_vec_push(&s->groups, (uint32_t)fr_vec_count(&s->entries));
        while (ok && i < end && text.ptr[i] != '#') {
            size_t comma = i;
            while (comma < end && text.ptr[comma] != ',' && text.ptr[comma] != '#') comma++;
            ok = put_entry(s, (frai_slice){text.ptr + i, comma - i}, (uint32_t)group, folded);
            i = comma < end && text.ptr[comma] == ',' ? comma + 1 : comma;
        }
        i = end;
    }
    uint32_t count = (uint32_t)fr_vec_count(&s->entries);
    fr_vec_push(&s->groups, count);
    for (uint32_t i = 0; i < count; i++) fr_vec_push(&s->by_key, i);
    if (!ok || s->groups.buf.failed || s->by_key.buf.failed) return false;
    if (count) fr_sort(fr_vec_data(&s->by_key), count, sizeof(uint32_t), by_key, s);
    return true;
}

bool fr_synonyms_set(struct fr_synonyms *s, frai_slice text)
{
    struct fr_synonyms list;
    struct fr_folded_text folded;
    if (text.len > UINT32_MAX / 2) return false; /* places are 32 bits wide */
    fr_synonyms_init(&list, s->bytes.mem);
    fr_buf_init(&folded.buf, s->bytes.mem);
    bool ok = read_list(&list, text, &folded);
    fr_buf_deinit(&folded.buf);
    if (ok) {
        fr_synonyms_deinit(s);
        *s = list;
    } else {
        fr_synonyms_deinit(&list);
    }
    return ok;
}

/* The first place in by_key whose key is not below this one. */
static size_t find_key(const struct fr_synonyms *s, frai_slice key)
{
    size_t at = 0;
    FR_LOWER_BOUND(size_t, at, fr_vec_count(&s->by_key), i,
                   fr_slice_compare(key_of(s, entry_at(s, fr_vec_at(&s->by_key, i))), key) < 0)
    return at;
}

uint32_t fr_synonyms_of(const struct fr_synonyms *s, frai_slice key, frai_slice *others,
                        uint32_t room)
{
    uint32_t count = 0, taken[FRAI_SYNONYMS_MAX], looked_at = UINT32_MAX;
    if (room > FRAI_SYNONYMS_MAX) room = FRAI_SYNONYMS_MAX;
    for (size_t i = find_key(s, key); i < fr_vec_count(&s->by_key); i++) {
        const struct fr_synonym *mine = entry_at(s, fr_vec_at(&s->by_key, i));
        if (fr_slice_compare(key_of(s, mine), key) != 0) break;
        if (mine->group == looked_at) continue; /* it is there twice */
        looked_at = mine->group;
        uint32_t end = fr_vec_at(&s->groups, mine->group + 1);
        for (uint32_t k = fr_vec_at(&s->groups, mine->group); k < end; k++) {
            const struct fr_synonym *e = entry_at(s, k);
            bool known = fr_slice_compare(key_of(s, e), key) == 0;
            for (uint32_t t = 0; t < count && !known; t++)
                known = fr_slice_compare(key_of(s, entry_at(s, taken[t])), key_of(s, e)) == 0;
            if (known) continue;
            if (count == room) return count;
            taken[count] = k;
            others[count++] = (frai_slice){(const char *)s->bytes.data + e->text_at, e->text_bytes};
        }
    }
    return count;
}
