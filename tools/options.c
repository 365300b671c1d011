/* Configuration, environment and arguments become settings of one kind, applied in this order. */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "config.h"
#include "exit_codes.h"
#include "messages.h"

#define NAME_MAX_BYTES 64
#define PART           60 /* clusters of what was given, in a message */

bool add_setting(struct command_line *line, struct setting s)
{
    if (line->count == line->room) {
        size_t room = line->room ? line->room * 2 : 16;
        struct setting *grown = realloc(line->settings, room * sizeof *grown);
        if (!grown) return false;
        line->settings = grown;
        line->room = room;
    }
    line->settings[line->count++] = s;
    return true;
}

bool keep_string(struct command_line *line, char *text)
{
    char **grown = realloc(line->kept, (line->kept_count + 1) * sizeof *grown);
    if (grown) {
        line->kept = grown;
        line->kept[line->kept_count++] = text;
        return true;
    }
    free(text);
    return false;
}

void free_command_line(struct command_line *line)
{
    for (size_t i = 0; i < line->kept_count; i++) free(line->kept[i]);
    free(line->kept);
    free(line->settings);
    free(line->words);
    *line = (struct command_line){0};
}

static int out_of_memory(const char *program)
{
    complain(program, say("옵션", "options"), say("메모리가 모자랍니다", "out of memory"));
    return EXIT_TROUBLE;
}

/* ---- which option is meant ---- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to be put in, left out, changed or swapped (optimal string alignment). */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t rows[3][NAME_MAX_BYTES + 1];
    if (n > NAME_MAX_BYTES || m > NAME_MAX_BYTES) return NAME_MAX_BYTES;
    for (size_t j = 0; j <= m; j++) rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

const struct option *nearest_option(const struct option *names, const char *name, size_t len)
{
    const struct option *best = NULL;
    size_t fewest = (len + 1) / 3;
    for (const struct option *o = names; o->name; o++) {
        size_t d = distance(name, len, o->name, strlen(o->name));
        if (d > fewest || (best && d == fewest)) continue;
        best = o;
        fewest = d;
    }
    return best;
}

/* By its whole name, or the beginning of no other's. NULL: *near may be what was meant. */
static const struct option *find_name(const struct option *names, const char *name, size_t len,
                                      const struct option **near)
{
    const struct option *found = NULL;
    int beginnings = 0;
    for (const struct option *o = names; o->name; o++) {
        if (strncmp(o->name, name, len) != 0) continue;
        if (o->name[len] == '\0') return o;
        found = o;
        beginnings++;
    }
    *near = beginnings ? found : nearest_option(names, name, len);
    return beginnings == 1 && len > 1 ? found : NULL;
}

static int unknown_option(const struct option_rules *rules, const char *name,
                          const struct option *near)
{
    char text[256], meant[NAME_MAX_BYTES + 32] = "";
    if (near) snprintf(meant, sizeof meant, say("혹시 --%s? ", "did you mean --%s? "), near->name);
    snprintf(text, sizeof text, "%s; %s%s%s%s", say("모르는 옵션입니다", "unknown option"), meant,
             near ? "(" : "",
             rules->takes_query
                 ? say("찾을 말이라면 앞에 --를 쓰세요", "to search for it, put -- before it")
                 : say("-h를 보세요", "see -h"),
             near ? ")" : "");
    complain(rules->program, name, text);
    return EXIT_TROUBLE;
}

static int complain_value(const struct option_rules *rules, const char *name, bool missing)
{
    complain(rules->program, name,
             missing ? say("값이 빠졌습니다; 뒤에 값을 쓰세요 (-h를 보세요)",
                           "its value is missing; give it after the option (see -h)")
                     : say("값을 받지 않는 옵션입니다; = 뒤를 지우세요",
                           "takes no value; remove what follows ="));
    return EXIT_TROUBLE;
}

/* ---- words that look like options ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *find_letter(const struct option_rules *rules, char c)
{
    return c && c != ':' ? strchr(rules->letters, c) : NULL;
}

/* The shape of --name or --name=value. */
static bool has_long_shape(const char *name)
{
    if (!is_letter(name[0])) return false;
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    return name[n] == '\0' || name[n] == '=';
}

/* Letters of options; one letter alone is a slip rather than a word. */
static bool has_short_shape(const struct option_rules *rules, const char *letters)
{
    if (is_letter(letters[0]) && letters[1] == '\0') return true;
    for (const char *p = letters; *p; p++) {
        const char *known = find_letter(rules, *p);
        if (!known) return false;
        if (known[1] != ':') continue;
        bool number = rules->numbers && strchr(rules->numbers, *p);
        return !number || p[1] == '\0' || p[1] == '=' || (p[1] >= '0' && p[1] <= '9');
    }
    return true;
}

static bool is_word(const struct option_rules *rules, const char *argument)
{
    if (argument[0] != '-' || argument[1] == '\0') return true;
    if (!rules->takes_query || strcmp(argument, "--") == 0) return false;
    return argument[1] == '-' ? !has_long_shape(argument + 2)
                              : !has_short_shape(rules, argument + 1);
}

/* ---- arguments ---- */

struct reader {
    const struct option_rules *rules;
    struct command_line *line;
    char **argv;
    int argc, next;
};

static int keep(struct reader *r, int option, const char *name, const char *value)
{
    struct setting s = {.option = option, .name = name, .value = value};
    return add_setting(r->line, s) ? 0 : out_of_memory(r->rules->program);
}

static const char *copy_name(struct command_line *line, const char *name, size_t len)
{
    char *copy = strndup(name, len);
    return copy && keep_string(line, copy) ? copy : NULL;
}

