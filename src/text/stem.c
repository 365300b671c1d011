/* libstemmer's English stemmer; words of other letters than a to z have no stem. */
#include "text/stem.h"

#include <libstemmer.h>
#include <string.h>

struct fr_stemmer *fr_stemmer_create(void)
{
    return (struct fr_stemmer *)sb_stemmer_new("english", "UTF_8");
}

void fr_stemmer_destroy(struct fr_stemmer *stemmer)
{
    if (stemmer) sb_stemmer_delete((struct sb_stemmer *)stemmer);
}

bool fr_stem(struct fr_stemmer *stemmer, const char *word, size_t len, const char **stem,
             size_t *stem_len)
{
    if (len < 3 || len > 60) return false;
    for (size_t i = 0; i < len; i++)
        if (word[i] < 'a' || word[i] > 'z') return false;
    struct sb_stemmer *snowball = (struct sb_stemmer *)stemmer;
    const sb_symbol *out = sb_stemmer_stem(snowball, (const sb_symbol *)word, (int)len);
    if (!out) return false;
    *stem = (const char *)out;
    *stem_len = (size_t)sb_stemmer_length(snowball);
    return *stem_len > 0 && (*stem_len != len || memcmp(out, word, len) != 0);
}
