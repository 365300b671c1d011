/* The public functions of text: the analyzer's tokens with the stems that are made of them, and
 * NFC. */
#include "base/error.h"
#include "frai/text.h"
#include "frai/writer.h"
#include "text/analyzer.h"
#include "text/fold.h"
#include "text/stem.h"

/* Shows one token, and its stem if it has one; false when the caller wants no more. */
static bool show_token(const struct fr_analyzer *a, const struct fr_token *t,
                       struct fr_stemmer *stemmer, int (*token)(void *ctx, const frai_token_info *),
                       void *ctx)
{
    char pair[8];
    frai_token_info info = {.term_class = fr_term_class_name(t->term_class),
                            .position = t->position,
                            .span = t->span,
                            .begin = t->begin,
                            .end = t->end,
                            .starts_word = t->starts_eojeol};
    info.term = t->word_bytes ? (frai_slice){fr_token_word(a, t), t->word_bytes}
                              : (frai_slice){pair, fr_pair_text(t->key, pair)};
    if (token(ctx, &info) != 0) return false;
    const char *stem;
    size_t stem_len;
    if (!t->word_bytes || t->term_class != FR_TERM_SURFACE ||
        !fr_stem(stemmer, info.term.ptr, info.term.len, &stem, &stem_len))
        return true;
    info.term = (frai_slice){stem, stem_len};
    info.term_class = fr_term_class_name(FR_TERM_STEM);
    return token(ctx, &info) == 0;
}

frai_status frai_text_tokenize(frai_slice text, int (*token)(void *ctx, const frai_token_info *),
                               void *ctx, frai_error *err)
{
    if (!token || (!text.ptr && text.len))
        return fr_fail(err, FRAI_ERR_ARGUMENT, "text and token must not be NULL");
    if (text.len > FRAI_DOCUMENT_BYTES_MAX)
        return fr_fail(err, FRAI_ERR_ARGUMENT, "a text is above the limit of %u bytes",
                       FRAI_DOCUMENT_BYTES_MAX);
    const frai_allocator *mem = fr_allocator_or_libc(NULL);
    struct fr_analyzer a;
    struct fr_stemmer *stemmer = fr_stemmer_create();
    fr_analyzer_init(&a, FR_ANALYZER_KOREAN, mem);
    bool ok = stemmer && fr_analyze(&a, text.ptr ? text.ptr : "", text.len);
    size_t extra = 0, extras = fr_vec_count(&a.extras);
    bool more = ok;
    for (size_t i = 0; more && i < fr_vec_count(&a.tokens); i++) {
        const struct fr_token *t = &fr_vec_at(&a.tokens, i);
        for (; more && extra < extras; extra++) {
            const struct fr_token *e = &fr_vec_at(&a.extras, extra);
            if (e->position >= t->position) break;
            more = show_token(&a, e, stemmer, token, ctx);
        }
        more = more && show_token(&a, t, stemmer, token, ctx);
    }
    for (; more && extra < extras; extra++)
        more = show_token(&a, &fr_vec_at(&a.extras, extra), stemmer, token, ctx);
    fr_analyzer_deinit(&a);
    fr_stemmer_destroy(stemmer);
    return ok ? FRAI_OK : fr_fail_memory(err, "reading the index");
}

size_t frai_text_normalize(frai_slice text, char *out, size_t room)
{
    struct fr_buf buf;
    if (!text.ptr || !out || text.len > FRAI_DOCUMENT_BYTES_MAX) return 0;
    fr_buf_init(&buf, fr_allocator_or_libc(NULL));
    size_t n = 0;
    if (fr_nfc(text.ptr, text.len, &buf)) {
        n = buf.len < room ? buf.len : room;
        while (n < buf.len && n > 0 && (buf.data[n] & 0xC0) == 0x80) n--;
        if (n) memcpy(out, buf.data, n);
    }
    fr_buf_deinit(&buf);
    return n;
}