static int read_long(struct reader *r, char *argument)
{
    const struct option *near = NULL;
    size_t len = strcspn(argument, "=");
    const char *value = argument[len] ? argument + len + 1 : NULL;
    const char *name = copy_name(r->line, argument, len);
    if (!name) return out_of_memory(r->rules->program);
    const struct option *o = find_name(r->rules->names, name + 2, len - 2, &near);
    if (!o) return unknown_option(r->rules, name, near);
    if (o->has_arg == no_argument && value) return complain_value(r->rules, name, false);
    if (o->has_arg == no_argument) return keep(r, o->val, name, NULL);
    if (!value && r->next == r->argc) return complain_value(r->rules, name, true);
    return keep(r, o->val, name, value ? value : r->argv[r->next++]);
}

static int read_letters(struct reader *r, const char *argument)
{
    for (const char *p = argument + 1; *p; p++) {
        const char *known = find_letter(r->rules, *p);
        char flag[3] = {'-', *p, '\0'};
        const char *name = copy_name(r->line, flag, 2);
        if (!name) return out_of_memory(r->rules->program);
        if (!known) return unknown_option(r->rules, argument, NULL);
        if (known[1] == ':') {
            if (p[1] == '\0' && r->next == r->argc) return complain_value(r->rules, name, true);
            return keep(r, *p, name, p[1] ? p + 1 : r->argv[r->next++]);
        }
        int rc = keep(r, *p, name, NULL);
        if (rc) return rc;
    }
    return 0;
}

static int read_arguments(struct reader *r)
{
    int rc = 0;
    bool options = true;
    while (rc == 0 && r->next < r->argc) {
        char *argument = r->argv[r->next++];
        if (!options || is_word(r->rules, argument))
            r->line->words[r->line->word_count++] = argument;
        else if (strcmp(argument, "--") == 0)
            options = false;
        else if (argument[1] == '-')
            rc = read_long(r, argument);
        else
            rc = read_letters(r, argument);
    }
    return rc;
}

int read_command_line(const struct option_rules *rules, int argc, char **argv,
                      struct command_line *line)
{
    struct reader r = {.rules = rules, .line = line, .argv = argv, .argc = argc, .next = 1};
    *line = (struct command_line){0};
    line->words = calloc((size_t)argc + 1, sizeof *line->words);
    if (!line->words) return out_of_memory(rules->program);
    int rc = read_config(rules, line);
    for (const struct variable *v = rules->environment; rc == 0 && v->name; v++) {
        const char *value = getenv(v->name);
        if (value && value[0]) rc = keep(&r, v->option, v->name, value);
    }
    return rc ? rc : read_arguments(&r);
}

/* ---- values ---- */

const char *setting_place(const struct setting *s)
{
    static char text[8192];
    if (!s->file) return s->name;
    snprintf(text, sizeof text, "%s:%lu: %s", s->file, s->line, shown_part(s->name, PART));
    return text;
}

int bad_setting(const char *program, const struct setting *s, const char *wanted)
{
    char text[8192];
    snprintf(text, sizeof text, "'%s': %s", shown_part(s->value ? s->value : "", PART), wanted);
    complain(program, setting_place(s), text);
    return EXIT_TROUBLE;
}

int read_directory(const char *program, const struct setting *s, const char **directory)
{
    *directory = s->value;
    if (s->value[0]) return 0;
    return bad_setting(program, s,
                       say("디렉터리의 이름이어야 합니다", "must be the name of a directory"));
}

int read_number(const char *program, const struct setting *s, unsigned long long least_value,
                unsigned long long most, unsigned long long *value)
{
    char wanted[160];
    unsigned long long n = 0;
    const char *p = s->value;
    while (*p >= '0' && *p <= '9' && n <= most) n = n * 10 + (unsigned long long)(*p++ - '0');
    if (p > s->value && *p == '\0' && n >= least_value && n <= most) {
        *value = n;
        return 0;
    }
    snprintf(wanted, sizeof wanted,
             say("%s에서 %s까지의 정수여야 합니다", "must be a whole number from %s to %s"),
             grouped(least_value), grouped(most));
    return bad_setting(program, s, wanted);
}

int read_bytes(const char *program, const struct setting *s, unsigned long long least_value,
               unsigned long long *value)
{
    static const char digits[] = "0123456789", units[] = "KMGT";
    char wanted[160], *end = (char *)s->value + strspn(s->value, digits);
    if (end > s->value && *end == '.') end += 1 + strspn(end + 1, digits);
    double bytes = end > s->value ? strtod(s->value, NULL) : -1;
    const char *unit = *end ? strchr(units, *end & ~32) : NULL;
    if (unit) {
        for (const char *u = units; u <= unit; u++) bytes *= 1024;
        end++;
        if (*end == 'i') end++;
    }
    if ((*end & ~32) == 'B') end++;
    if (*end == '\0' && bytes >= (double)least_value && bytes <= 1e18) {
        *value = (unsigned long long)bytes;
        return 0;
    }
    snprintf(wanted, sizeof wanted,
             say("512M나 2G처럼 쓴 크기, %lluM 이상이어야 합니다",
                 "must be a size like 512M or 2G, at least %lluM"),
             least_value >> 20);
    return bad_setting(program, s, wanted);
}

int read_choice(const char *program, const struct setting *s, const char *const *choices,
                int *which)
{
    char wanted[256];
    int n =
        snprintf(wanted, sizeof wanted, "%s", say("다음 중 하나여야 합니다:", "must be one of:"));
    for (int i = 0; choices[i]; i++) {
        if (strcmp(s->value, choices[i]) == 0) {
            *which = i;
            return 0;
        }
        if (n > 0 && (size_t)n < sizeof wanted)
            n += snprintf(wanted + n, sizeof wanted - (size_t)n, " %s", choices[i]);
    }
    return bad_setting(program, s, wanted);
}
