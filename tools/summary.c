/* Sums what the input counted, by reason and by encoding. */
#include "summary.h"

#include <sys/resource.h>

#include "messages.h"

static long peak_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static size_t unreadable(const struct update *u)
{
    size_t n = 0;
    for (size_t i = 0; i < u->tree.unseen_count; i++) n += u->tree.unseen[i].error != 0;
    for (size_t i = 0; i < u->scope_count; i++) n += u->scopes[i].error || u->scopes[i].empty;
    return n;
}

void summary_json(const struct input *in, const frai_writer_stats *s, const struct update *u,
                  double seconds)
{
    const struct tree *t = &u->tree;
    printf(
        "{\"documents\":%llu,\"replaced\":%llu,\"input_bytes\":%llu,\"index_bytes\":%llu,"
        "\"seconds\":%.3f,\"peak_memory_bytes\":%lld,\"skipped\":%llu,"
        "\"updated\":%s,\"files\":{\"same\":%llu,\"changed\":%llu,\"new\":%llu,\"vanished\":%llu,"
        "\"kept\":%llu,\"skipped_before\":%llu,\"unreadable\":%zu},"
        "\"kept_documents\":%llu,\"roots\":%u,"
        "\"links\":{\"to_folders\":%llu,\"dangling\":%llu,\"twice\":%llu},"
        "\"encodings\":{\"utf8\":%llu,\"cp949\":%llu,\"utf16\":%llu,\"utf32\":%llu,\"broken\":%llu}"
        "}\n",
        (unsigned long long)s->documents, (unsigned long long)s->replaced, in->bytes,
        (unsigned long long)s->index_bytes, seconds, (long long)peak_kb() * 1024, skipped_of(in),
        u->there && u->way == UPDATE_PART ? "true" : "false", u->same, u->changed, u->added,
        u->vanished, u->kept, u->skipped_before, unreadable(u), u->kept_documents,
        u->now.root_count, t->folder_links, t->dangling, t->twice, in->encodings[ENCODING_UTF8],
        in->encodings[ENCODING_CP949], in->encodings[ENCODING_UTF16], in->encodings[ENCODING_UTF32],
        in->encodings[ENCODING_BROKEN]);
}

static void say_files(const struct update *u)
{
    fprintf(stderr,
            say("파일  그대로 %s · 바뀜 %s · 새로 %s · 없어짐 %s",
                "files  %s as they were · %s changed · %s new · %s vanished"),
            grouped(u->same), grouped(u->changed), grouped(u->added), grouped(u->vanished));
    if (u->kept)
        fprintf(stderr,
                say(" · 없거나 읽지 못해 남겨 둠 %s", " · %s kept, not there or not readable"),
                grouped(u->kept));
    if (u->skipped_before)
        fprintf(stderr, say(" · 지난번처럼 건너뜀 %s", " · %s skipped as before"),
                grouped(u->skipped_before));
    fputc('\n', stderr);
}

static void say_links(const struct tree *t)
{
    if (t->folder_links)
        fprintf(stderr,
                say("링크  폴더로 가는 링크 %s개는 따라가지 않음 (--follow로 따라감)\n",
                    "links  %s to folders not followed (--follow does)\n"),
                grouped(t->folder_links));
    if (t->dangling)
        fprintf(stderr, say("링크  가리키는 것이 없음 %s\n", "links  %s to what is not there\n"),
                grouped(t->dangling));
    if (t->specials)
        fprintf(stderr,
                say("파일이 아님  %s (장치, 파이프, 소켓)\n",
                    "no files  %s (devices, pipes, sockets)\n"),
                grouped(t->specials));
}

static void say_encodings(const struct input *in)
{
    static const char *const names[] = {"UTF-8", "CP949", "UTF-16", "UTF-32"};
    if (in->documents == 0) return;
    fputs(say("인코딩 ", "encodings "), stderr);
    for (int i = 0; i < ENCODING_BROKEN; i++)
        if (in->encodings[i]) fprintf(stderr, " %s %s", names[i], grouped(in->encodings[i]));
    if (in->encodings[ENCODING_BROKEN])
        fprintf(stderr, say(" 깨진 UTF-8 %s", " broken UTF-8 %s"),
                grouped(in->encodings[ENCODING_BROKEN]));
    fputc('\n', stderr);
}

/* What every index has says nothing about its part in less text. */
#define PART_OF_BYTES 100000u

void summary_text(const struct input *in, const frai_writer_stats *s, const struct update *u,
                  double seconds)
{
    bool updates = u->there && u->way == UPDATE_PART;
    uint64_t text = updates ? s->text_bytes : in->bytes;
    char from[24], to[24], part[24] = "";
    if (text >= PART_OF_BYTES)
        snprintf(part, sizeof part, " (%.0f %%)", 100 * (double)s->index_bytes / (double)text);
    fprintf(stderr,
            say("완료  %s %s · %s 원문 → %s 색인%s · %.1f초 · 최대 메모리 %ld MB\n",
                "done  %s %s · %s of text → %s of index%s · %.1f s · peak memory %ld MB\n"),
            grouped(s->documents), documents_word(s->documents), size_text(text, from),
            size_text(s->index_bytes, to), part, seconds, peak_kb() / 1024);
    if (u->there) say_files(u);
    if (s->replaced)
        fprintf(
            stderr,
            say("대체  같은 id가 다시 나온 문서 %s개\n", "replaced  %s %s whose id came again\n"),
            grouped(s->replaced), documents_word(s->replaced));
    if (skipped_of(in)) {
        fprintf(stderr, say("건너뜀  %s:", "skipped  %s:"), grouped(skipped_of(in)));
        for (int i = 0; i < SKIP_REASONS; i++)
            if (in->skipped[i])
                fprintf(stderr, " %s %s", skip_name((enum skip)i), grouped(in->skipped[i]));
        fputc('\n', stderr);
    }
    say_links(&u->tree);
    say_encodings(in);
}
