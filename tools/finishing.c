/* What the commands that write share once they have committed. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "messages.h"

void index_totals(const struct options *o, frai_writer_stats *stats)
{
    frai_index *index;
    frai_index_stats s = FRAI_INDEX_STATS_INIT;
    if (frai_index_open(o->index, NULL, &index, NULL) != FRAI_OK) return;
    if (frai_index_read_stats(index, &s, NULL) == FRAI_OK) {
        stats->documents = s.documents;
        stats->index_bytes = s.bytes;
        stats->text_bytes = s.source_bytes;
    }
    frai_index_close(index);
}

static const char *merging;

static void on_slow_merge(int number)
{
    (void)number;
    ssize_t n = write(STDERR_FILENO, merging, strlen(merging));
    (void)n;
}

int wait_for_merges(frai_writer *b, int rc)
{
    frai_error err = {0};
    signal(SIGINT, SIG_DFL);
    merging = say("세그먼트를 합치는 중입니다; 바뀐 내용은 이미 저장되었으니 멈춰도 됩니다\n",
                  "merging segments; what was changed is saved already, so this may be stopped\n");
    if (isatty(STDERR_FILENO)) {
        signal(SIGALRM, on_slow_merge);
        alarm(1);
    }
    frai_status status = frai_writer_wait(b, &err);
    alarm(0);
    return status == FRAI_OK ? rc : complain_status(PROGRAM, status, &err);
}
