/* Reads the file by lines; each is set as an option of the same name would be. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "exit_codes.h"
#include "messages.h"
#include "option_names.h"

/* NULL: there is none, unless *rc is set. Of one that was not asked for a notice is enough. */
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
    struct stat st;
    FILE *in = fopen(path, "r");
    int error = in ? 0 : errno;
    if (in && fstat(fileno(in), &st) == 0 && S_ISDIR(st.st_mode)) {
        fclose(in);
        in = NULL;
        error = EISDIR;
    }
    bool is_there = asked_for || lstat(path, &st) == 0;
    if (in || !is_there) return in;
    char what[4352];
    snprintf(what, sizeof what, "%s%s", asked_for ? "FRAI_CONFIG: " : "", path);
    complain_os(program, what, error);
    if (asked_for) *rc = EXIT_TROUBLE;
    return NULL;
}

static int no_memory(const char *program, const char *path)
{
    complain_os(program, path, ENOMEM);
    return EXIT_TROUBLE;
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1])) text[--len] = '\0';
    return text;
}

/* The key that may be meant: one of either program, by its letter or nearly by its name. */
static const struct option *meant(const char *key)
{
    const struct option *const tables[] = {index_options, search_options}, *near = NULL;
    for (int i = 0; i < 2; i++)
        for (const struct option *o = tables[i]; o->name && !key[1]; o++)
            if (o->val == key[0]) return o;
    for (int i = 0; i < 2 && !near; i++) near = nearest_option(tables[i], key, strlen(key));
    return near;
}

static bool is_key(const struct option *names, const char *key)
{
    while (names->name && strcmp(names->name, key) != 0) names++;
    return names->name != NULL;
}

/* A slip, or of another version: what it would set stays unset. */
static void unknown_key(const struct option_rules *rules, const struct setting *s)
{
    const struct option *near = meant(s->name);
    char why[256];
    snprintf(why, sizeof why, "%s%s%s%s", say("모르는 키여서 건너뜁니다", "unknown key, ignored"),
             near ? say("; 혹시 ", "; did you mean ") : "", near ? near->name : "",
             near ? "?" : "");
    complain(rules->program, setting_place(s), why);
}

/* One line, which settings point into. */
static int read_line(const struct option_rules *rules, struct command_line *line, char *text,
                     struct setting s)
{
    static const char *const switches[] = {"true", "false", NULL};
    int which = 0;
    text = trim(text);
    char *equals = strchr(text, '=');
    if (text[0] == '\0' || text[0] == '#') return 0;
    s.name = text;
    if (!equals || equals == text) {
        complain(rules->program, setting_place(&s),
                 say("'키 = 값'이 아닙니다", "is not 'key = value'"));
        return EXIT_TROUBLE;
    }
    *equals = '\0';
    s.name = trim(text);
    s.value = trim(equals + 1);
    const struct option *o = rules->names;
    while (o->name && strcmp(o->name, s.name) != 0) o++;
    if (!o->name) {
        if (!is_key(index_options, s.name) && !is_key(search_options, s.name))
            unknown_key(rules, &s);
        return 0;
    }
    if (o->has_arg == no_argument && read_choice(rules->program, &s, switches, &which)) return 2;
    if (which == 1) return 0;
    s.option = o->val;
    if (o->has_arg == no_argument) s.value = NULL;
    return add_setting(line, s) ? 0 : no_memory(rules->program, s.file);
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
        int error = errno;
        if (!keep_string(line, text)) {
            rc = no_memory(rules->program, path);
        } else if (more) {
            s.line++;
            rc = read_line(rules, line, text, s);
        } else {
            if (!feof(in)) {
                complain_os(rules->program, path, error);
                rc = 2;
            }
            break;
        }
    }
    if (in) fclose(in);
    return rc;
}
