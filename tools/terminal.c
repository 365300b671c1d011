/* Colours as grep has them (mt=, fn=), switched by NO_COLOR and CLICOLOR_FORCE. */
#include "terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "messages.h"

int read_colors(const char *program, const struct setting *colors, struct palette *p)
{
    const struct {
        const char *key;
        char *to;
    } slots[] = {{"mt=", p->match}, {"fn=", p->path}, {"me=", p->dim}, {"ti=", p->title}};
    for (const char *at = colors->value; *at;) {
        size_t len = strcspn(at, ":"), known = 0;
        for (size_t i = 0; i < 4; i++) {
            if (len < 3 || strncmp(at, slots[i].key, 3) != 0) continue;
            known = len < 20 && strspn(at + 3, "0123456789;") >= len - 3;
            if (known) snprintf(slots[i].to, sizeof p->match, "\033[%.*sm", (int)len - 3, at + 3);
        }
        if (!known)
            return bad_setting(program, colors,
                               say("mt=01;31:fn=32:me=2:ti=1 같은 꼴이어야 합니다",
                                   "must be colours like mt=01;31:fn=32:me=2:ti=1"));
        at += len + (at[len] == ':');
    }
    return 0;
}

struct palette palette_for(const char *when, struct palette coloured, FILE *out)
{
    struct palette none = {.off = ""};
    const char *force = getenv("CLICOLOR_FORCE"), *no = getenv("NO_COLOR"), *term = getenv("TERM");
    bool on = strcmp(when, "always") == 0;
    if (strcmp(when, "auto") == 0) {
        on = isatty(fileno(out)) && !(term && strcmp(term, "dumb") == 0);
        if (force && force[0] && strcmp(force, "0") != 0) on = true;
        if (no && no[0]) on = false;
    }
    return on ? coloured : none;
}

int terminal_columns(FILE *out)
{
    struct winsize size;
    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return 80;
}
