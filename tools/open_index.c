/* The index that was named, or the nearest one above the current directory. */
#include "open_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "messages.h"

static bool is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The nearest .frai upward of `here`, in `path`; false: there is none. */
static bool find_upward(const char *here, char *path, size_t room)
{
    snprintf(path, room, "%s", here);
    for (size_t len = strlen(path);;) {
        snprintf(path + len, room - len, "%s.frai", len > 1 ? "/" : "");
        if (is_directory(path)) return true;
        path[len] = '\0';
        if (len <= 1) return false;
        while (len > 1 && path[len - 1] != '/') len--;
        if (len > 1) len--;
    }
}

static int no_index(const char *here)
{
    complain(PROGRAM, here,
             say("여기와 그 위의 디렉터리에 .frai가 없습니다; `frai-index build 경로`로 색인을 "
                 "만들거나 -i로 위치를 알려 주세요",
                 "neither here nor above is there a .frai; build an index with `frai-index build "
                 "PATH`, or say where one is with -i"));
    return EXIT_TROUBLE;
}

/* False, having said so: what was named can be no index. */
static bool can_be_index(const struct session *s, const char *path)
{
    struct stat st;
    const struct setting *place = s->o->index_place;
    const char *todo = say("`frai-index build 경로`로 색인을 만들거나 -i로 위치를 알려 주세요",
                           "build one with `frai-index build PATH`, or say where it is with -i");
    char what[8192], why[1024];
    bool there = stat(path, &st) == 0, flag = !place || place->name[0] == '-';
    if (there && S_ISDIR(st.st_mode)) return true;
    snprintf(what, sizeof what, "%s%s%s", flag ? "" : setting_place(place), flag ? "" : ": ", path);
    snprintf(why, sizeof why, "%s; %s",
             there             ? say("디렉터리가 아니어서 색인일 수 없습니다",
                                     "is no directory, so it can't be an index")
             : errno == ENOENT ? say("색인이 없습니다", "there is no index here")
                               : os_says(errno),
             todo);
    complain(PROGRAM, what, why);
    return false;
}

int open_index(struct session *s)
{
    frai_error err = {0};
    const char *path = s->o->index;
    if (!path) {
        if (!getcwd(s->here, sizeof s->here)) snprintf(s->here, sizeof s->here, ".");
        if (!find_upward(s->here, s->found, sizeof s->found)) return no_index(s->here);
        path = s->found;
    }
    s->index_path = path;
    if (!can_be_index(s, path)) return EXIT_TROUBLE;
    guard_maps(PROGRAM, path);
    frai_status status = frai_index_open(path, NULL, &s->index, &err);
    if (status == FRAI_OK) status = frai_searcher_create(s->index, &s->searcher, &err);
    if (status != FRAI_OK) {
        complain_status(PROGRAM, status, &err);
        return EXIT_TROUBLE;
    }
    if (frai_index_used_previous_commit(s->index))
        complain(PROGRAM, path,
                 say("가장 새 목록이 손상되어 바로 앞의 것을 썼습니다; `frai-index check`",
                     "the newest manifest is damaged, the one before it was used; run `frai-index "
                     "check`"));
    return 0;
}
