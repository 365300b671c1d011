/* What a build says of files, and why it refuses to go on. */
#include "update.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "messages.h"

#define NAMED_MAX 5 /* of a kind, in a message */

int update_no_memory(void)
{
    complain(PROGRAM, say("메모리", "memory"), os_says(ENOMEM));
    return EXIT_TROUBLE;
}

int complain_path(const char *path, int error)
{
    char why[512];
    snprintf(why, sizeof why, "%s; %s", os_says(error ? error : ENOMEM),
             say("경로를 확인하세요", "check the path"));
    complain(PROGRAM, path, why);
    return EXIT_TROUBLE;
}

static const char *root_name(const struct root *r)
{
    if (strcmp(r->name, "-") == 0) return say("표준 입력", "standard input");
    if (!r->name[0]) return say("알 수 없는 곳", "unknown origin");
    return shown(r->name);
}

static void say_ways_on(bool unknown)
{
    if (unknown)
        fputs(
            say("frai-index: 아무것도 바꾸지 않았습니다. 색인이 무엇으로 만들어졌는지 알 수 "
                "없으니, "
                "더하려면 `frai-index add 경로`, 이 경로만으로 새로 만들려면 --replace를 쓰세요\n",
                "frai-index: nothing was changed. What the index was made from is not known: "
                "`frai-index add PATH` adds to it, --replace makes it anew of what is named\n"),
            stderr);
    else
        fputs(
            say("frai-index: 아무것도 바꾸지 않았습니다. 있는 것에 더하려면 `frai-index add 경로`, "
                "모두 새로 고치려면 경로 없이 `frai-index build`, 이 경로만 남기려면 --replace를 "
                "쓰세요\n",
                "frai-index: nothing was changed. `frai-index add PATH` adds to what is there, "
                "`frai-index build` without paths updates all of it, --replace drops what is not "
                "named\n"),
            stderr);
}

/* Roots of before that go, and documents with them: numbers into `gone`, documents by root. */
static unsigned find_gone(const struct update *u, unsigned *gone, unsigned long long *documents)
{
    unsigned count = 0;
    for (size_t i = 0; i < u->before.count; i++) {
        const struct source *old = &u->before.list[i];
        if (old->fate == SOURCE_VANISHED && !old->seen) documents[old->root] += old->documents;
    }
    for (unsigned r = 0; r < u->before.root_count; r++)
        if (u->becomes[r] < 0 && documents[r]) gone[count++] = r;
    return count;
}

int update_refuse_roots(const struct update *u)
{
    unsigned long long *documents = calloc(u->before.root_count + 1, sizeof *documents);
    unsigned *gone = calloc(u->before.root_count + 1, sizeof *gone);
    bool ok = gone && documents, unknown = false;
    unsigned count = ok ? find_gone(u, gone, documents) : 0;
    before_line();
    if (count)
        fprintf(stderr,
                say(PROGRAM ": %s: 이 색인에서 없어질 것:", PROGRAM ": %s: this would drop"),
                shown(u->o->index));
    for (unsigned i = 0; i < count && i < NAMED_MAX; i++)
        fprintf(stderr, say("%1$s %2$s의 문서 %3$s건", "%1$s %3$s %4$s of %2$s"), i ? "," : "",
                root_name(&u->before.roots[gone[i]]), grouped(documents[gone[i]]),
                documents_word(documents[gone[i]]));
    if (count > NAMED_MAX)
        fprintf(stderr, say(" 그리고 %u곳 더", " and %u more"), count - NAMED_MAX);
    if (count) fputc('\n', stderr);
    for (unsigned i = 0; i < count; i++) unknown |= !u->before.roots[gone[i]].name[0];
    if (count) say_ways_on(unknown);
    free(documents);
    free(gone);
    return !ok ? update_no_memory() : count ? EXIT_TROUBLE : EXIT_DONE;
}

