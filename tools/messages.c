/* Every line on standard error goes through here, in the language of the user. */
#include "messages.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"
#include "exit_codes.h"

bool speaks_korean(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (int i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0]) /* not kok, Konkani */
            return strncmp(value, "ko", 2) == 0 && strchr("_.@", value[2]);
    }
    return false;
}

const char *say(const char *korean, const char *english)
{
    return speaks_korean() ? korean : english;
}

static char bus_error[1024];

static void on_bus_error(int signal_number)
{
    (void)signal_number;
    ssize_t n = write(STDERR_FILENO, bus_error, strlen(bus_error));
    (void)n;
    _exit(2);
}

void guard_maps(const char *program, const char *index)
{
    snprintf(
        bus_error, sizeof bus_error, "%s: %.512s: %s\n", program, shown(index),
        say("색인 파일이 읽는 중에 잘리거나 읽을 수 없게 되었습니다; `frai-index check`로 "
            "확인하세요",
            "a file of the index was cut off or became unreadable while it was read; look with "
            "`frai-index check`"));
    struct sigaction action = {.sa_handler = on_bus_error};
    sigaction(SIGBUS, &action, NULL);
}

void (*clear_moving_line)(void);

void before_line(void)
{
    if (clear_moving_line) clear_moving_line();
}

void complain(const char *program, const char *what, const char *why)
{
    before_line();
    fprintf(stderr, "%s: %s: %s\n", program, shown(what), shown(why));
}

void complain_os(const char *program, const char *what, int error)
{
    const char *todo = os_advice(error);
    char why[512];
    snprintf(why, sizeof why, "%s%s%s", os_says(error), todo[0] ? "; " : "", todo);
    complain(program, what, why);
}

static const char *advice(frai_status status, const frai_error *err)
{
    switch (status) {
    case FRAI_ERR_NOT_FOUND:
        return say("`frai-index build 경로`로 색인을 만들거나 -i로 위치를 알려 주세요",
                   "build one with `frai-index build PATH`, or say where it is with -i");
    case FRAI_ERR_EXISTS:
        return say("색인만 둘 곳을 -o로 알려 주세요", "say a place for the index alone with -o");
    case FRAI_ERR_LOCKED:
        return say("그 프로세스가 끝난 뒤 다시 실행하세요", "try again when it has finished");
    case FRAI_ERR_CORRUPT:
        return say("`frai-index check`로 확인하고 `frai-index repair`로 고치거나 `frai-index build "
                   "경로 --replace`로 다시 만드세요",
                   "look with `frai-index check`, then use `frai-index repair`, or rebuild with "
                   "`frai-index build PATH --replace`");
    case FRAI_ERR_TOO_OLD:
        return say("`frai-index build 경로 --replace`로 다시 만드세요",
                   "rebuild it with `frai-index build PATH --replace`");
    case FRAI_ERR_TOO_NEW: return say("더 새로운 frai를 쓰세요", "use a newer frai");
    case FRAI_ERR_MEMORY:
        return say("--mem을 줄이거나 메모리를 비우세요",
                   "use a smaller --mem, or free some memory");
    case FRAI_ERR_IO: return os_advice(err->os_errno);
    default: return "";
    }
}

int complain_status(const char *program, frai_status status, const frai_error *err)
{
    const char *todo = advice(status, err);
    before_line();
    fprintf(stderr, "%s: %s%s%s\n", program, library_says(status, err->message),
            todo[0] ? "; " : "", todo);
    return status == FRAI_ERR_LOCKED ? EXIT_LOCKED : EXIT_TROUBLE;
}

const char *grouped(unsigned long long n)
{
    static _Thread_local char buffers[8][32];
    static _Thread_local int next;
    char digits[32], *out = buffers[next = (next + 1) % 8];
    int len = snprintf(digits, sizeof digits, "%llu", n), at = 0;
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0) out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

const char *documents_word(unsigned long long n)
{
    return say("문서", n == 1 ? "document" : "documents");
}

const char *size_text(unsigned long long bytes, char *out)
{
    if (bytes < 1000000)
        snprintf(out, 24, "%llu kB", (bytes + 999) / 1000);
    else
        snprintf(out, 24, "%.1f MB", (double)bytes / 1e6);
    return out;
}
