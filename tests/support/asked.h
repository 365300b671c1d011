/* asked.h: what a searcher answers, written down to be compared with what another one answers. */
#ifndef FRAI_TESTS_ASKED_H
#define FRAI_TESTS_ASKED_H

#include "support/search.h"

struct request {
    frai_slice query;
    uint32_t limit;
    uint64_t offset;
    frai_match match;
    uint32_t flags;
    frai_rank rank;
    long cancel_at; /* the question, counted from 1, that cancels it; 0: none */
};

enum call { CALL_EXPLAIN, CALL_WHY, CALL_PLAN, CALL_PASSAGE, CALL_FIELD, CALLS };

struct question {
    enum call call;
    uint64_t doc;
    const char *field;
    uint32_t characters;
    frai_slice query; /* of why */
    uint32_t flags;   /* of why */
};

/* A text that grows; zeroed at first, freed by its owner. */
struct answer {
    char *text;
    size_t len;
    frai_slice slices[4]; /* of the searcher's own bytes */
};

/* Each replaces the answer by all that came back; the status too. */
frai_status answer_request(frai_searcher *s, const struct request *r, struct answer *a);
frai_status answer_question(frai_searcher *s, const struct question *q, struct answer *a);

#define REQUEST_LIMIT_MAX 64u

/* Documents that the last answered request found. */
extern struct hit request_hits[REQUEST_LIMIT_MAX];
extern uint32_t request_hit_count;

#endif
