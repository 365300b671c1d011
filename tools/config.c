#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "messages.h"

/* NULL: there is none, and none was asked for, unless *rc is set. */
static FILE *open_config(const char *program, char *path, size_t room, int *rc)
{
    const char *named = getenv("FRAI_CONFIG"), *xdg = getenv("XDG_CONFIG_HOME"),
               *home = getenv("HOME");
    bool asked_for = named && named[0];
    if (asked_for)
        snprintf(path, room, "%s", named);
    else if (xdg && xdg[0])
        snprintf(path, room, "%s/frai/config", xdg);
    else
        snprintf(path, room, "%s/.config/frai/config", home ? home : "");
    FILE *in = fopen(path, "r");
    if (in || (!asked_for && (errno == ENOENT || errno == ENOTDIR))) return in;
    char why[256];
    snprintf(why, sizeof why, "%s; %s", os_says(errno),
             asked_for ? say("FRAI_CONFIG를 확인하세요", "check FRAI_CONFIG")
                       : say("권한을 확인하세요", "check its permissions"));
    complain(program, path, why);
    *rc = 2;
    return NULL;
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1])) text[--len] = '\0';
    return text;
}

/* One line, which settings point into. */
static int read_line(const struct option_rules *rules, struct command_line *line, char *text,
                     struct setting s)
{
    text = trim(text);
    char *equals = strchr(text, '=');
    if (text[0] == '\0' || text[0] == '#') return 0;
    s.name = text;
    if (!equals) {
        complain(rules->program, setting_place(&s),
                 say("'키 = 값'이 아닙니다", "is not 'key = value'"));
        return 2;
    }
    *equals = '\0';
    s.name = trim(text);
    s.value = trim(equals + 1);
    for (const struct option *o = rules->names; o->name; o++) {
        if (strcmp(o->name, s.name) != 0) continue;
        static const char *const switches[] = {"true", "false", NULL};
        int which = 0;
        if (o->has_arg == no_argument && read_choice(rules->program, &s, switches, &which))
            return 2;
        if (which == 1) return 0;
        s.option = o->val;
        if (o->has_arg == no_argument) s.value = NULL;
        if (add_setting(line, s)) return 0;
        complain(rules->program, s.file, say("메모리가 모자랍니다", "out of memory"));
        return 2;
    }
    return 0;
}

int read_config(const struct option_rules *rules, struct command_line *line)
{
    static char path[4096]; /* settings name it */
    int rc = 0;
    FILE *in = open_config(rules->program, path, sizeof path, &rc);
    struct setting s = {.file = path};
    while (in && rc == 0) {
        char *text = NULL;
        size_t room = 0;
        errno = 0;
        bool more = getline(&text, &room, in) >= 0;
        if (!keep_string(line, text) || !more) break;
        s.line++;
        rc = read_line(rules, line, text, s);
    }
    if (in && rc == 0 && ferror(in)) {
        complain(rules->program, path, os_says(errno));
        rc = 2;
    }
    if (in) fclose(in);
    return rc;
}
