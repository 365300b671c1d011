/* What the system and the library report, in the user's language, and what to do about it. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "clean.h"
#include "messages.h"

static const struct {
    int error;
    const char *korean;
} os_errors[] = {{ENOENT, "그런 파일이나 디렉터리가 없습니다"},
                 {EACCES, "권한이 없습니다"},
                 {EPERM, "허용되지 않습니다"},
                 {EISDIR, "디렉터리입니다"},
                 {ENOTDIR, "디렉터리가 아닙니다"},
                 {EEXIST, "이미 있습니다"},
                 {ENOTEMPTY, "비어 있지 않습니다"},
                 {ENOSPC, "디스크에 빈 공간이 없습니다"},
                 {EDQUOT, "쓸 수 있는 용량을 넘었습니다"},
                 {EFBIG, "파일이 너무 큽니다"},
                 {EROFS, "읽기 전용 파일 시스템입니다"},
                 {EIO, "입출력 오류"},
                 {EBADF, "열려 있지 않습니다"},
                 {EBUSY, "다른 곳에서 쓰고 있습니다"},
                 {EINVAL, "여기서는 할 수 없는 일입니다"},
                 {ENOTSUP, "여기서는 지원하지 않습니다"},
                 {ENODEV, "여기서는 할 수 없는 일입니다"},
                 {ENXIO, "그런 장치가 없습니다"},
                 {EPIPE, "읽는 쪽이 닫았습니다"},
                 {ESTALE, "네트워크의 파일이 사라졌습니다"},
                 {ELOOP, "심볼릭 링크가 너무 많이 이어집니다"},
                 {EMFILE, "열린 파일이 너무 많습니다"},
                 {ENFILE, "시스템에 열린 파일이 너무 많습니다"},
                 {ENAMETOOLONG, "이름이 너무 깁니다"},
                 {ENOMEM, "메모리가 모자랍니다"}};

#define OS_ERRORS (sizeof os_errors / sizeof *os_errors)

const char *os_says(int error)
{
    for (size_t i = 0; speaks_korean() && i < OS_ERRORS; i++)
        if (os_errors[i].error == error) return os_errors[i].korean;
    return strerror(error);
}

const char *os_advice(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG: return say("경로를 확인하세요", "check the path");
    case EACCES:
    case EPERM:
    case EROFS: return say("권한을 확인하세요", "check permissions");
    case ENOSPC:
    case EDQUOT: return say("디스크의 빈 공간을 늘리세요", "make room on the disk");
    case EIO: return say("디스크를 점검하세요", "check the disk");
    case EMFILE:
    case ENFILE: return say("ulimit -n으로 한도를 늘리세요", "raise the limit with ulimit -n");
    default: return "";
    }
}

/* ---- the library ---- */

