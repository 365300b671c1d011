#include "messages.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clean.h"

bool speaks_korean(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (int i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0]) return strncmp(value, "ko", 2) == 0;
    }
    return false;
}

const char *say(const char *korean, const char *english)
{
    return speaks_korean() ? korean : english;
}

const char *os_says(int error)
{
    static const struct {
        int error;
        const char *korean;
    } known[] = {{ENOENT, "그런 파일이나 디렉터리가 없습니다"},
                 {EACCES, "권한이 없습니다"},
                 {EPERM, "허용되지 않습니다"},
                 {EISDIR, "디렉터리입니다"},
                 {ENOTDIR, "디렉터리가 아닙니다"},
                 {EEXIST, "이미 있습니다"},
                 {ENOSPC, "디스크에 빈 공간이 없습니다"},
                 {EDQUOT, "쓸 수 있는 용량을 넘었습니다"},
                 {EROFS, "읽기 전용 파일 시스템입니다"},
                 {EIO, "입출력 오류"},
                 {ELOOP, "심볼릭 링크가 너무 많이 이어집니다"},
                 {EMFILE, "열린 파일이 너무 많습니다"},
                 {ENAMETOOLONG, "이름이 너무 깁니다"},
                 {ENXIO, "그런 장치가 없습니다"},
                 {ENOMEM, "메모리가 모자랍니다"}};
    for (size_t i = 0; speaks_korean() && i < sizeof known / sizeof *known; i++)
        if (known[i].error == error) return known[i].korean;
    return strerror(error);
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

static const char *advice(frai_status status)
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
    case FRAI_ERR_IO:
        return say("디스크의 빈 공간과 권한을 확인하세요", "check free space and permissions");
    default: return "";
    }
}

/* What the library says, in Korean: by its status, with its own words behind. */
static const char *korean(frai_status status)
{
    switch (status) {
    case FRAI_ERR_ARGUMENT: return "잘못된 값";
    case FRAI_ERR_NOT_FOUND: return "색인이 없습니다";
    case FRAI_ERR_EXISTS: return "다른 파일이 있습니다";
    case FRAI_ERR_LOCKED: return "다른 프로세스가 색인을 쓰고 있습니다";
    case FRAI_ERR_CORRUPT: return "색인이 손상되었습니다";
    case FRAI_ERR_TOO_OLD: return "색인의 형식이 오래되었습니다";
    case FRAI_ERR_TOO_NEW: return "색인의 형식이 이 프로그램보다 새것입니다";
    case FRAI_ERR_MEMORY: return "메모리가 모자랍니다";
    case FRAI_ERR_IO: return "읽거나 쓸 수 없습니다";
    default: return "실패했습니다";
    }
}

/* What the library says of a query, in Korean; NULL: something else. */
static const char *korean_of(const frai_error *err)
{
    static const char *const said[][2] = {
        {"the query is too long:", "검색어가 너무 길어 다 찾을 수 없습니다; 줄여서 쓰세요"},
        {"what the query leaves out has nothing",
         "빼라고 한 말에 찾을 글자가 없습니다 (문장 부호뿐입니다)"},
        {"the query has a dash that excludes nothing",
         "빼라는 뜻이 아닌 줄표가 있습니다; 6이라는 수를 빼려면 -\"6\", -6을 찾으려면 \"-6\"으로 "
         "쓰세요"},
        {"the query only says what to leave out",
         "뺄 말만 있고 찾을 말이 없습니다; 모든 문서에서 빼려면 '* -말'처럼 쓰세요"}};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (strncmp(err->message, said[i][0], strlen(said[i][0])) == 0) return said[i][1];
    return NULL;
}

/* The message, without the part of a character that it ends in where it was cut. */
static const char *message_of(const frai_error *err)
{
    size_t len = strnlen(err->message, sizeof err->message), from = len;
    uint32_t cp;
    while (from > 0 && len - from < 4 && ((unsigned char)err->message[from - 1] & 0xC0) == 0x80)
        from--;
    if (from > 0 && (unsigned char)err->message[from - 1] >= 0xC0) from--;
    bool cut = len == sizeof err->message - 1 && from < len &&
               utf8_at((frai_slice){err->message, len}, from, &cp) == 0;
    return shown_slice((frai_slice){err->message, cut ? from : len});
}

int complain_status(const char *program, frai_status status, const frai_error *err)
{
    const char *todo = advice(status);
    before_line();
    if (speaks_korean() && korean_of(err))
        fprintf(stderr, "%s: %s", program, korean_of(err));
    else if (speaks_korean())
        fprintf(stderr, "%s: %s (%s)", program, korean(status), message_of(err));
    else
        fprintf(stderr, "%s: %s", program, message_of(err));
    fprintf(stderr, "%s%s\n", todo[0] ? "; " : "", todo);
    return status == FRAI_ERR_LOCKED ? 4 : 2;
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
