#include "query/correct.h"

#include "text/keyboard.h"

/* Words after this are left alone: a correction is for a query, not for a pasted page. */
#define WORDS_MAX 16u

static bool is_space(char c)
{
    return (unsigned char)c <= ' ';
}

static frai_status has_documents(struct fr_searcher *s, frai_slice word, bool *found,
                                 frai_error *err)
{
    uint64_t total;
    FR_TRY(fr_searcher_count(s, word, &total, err));
    *found = total > 0;
    return FRAI_OK;
}

/* The word in the other layout, if that one has documents. */
static frai_status other_layout(struct fr_searcher *s, frai_slice word, struct fr_buf *other,
                                bool *found, frai_error *err)
{
    bool (*const ways[])(const char *, size_t, struct fr_buf *) = {fr_keyboard_to_hangul,
                                                                   fr_keyboard_to_latin};
    *found = false;
    for (int i = 0; i < 2 && !*found; i++) {
        other->len = 0;
        if (ways[i](word.ptr, word.len, other))
            FR_TRY(
                has_documents(s, (frai_slice){(const char *)other->data, other->len}, found, err));
    }
    return FRAI_OK;
}

frai_status fr_correct_layout(struct fr_searcher *s, frai_slice query, struct fr_buf *rewritten,
                              bool *changed, frai_error *err)
{
    struct fr_buf other;
    frai_status status = FRAI_OK;
    uint32_t words = 0;
    *changed = false;
    rewritten->len = 0;
    if (memchr(query.ptr, '"', query.len)) return FRAI_OK;
    fr_buf_init(&other, s->snapshot->mem);
    for (size_t i = 0; i < query.len && status == FRAI_OK;) {
        size_t begin = i;
        while (i < query.len && is_space(query.ptr[i])) i++;
        fr_buf_put(rewritten, query.ptr + begin, i - begin);
        begin = i;
        while (i < query.len && !is_space(query.ptr[i])) i++;
        frai_slice word = {query.ptr + begin, i - begin};
        bool found = true, better = false;
        if (word.len > 0 && word.ptr[0] != '-' && words++ < WORDS_MAX)
            status = has_documents(s, word, &found, err);
        if (status == FRAI_OK && !found) status = other_layout(s, word, &other, &better, err);
        if (better)
            fr_buf_put(rewritten, other.data, other.len);
        else
            fr_buf_put(rewritten, word.ptr, word.len);
        *changed |= better;
    }
    if (status == FRAI_OK && (other.failed || rewritten->failed))
        status = fr_fail(err, FRAI_ERR_MEMORY, "out of memory while searching");
    fr_buf_deinit(&other);
    return status;
}
