/* Streams that were closed are opened on /dev/null, so that no file takes their numbers; a failed
 * write is an error at the end. */
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "messages.h"

void guard_streams(void)
{
    /* Opened the wrong way round, so that using one is an error still. */
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", modes[fd]) < 0) break;
    signal(SIGPIPE, SIG_IGN);
}

bool output_failed(void)
{
    return ferror(stdout) != 0;
}

/* Nobody reads the pipe any more. */
static bool reader_has_gone(void)
{
    struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLHUP)) != 0;
}

int close_stdout(const char *program, int rc)
{
    static bool closed;
    if (closed) return rc;
    closed = true;
    bool lost = ferror(stdout) != 0;
    int why = 0;
    errno = 0;
    if (fflush(stdout) != 0) {
        lost = true;
        why = errno;
    }
    /* Of a write long ago the number is gone; what guard_streams put there can't be written. */
    if (lost && !why && (fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY) why = EBADF;
    bool gone = lost && (why == EPIPE || reader_has_gone());
    if (fclose(stdout) != 0 && !lost) {
        lost = true;
        why = errno;
    }
    if (!lost) return rc;
    if (gone) return rc >= 2 ? rc : 0;
    const char *what = say("표준 출력", "standard output");
    if (why)
        complain_os(program, what, why);
    else
        complain(program, what,
                 say("쓸 수 없습니다; 디스크의 빈 공간을 확인하세요",
                     "cannot be written; check free space"));
    return rc > 2 ? rc : 2;
}
