#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_config(void)
{
    char path[4096];
    const char *named = getenv("FRAI_CONFIG"), *xdg = getenv("XDG_CONFIG_HOME"),
               *home = getenv("HOME");
    if (named && named[0]) return fopen(named, "r");
    if (xdg && xdg[0])
        snprintf(path, sizeof path, "%s/frai/config", xdg);
    else
        snprintf(path, sizeof path, "%s/.config/frai/config", home ? home : "");
    return fopen(path, "r");
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1])) text[--len] = '\0';
    return text;
}

/* "--key=value", or "--key" for a switch that is on; NULL if the line sets nothing. */
static char *as_flag(char *line, const struct option *options)
{
    char *equals = strchr(line, '=');
    if (line[strspn(line, " \t")] == '#' || !equals) return NULL;
    *equals = '\0';
    char *key = trim(line), *value = trim(equals + 1);
    const char *env = strcmp(key, "index") == 0     ? "FRAI_INDEX"
                      : strcmp(key, "mem") == 0     ? "FRAI_MEM"
                      : strcmp(key, "threads") == 0 ? "FRAI_THREADS"
                                                    : NULL;
    if (env && getenv(env)) return NULL;
    for (const struct option *o = options; o->name; o++) {
        if (strcmp(o->name, key) != 0) continue;
        if (o->has_arg == no_argument && strcmp(value, "true") != 0) return NULL;
        size_t room = strlen(key) + strlen(value) + 4;
        char *flag = malloc(room);
        if (flag) snprintf(flag, room, o->has_arg == no_argument ? "--%s" : "--%s=%s", key, value);
        return flag;
    }
    return NULL;
}

char **config_arguments(int *argc, char **argv, const struct option *options)
{
    enum { SETTINGS_MAX = 64 };
    static char **all; /* the program's arguments: kept as long as it runs */
    char line[4096];
    int count = 0;
    all = calloc((size_t)*argc + SETTINGS_MAX + 1, sizeof *all);
    if (!all) return argv;
    all[count++] = argv[0];
    FILE *in = open_config();
    while (in && count < SETTINGS_MAX && fgets(line, sizeof line, in)) {
        char *flag = as_flag(line, options);
        if (flag) all[count++] = flag;
    }
    if (in) fclose(in);
    for (int i = 1; i < *argc; i++) all[count++] = argv[i];
    *argc = count;
    return all;
}
