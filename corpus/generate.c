/* generate: Korean-looking JSON lines of any amount, the same for the same seed.
 *
 *   generate DOCUMENTS [SEED] > out.jsonl
 *
 * Words are made of syllables drawn with Zipf frequencies; a document belongs to a cluster (a topic
 * with words of its own, and its neighbours in the stream are likelier to share it), a word once
 * used comes again (bursts), lengths are log-normal. So lists of bigrams are as skewed, bursty and
 * clustered as those of real text, which is what postings, bounds and pruning depend on. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS       200000u
#define TOPICS      4000u
#define TOPIC_WORDS 60u
#define SYLLABLES   1200u
#define WORD_MAX    6u

static uint64_t state;

/* SplitMix64 (Steele, Lea & Flood 2014). */
static uint64_t next(void)
{
    uint64_t z = state += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static double uniform(void)
{
    return (double)(next() >> 11) * 0x1p-53;
}

/* Rank 0..n-1 with probability about 1/(rank + 1): the inverse of its distribution. */
static uint32_t zipf(uint32_t n)
{
    uint32_t rank = (uint32_t)(exp(uniform() * log((double)n + 1.0)) - 1.0);
    return rank < n ? rank : n - 1;
}

static double normal(void)
{
    return sqrt(-2.0 * log(uniform() + 1e-300)) * cos(6.283185307179586 * uniform());
}

struct word {
    uint8_t len;
    char utf8[WORD_MAX * 3];
};

static struct word words[WORDS];
static const char *const particles[] = {"은", "는", "이",   "가", "을", "를",
                                        "의", "에", "에서", "로", "도", "와"};
static const char *const latin[] = {"AI",    "API",   "GPU",    "data",
                                    "model", "cloud", "server", "Python"};

static void put_syllable(char *out, uint32_t cp)
{
    out[0] = (char)(0xE0 | cp >> 12);
    out[1] = (char)(0x80 | ((cp >> 6) & 0x3F));
    out[2] = (char)(0x80 | (cp & 0x3F));
}

static void make_words(void)
{
    static uint32_t syllables[SYLLABLES];
    for (uint32_t i = 0; i < SYLLABLES; i++) syllables[i] = 0xAC00 + (uint32_t)(next() % 11172);
    for (uint32_t w = 0; w < WORDS; w++) {
        uint32_t len = 1 + zipf(4) + (w > 50 ? 1 : 0); /* frequent words are short */
        for (uint32_t i = 0; i < len; i++)
            put_syllable(words[w].utf8 + 3 * i, syllables[zipf(SYLLABLES)]);
        words[w].len = (uint8_t)(3 * len);
    }
}

static uint32_t topic_word(uint32_t topic)
{
    uint64_t mix = (topic * 0x9E3779B97F4A7C15ull) ^ (zipf(TOPIC_WORDS) * 0xC2B2AE3D27D4EB4Full);
    mix ^= mix >> 29;
    return 100 + (uint32_t)((mix * 0xBF58476D1CE4E5B9ull >> 33) % (WORDS - 100));
}

static void put_word(uint32_t w)
{
    fwrite(words[w].utf8, 1, words[w].len, stdout);
    if (uniform() < 0.35) fputs(particles[zipf(12)], stdout);
}

static void document(uint64_t number, uint32_t topic)
{
    uint32_t used[512], count = 0, length = (uint32_t)exp(3.2 + 0.9 * normal());
    if (length < 3) length = 3;
    if (length > 2000) length = 2000;
    printf("{\"id\":\"g%llu\",\"title\":\"", (unsigned long long)number);
    for (int i = 0; i < 3; i++) {
        if (i) putchar(' ');
        put_word(topic_word(topic));
    }
    printf("\",\"date\":\"20%02u-%02u-%02u\",\"text\":\"", (unsigned)(next() % 26),
           (unsigned)(1 + next() % 12), (unsigned)(1 + next() % 28));
    for (uint32_t i = 0; i < length; i++) {
        double kind = uniform();
        if (i) fputs(uniform() < 0.08 ? ". " : " ", stdout);
        if (kind < 0.03) {
            fputs(latin[zipf(8)], stdout);
            continue;
        }
        uint32_t w = kind < 0.25 && count ? used[next() % count]
                     : kind < 0.5         ? topic_word(topic)
                                          : zipf(WORDS);
        if (count < 512) used[count++] = w;
        put_word(w);
    }
    puts("\"}");
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fputs("usage: generate DOCUMENTS [SEED] > out.jsonl\n", stderr);
        return 2;
    }
    uint64_t documents = strtoull(argv[1], NULL, 10);
    state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    make_words();
    uint32_t topic = 0;
    for (uint64_t i = 0; i < documents; i++) {
        if (uniform() < 0.3) topic = zipf(TOPICS);
        document(i, topic);
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}