int update_refuse_documents(const struct update *u, unsigned long long lost)
{
    if (lost * 2 <= u->documents || u->documents == 0) return EXIT_DONE;
    before_line();
    fprintf(stderr,
            say(PROGRAM ": %s: 색인의 문서 %s건 가운데 %s건이 없어집니다: 없어지거나 바뀐 "
                        "파일의 문서입니다\n" PROGRAM ": 아무것도 바꾸지 않았습니다. 정말 지우려면 "
                        "--replace를, 다른 경로를 더하려면 `frai-index add`를 쓰세요\n",
                PROGRAM ": %s: of the %s documents in the index %s would be removed: their files "
                        "vanished or changed\n" PROGRAM
                        ": nothing was changed. Use --replace if that is meant, "
                        "`frai-index add PATH` to add other paths\n"),
            shown(u->o->index), grouped(u->documents), grouped(lost));
    return EXIT_TROUBLE;
}

int update_refuse_all(const struct update *u, const struct source *kept)
{
    const struct root *r = &u->now.roots[kept->root];
    before_line();
    fprintf(stderr,
            say(PROGRAM ": %s: 모두 다시 읽어야 하지만 지금 읽을 수 없습니다; 아무것도 바꾸지 "
                        "않았습니다. 다시 읽을 수 있게 하거나, --replace로 빼 주세요\n",
                PROGRAM ": %s: all has to be read anew, but this can't be read now; nothing was "
                        "changed. Bring it back, or drop it with --replace\n"),
            r->stream ? root_name(r) : shown(kept->path));
    return EXIT_TROUBLE;
}

static void tell_scope(const struct update *u, const struct scope *s)
{
    const struct root *r = &u->now.roots[s->root];
    unsigned long long documents = 0;
    for (size_t i = 0; i < u->now.count; i++)
        if (u->now.list[i].root == s->root) documents += u->now.list[i].documents;
    fprintf(stderr, PROGRAM ": %s: %s; ", root_name(r),
            s->error ? os_says(s->error) : say("지금은 비어 있습니다", "it is empty now"));
    fprintf(stderr,
            say("문서 %s건은 색인에 그대로 둡니다 (지우려면 --replace)\n",
                "the index keeps its %s %s (to drop them: --replace)\n"),
            grouped(documents), documents_word(documents));
}

void update_tell(const struct update *u)
{
    size_t named = 0, unseen = 0;
    before_line();
    for (size_t i = 0; i < u->scope_count; i++)
        if (u->scopes[i].error || u->scopes[i].empty) tell_scope(u, &u->scopes[i]);
    for (size_t i = 0; i < u->tree.unseen_count; i++) {
        const struct unseen *x = &u->tree.unseen[i];
        if (x->error == 0 || unseen++ >= NAMED_MAX) continue;
        fprintf(stderr, PROGRAM ": %s: %s; %s\n", shown(x->path), os_says(x->error),
                say("읽지 못했습니다; 색인에 있던 것은 그대로 둡니다",
                    "not looked at; what the index has of it stays"));
    }
    for (size_t i = 0; i < u->now.count; i++) {
        const struct source *s = &u->now.list[i];
        const struct scope *scope =
            s->fate == SOURCE_KEPT ? update_scope(u, s->path, s->root) : NULL;
        if (!scope || scope->error || scope->empty || tree_unseen(&u->tree, s->path)) continue;
        if (named++ < NAMED_MAX)
            fprintf(stderr, PROGRAM ": %s: %s\n", shown(s->path),
                    say("읽을 수 없습니다; 색인에 있던 것은 그대로 둡니다",
                        "can't be read; what the index has of it stays"));
    }
    size_t more =
        (named > NAMED_MAX ? named - NAMED_MAX : 0) + (unseen > NAMED_MAX ? unseen - NAMED_MAX : 0);
    if (more)
        fprintf(stderr, say(PROGRAM ": 읽지 못한 것 %s개 더\n", PROGRAM ": and %s more\n"),
                grouped(more));
}