/* "*" is what differs, and %s in the Korean where that is shown. The first that fits counts. */
static const char *const sentences[][2] = {
    {"the query is too long:*", "검색어가 너무 길어 다 찾을 수 없습니다; 줄여서 쓰세요"},
    {"what the query leaves out has nothing*",
     "빼라고 한 말에 찾을 글자가 없습니다 (문장 부호뿐입니다)"},
    {"the query has a dash that excludes nothing*",
     "빼라는 뜻이 아닌 줄표가 있습니다; 6이라는 수를 빼려면 -\"6\", -6을 찾으려면 \"-6\"으로 "
     "쓰세요"},
    {"the query only says what to leave out*",
     "뺄 말만 있고 찾을 말이 없습니다; 모든 문서에서 빼려면 '* -말'처럼 쓰세요"},
    {"the query can't be searched for as it stands*",
     "검색어를 있는 그대로 다 찾을 수 없어 아무것도 지우지 않았습니다"},
    {"the query has no words*",
     "검색어에 찾을 낱말이 없어 아무것도 지우지 않았습니다; 글자나 숫자가 있는 말을 쓰세요"},
    {"there is no index here", "색인이 없습니다"},
    {"there is an index here already", "이미 색인이 있습니다"},
    {"a directory with other files, and no index in it",
     "색인은 없고 다른 파일이 있는 디렉터리입니다"},
    {"another process (*) is writing this index", "다른 프로세스(%s)가 색인을 쓰고 있습니다"},
    {"other processes make and remove it", "다른 프로세스들이 번갈아 만들고 지우는 파일입니다"},
    {"path too long or empty", "경로가 비었거나 너무 깁니다"},
    {"path too long", "경로가 너무 깁니다"},
    {"out of memory*", "메모리가 모자랍니다"},
    {"not a file of the index; it is not read", "색인의 파일이 아니어서 읽지 않습니다"},
    {"damaged (too short)", "손상되었습니다 (너무 짧음)"},
    {"damaged (its end is missing)", "손상되었습니다 (끝부분이 없음)"},
    {"damaged (page checksum)", "손상되었습니다 (체크섬이 다름)"},
    {"damaged (not the file that the manifest names)", "손상되었습니다 (목록에 적힌 파일이 아님)"},
    {"damaged (manifest)", "손상되었습니다 (목록)"},
    {"damaged (renamed manifest)", "손상되었습니다 (이름이 바뀐 목록)"},
    {"damaged (note)", "손상되었습니다 (파일 기록)"},
    {"damaged (deletes)", "손상되었습니다 (삭제 기록)"},
    {"damaged (*)", "손상되었습니다 (%s)"},
    {"segment * can't be opened: what it had is lost",
     "열 수 없는 세그먼트 %s의 문서를 잃었습니다"},
    {"documents that were deleted from this segment come back",
     "이 세그먼트에서 지웠던 문서가 되살아납니다"},
    {"not a manifest of a frai index", "frai 색인의 목록이 아닙니다"},
    {"not a segment of a frai index", "frai 색인의 세그먼트가 아닙니다"},
    {"not the file that the manifest names", "목록에 적힌 파일이 아닙니다"},
    {"a segment that the manifest names is missing", "목록에 적힌 세그먼트가 없습니다"},
    {"the note that the manifest names is missing", "목록에 적힌 기록 파일이 없습니다"},
    {"format * is older than this program's*", "색인의 형식이 이 프로그램보다 오래되었습니다"},
    {"format * is newer than this program's*", "색인의 형식이 이 프로그램보다 새것입니다"},
    {"section * is newer than this program", "이 프로그램보다 새것이 색인에 들어 있습니다"},
    {"temporary file of the build is damaged", "색인을 만드는 임시 파일이 손상되었습니다"},
    {"temporary file is too short", "색인을 만드는 임시 파일이 잘렸습니다"},
    {"not a regular file; remove it", "일반 파일이 아닙니다; 지우고 다시 실행하세요"},
    {"not a regular file, so none of an index", "일반 파일이 아니어서 색인의 파일일 수 없습니다"},
    {"file is shorter than it says", "적혀 있는 것보다 짧은 파일입니다"},
    {"larger than * bytes", "%s바이트보다 큽니다"},
    {"empty", "비어 있습니다"},
    {"not found", "없습니다"},
    {"is there already", "이미 있습니다"},
    {"is there already and cannot be removed", "이미 있고 지울 수 없습니다"},
    {"cannot make the directory", "디렉터리를 만들 수 없습니다"},
    {"cannot list the directory", "디렉터리를 읽을 수 없습니다"},
    {"cannot open", "열 수 없습니다"},
    {"cannot read", "읽을 수 없습니다"},
    {"cannot read its size", "크기를 알 수 없습니다"},
    {"cannot map", "메모리에 올릴 수 없습니다"},
    {"cannot write", "쓸 수 없습니다"},
    {"* bytes needed", "%s바이트를 쓸 수 없습니다"},
    {"cannot truncate", "크기를 바꿀 수 없습니다"},
    {"cannot flush to disk", "디스크에 쓸 수 없습니다"},
    {"cannot close", "다 쓰지 못했습니다"},
    {"cannot rename", "이름을 바꿀 수 없습니다"},
    {"cannot lock", "잠글 수 없습니다"}};

#define SENTENCES (sizeof sentences / sizeof *sentences)

/* Which of the sentences it is; SENTENCES: none. */
static size_t sentence_of(const char *text)
{
    size_t i = 0;
    while (i < SENTENCES && fnmatch(sentences[i][0], text, 0) != 0) i++;
    return i;
}

/* Cuts ": " and what the system said off the end. NULL: it says nothing there. */
static const char *take_os_error(char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < OS_ERRORS; i++) {
        const char *english = strerror(os_errors[i].error);
        size_t n = strlen(english);
        if (len < n + 2 || strcmp(text + len - n, english) != 0 ||
            memcmp(text + len - n - 2, ": ", 2) != 0)
            continue;
        text[len - n - 2] = '\0';
        return os_errors[i].korean;
    }
    return NULL;
}

/* "FILE: sentence" or the sentence alone. False: it is none of them. */
static bool translate(char *text, char *out, size_t room)
{
    const char *os = take_os_error(text);
    size_t from = strlen(text), which = SENTENCES;
    while (which == SENTENCES && from > 0) {
        from--;
        if (from == 0 || (from > 1 && memcmp(text + from - 2, ": ", 2) == 0))
            which = sentence_of(text + from);
    }
    if (which == SENTENCES) return false;
    const char *english = sentences[which][0], *star = strchr(english, '*');
    const char *part = text + from + (star ? star - english : 0);
    int n = (int)strlen(part) - (int)(star ? strlen(star + 1) : 0);
    size_t used = (size_t)snprintf(out, room, "%.*s", (int)from, text);
    const char *korean = sentences[which][1], *gap = strstr(korean, "%s");
    if (gap)
        used += (size_t)snprintf(out + used, room - used, "%.*s%.*s%s", (int)(gap - korean), korean,
                                 n, part, gap + 2);
    else
        used += (size_t)snprintf(out + used, room - used, "%s", korean);
    if (os) snprintf(out + used, room - used, ": %s", os);
    return true;
}

static const char *status_korean(frai_status status)
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

const char *library_says(frai_status status, const char *message)
{
    char text[1024], out[2048];
    snprintf(text, sizeof text, "%s", message);
    if (!speaks_korean()) return shown(message);
    if (translate(text, out, sizeof out)) return shown(out);
    if (status == FRAI_OK) return shown(message);
    snprintf(out, sizeof out, "%s (%s)", status_korean(status), message);
    return shown(out);
}
