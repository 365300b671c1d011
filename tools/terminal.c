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
                                   "colours like mt=01;31:fn=32:me=2:ti=1 are wanted"));
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

/* East Asian Width W and F count two (UAX #11), marks and joiners none. */
static int width_of(uint32_t cp)
{
    if ((cp >= 0x300 && cp <= 0x36F) || (cp >= 0x1160 && cp <= 0x11FF) ||
        (cp >= 0x200B && cp <= 0x200F) || (cp >= 0xFE00 && cp <= 0xFE0F) ||
        (cp >= 0x302A && cp <= 0x302F))
        return 0;
    if ((cp >= 0x1100 && cp <= 0x115F) || (cp >= 0x2E80 && cp <= 0xA4CF) ||
        (cp >= 0xA960 && cp <= 0xA97F) || (cp >= 0xAC00 && cp <= 0xD7A3) ||
        (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0xFE30 && cp <= 0xFE6F) ||
        (cp >= 0xFF00 && cp <= 0xFF60) || (cp >= 0xFFE0 && cp <= 0xFFE6) ||
        (cp >= 0x1F300 && cp <= 0x1FAFF) || (cp >= 0x20000 && cp <= 0x3FFFD))
        return 2;
    return 1;
}

/* One character of valid or broken UTF-8. */
static size_t decode(const unsigned char *s, size_t left, uint32_t *cp)
{
    size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : s[0] >= 0xC0 ? 2 : 1;
    if (n > left) n = 1;
    *cp = n == 1 ? s[0] : s[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) *cp = *cp << 6 | (s[i] & 0x3F);
    return n;
}

int put_clean(FILE *out, frai_slice text, int columns)
{
    int used = 0;
    bool space = true;
    for (size_t i = 0; i < text.len;) {
        uint32_t cp;
        size_t n = decode((const unsigned char *)text.ptr + i, text.len - i, &cp);
        bool blank = cp <= ' ' || (cp >= 0x7F && cp <= 0x9F);
        int width = blank ? 1 : width_of(cp);
        if (columns && used + width > columns - (i + n < text.len ? 1 : 0)) {
            fputs("…", out);
            return used + 1;
        }
        if (blank && !space) {
            fputc(' ', out);
            used++;
        } else if (!blank) {
            fwrite(text.ptr + i, 1, n, out);
            used += width;
        }
        space = blank;
        i += n;
    }
    return used;
}
