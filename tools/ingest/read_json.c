/* JSON lines, arrays of objects and objects in a row → documents.
 *
 * A file whose first object ends where its line does is read line by line, each whole or not at
 * all, so that a torn line costs no other. In the others objects go over lines; behind one that is
 * torn reading goes on where a line begins as that one's did. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json_fields.h"
#include "json_frames.h"
#include "large.h"
#include "messages.h"

struct json_file {
    struct input *in;
    struct feed *feed;
    const char *path;
    struct json_fields fields;
    unsigned long long documents, looked; /* looked: bytes looked through in vain */
    bool quiet;                           /* nothing is complained about */
};

static void put_value(frai_document *d, frai_field_value *declared, const struct mapping *m,
                      frai_slice value)
{
    if (m->kind) {
        declared[d->field_count++] = (frai_field_value){frai_slice_of(m->field), value};
        return;
    }
    const struct {
        const char *name;
        frai_slice *to;
    } builtin[] = {{"id", &d->id},        {"title", &d->title}, {"body", &d->body},
                   {"url", &d->url},      {"path", &d->path},   {"date", &d->date},
                   {"source", &d->source}};
    for (int i = 0; i < 7; i++)
        if (strcmp(m->field, builtin[i].name) == 0) *builtin[i].to = value;
}

static bool has_letters(frai_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] > ' ') return true;
    return false;
}

/* The document that the fields are of; true if it has text. `declared` has MAPPINGS_MAX places. */
static bool make_document(const struct json_fields *f, const struct input *in, frai_document *d,
                          frai_field_value *declared)
{
    *d = (frai_document){.struct_size = sizeof *d, .fields = declared};
    d->id = json_value_of(f, KEY_ID);
    d->title = json_value_of(f, KEY_TITLE);
    d->body = json_value_of(f, KEY_TEXT);
    if (d->body.len == 0) d->body = json_value_of(f, KEY_BODY);
    d->url = json_value_of(f, KEY_URL);
    d->path = json_value_of(f, KEY_PATH);
    d->date = json_value_of(f, KEY_DATE);
    d->source = json_value_of(f, KEY_SOURCE);
    bool text = false;
    for (int i = 0; i < in->mapping_count; i++) {
        frai_slice value = json_value_of(f, KEYS + i);
        put_value(d, declared, &in->mappings[i], value);
        text |= in->mappings[i].kind == FRAI_FIELD_TEXT && has_letters(value);
    }
    return text || has_letters(d->title) || has_letters(d->body);
}

/* Adds what the fields were read to be. */
static void add_document(struct json_file *j, unsigned long long line, const struct decoded *from)
{
    struct input *in = j->in;
    frai_field_value declared[MAPPINGS_MAX];
    frai_document d;
    bool piped = in->source->stream;
    bool text = make_document(&j->fields, in, &d, declared);
    char base[SOURCE_ID_MAX + 1], numbered[SOURCE_ID_MAX + 32];
    enum source_kind kind = d.path.len == 0 ? SOURCE_LINES : SOURCE_MIXED;
    d.path_is_shared = d.path.len == 0;
    if (d.path_is_shared && strcmp(j->path, "-") != 0) d.path = frai_slice_of(j->path);
    if (d.id.len == 0 && !piped) {
        snprintf(numbered, sizeof numbered, "%s#%llu", source_id(in->source, base), j->documents);
        d.id = frai_slice_of(numbered);
    }
    for (int i = 0; i < in->mapping_count; i++)
        in->mappings[i].met |= j->fields.values[KEYS + i].met;
    if (!input_add(in, &d, j->path, line, from)) return;
    if (in->source->kind != SOURCE_MIXED) in->source->kind = kind;
    j->documents++;
    in->keyed++;
    in->textless += !text;
}

/* Line and column of a byte of what is left of the feed. */
static void complain_at(struct json_file *j, size_t at, enum skip reason, const char *why)
{
    frai_slice left = feed_left(j->feed);
    unsigned long long line = j->feed->line, column = 1;
    if (j->quiet) return;
    for (size_t i = 0; i < at && i < left.len; i++) {
        bool continues = ((unsigned char)left.ptr[i] & 0xC0) == 0x80;
        column = left.ptr[i] == '\n' ? 1 : column + !continues;
        line += left.ptr[i] == '\n';
    }
    skip_at(j->in, j->path, line, column, reason, why);
}

static void complain_memory(struct json_file *j)
{
    if (!j->quiet)
        skip_at(j->in, j->path, j->feed->line, 0, SKIP_SIZE,
                say("메모리가 모자랍니다", "not enough memory"));
}

/* Reads the object at `frame` (at `at` of what is left, which is on `line`) and, if it is to be
 * added, adds it. False: it was complained about. */
static bool take_object(struct json_file *j, frai_slice frame, size_t at, unsigned long long line,
                        bool add)
{
    struct decoded text;
    struct json_fault fault;
    struct tallies *keys = add ? &j->in->keys : NULL;
    enum json_result result = JSON_MEMORY;
    j->fields.keys = keys;
    if (decode(frame.ptr, frame.len, &text))
        result =
            json_read_object(&j->fields, (frai_slice){text.text, text.len}, &text.broken, &fault);
    if (result == JSON_DONE && add) {
        if (j->feed->wide != WIDE_NO) text.encoding = wide_encoding(j->feed->wide);
        add_document(j, line, &text);
    }
    if (result == JSON_MALFORMED) complain_at(j, at + fault.at, SKIP_JSON, fault.why);
    if (result == JSON_MEMORY) complain_memory(j);
    decoded_free(&text);
    return result == JSON_DONE;
}

static const char *cut_off(void)
{
    return say("끝나지 않은 객체", "an object that does not end");
}

/* About an object that begins at `at`: where it begins, if it only does not end. */
static void complain_torn(struct json_file *j, size_t at, const struct json_scan *scan,
                          enum json_step step)
{
    bool ends = step != JSON_MORE;
    complain_at(j, ends ? at + scan->at : at, SKIP_JSON, ends ? NULL : cut_off());
}

static const char *no_object(void)
{
    return say("객체({…})가 아닌 것", "not an object ({…})");
}

/* As json_scan_object, by steps. */
static enum json_step scan_object(struct json_scan *scan, frai_slice text)
{
    for (;;) {
        size_t end = text.len - scan->at < LARGE_STEP ? text.len : scan->at + LARGE_STEP;
        enum json_step step = json_scan_object(scan, (frai_slice){text.ptr, end});
        if (step != JSON_MORE || end == text.len) return step;
        large_rest();
    }
}

/* All objects of a line, or a complaint. */
static bool walk_line(struct json_file *j, frai_slice line, bool add)
{
    struct json_place place = {.in_array = false};
    unsigned long long number = j->feed->line;
    size_t at = 0, counted = 0;
    enum json_step step;
    while ((step = json_next_object(&place, line, &at)) == JSON_FOUND) {
        struct json_scan scan = {0};
        for (; counted < at; counted++) number += line.ptr[counted] == '\n';
        frai_slice rest = {line.ptr + at, line.len - at};
        step = scan_object(&scan, rest);
        if (step != JSON_FOUND) {
            complain_torn(j, at, &scan, step);
            return false;
        }
        if (!take_object(j, (frai_slice){rest.ptr, scan.at}, at, number, add)) return false;
        at += scan.at;
        place.follows = true;
        place.comma = false;
    }
    if (step == JSON_MORE && !place.in_array) return true;
    complain_at(j, at, SKIP_JSON, step == JSON_MORE ? cut_off() : no_object());
    return false;
}

/* Whether a line is one object and nothing else but a comma, as nearly all are. *frame, at *at: the
 * object. */
static bool is_alone(frai_slice line, frai_slice *frame, size_t *at)
{
    struct json_place place = {.in_array = false};
    struct json_scan scan = {0};
    *at = 0;
    if (json_next_object(&place, line, at) != JSON_FOUND || place.in_array) return false;
    frai_slice rest = {line.ptr + *at, line.len - *at};
    if (scan_object(&scan, rest) != JSON_FOUND) return false;
    *frame = (frai_slice){rest.ptr, scan.at};
    place.follows = true;
    size_t end = scan.at;
    return json_next_object(&place, rest, &end) == JSON_MORE && !place.in_array;
}

/* The next line, which ends at `seen` or later, without dropping it. False: there is none, or it is
 * too long (*too_long). */
static bool next_line(struct feed *feed, size_t seen, frai_slice *line, bool *too_long)
{
    for (bool more = true;; more = feed_more(feed)) {
        frai_slice left = feed_left(feed);
        const char *end = left.len > seen ? memchr(left.ptr + seen, '\n', left.len - seen) : NULL;
        *line = (frai_slice){left.ptr, end ? (size_t)(end - left.ptr) + 1 : left.len};
        *too_long = line->len > INPUT_BYTES_MAX || (!more && feed->starved);
        if (end || *too_long || !more) return !*too_long && left.len > 0;
        seen = left.len;
    }
}

/* Looks through the object that begins at `at` of what is left; *scan tells how far. */
static enum json_step whole_object(struct feed *feed, size_t at, struct json_scan *scan)
{
    *scan = (struct json_scan){0};
    for (;;) {
        frai_slice left = feed_left(feed);
        enum json_step step = scan_object(scan, (frai_slice){left.ptr + at, left.len - at});
        if (step != JSON_MORE || scan->at > INPUT_BYTES_MAX || !feed_more(feed)) return step;
    }
}

/* Whether an object begins behind the line's end that comes at `at` or later. */
static bool next_line_is_object(const struct feed *feed, size_t at)
{
    frai_slice left = feed_left(feed);
    const char *end = at < left.len ? memchr(left.ptr + at, '\n', left.len - at) : NULL;
    return end && end + 1 < left.ptr + left.len && end[1] == '{';
}

/* What may be looked through in vain beside what is read, all in all. */
#define LOOKED_MAX (16u << 20)

static bool looked_enough(const struct json_file *j)
{
    return j->looked > LOOKED_MAX + j->feed->total;
}

/* The line with the lines that its objects go over. False: there are none, or they do not end. */
static bool extend_line(struct json_file *j, frai_slice *line)
{
    struct json_place place = {.in_array = false};
    bool extended = false, too_long;
    size_t at = 0;
    enum json_step step;
    while ((step = json_next_object(&place, *line, &at)) == JSON_FOUND) {
        struct json_scan scan = {0};
        step = scan_object(&scan, (frai_slice){line->ptr + at, line->len - at});
        if (step == JSON_MORE) {
            if (place.in_array || next_line_is_object(j->feed, line->len - 1)) return false;
            if (looked_enough(j)) return false;
            step = whole_object(j->feed, at, &scan);
            if (step != JSON_FOUND) j->looked += scan.at;
            if (step != JSON_FOUND || !next_line(j->feed, at + scan.at, line, &too_long))
                return false;
            extended = true;
        }
        if (step != JSON_FOUND) return false;
        at += scan.at;
        place.follows = true;
        place.comma = false;
    }
    return extended && step == JSON_MORE && !place.in_array;
}

static frai_slice trimmed(frai_slice line)
{
    while (line.len > 0 && (unsigned char)line.ptr[line.len - 1] <= ' ') line.len--;
    return line;
}

/* Adds all objects of a line that are not on it alone. False: nothing was done. */
static bool take_extended(struct json_file *j, frai_slice line)
{
    size_t own = line.len;
    bool good = line.len > 0 && extend_line(j, &line);
    j->quiet = true;
    if (good) good = walk_line(j, trimmed(line), false);
    j->quiet = false;
    if (!good && line.len > own) j->looked += line.len;
    if (good) walk_line(j, trimmed(line), true);
    if (good) feed_drop(j->feed, line.len);
    return good;
}

static void read_lines(struct json_file *j)
{
    frai_slice line;
    bool too_long;
    while (j->in->status == FRAI_OK) {
        if (!next_line(j->feed, 0, &line, &too_long)) {
            if (!too_long) return;
            if (j->feed->starved)
                complain_memory(j);
            else
                skip_at(j->in, j->path, j->feed->line, 0, SKIP_SIZE, too_large());
            feed_skip_line(j->feed);
            continue;
        }
        if (j->feed->error && j->feed->ended && line.ptr[line.len - 1] != '\n') return;
        frai_slice frame;
        size_t at;
        if (is_alone(line, &frame, &at)) {
            take_object(j, frame, at, j->feed->line, true);
        } else if (take_extended(j, line)) {
            continue;
        } else {
            line.ptr = feed_left(j->feed).ptr;
            frai_slice text = trimmed(line);
            if (walk_line(j, text, false)) walk_line(j, text, true);
        }
        feed_drop(j->feed, line.len);
    }
}

/* Drops the rest of an object that is too long to be kept, as it is read. */
static enum json_step skip_object(struct feed *feed, struct json_scan *scan)
{
    enum json_step step;
    do {
        feed_drop(feed, scan->at);
        scan->at = 0;
        step = scan_object(scan, feed_left(feed));
    } while (step == JSON_MORE && (feed_more(feed) || feed_left(feed).len > scan->at));
    feed_drop(feed, scan->at);
    return step;
}

#define NO_COLUMN ((size_t)-1)

/* Where in its line something stands; NO_COLUMN: more than white space is before it. */
static size_t column_of(const struct feed *feed, size_t at)
{
    frai_slice left = feed_left(feed);
    size_t column = 0;
    for (; at > 0 && left.ptr[at - 1] != '\n'; at--, column++)
        if (left.ptr[at - 1] != ' ' && left.ptr[at - 1] != '\t') return NO_COLUMN;
    return column;
}

/* Drops lines up to one on which an object begins at this column. */
static bool find_line(struct feed *feed, size_t column)
{
    while (feed_skip_line(feed)) {
        size_t at = 0;
        do {
            frai_slice left = feed_left(feed);
            while (at < left.len && (left.ptr[at] == ' ' || left.ptr[at] == '\t')) at++;
            if (at == left.len) continue;
            if (left.ptr[at] == '{' && (column == NO_COLUMN || column == at)) return true;
            break;
        } while (feed_more(feed));
    }
    return false;
}

/* Complains about an object that does not end, or has something in it that can't be there; false:
 * nothing can be read behind it. */
static bool pass_torn(struct json_file *j, const struct json_scan *scan, enum json_step step,
                      size_t column)
{
    struct json_scan rest = *scan;
    if (scan->at > INPUT_BYTES_MAX || j->feed->starved) {
        skip_at(j->in, j->path, j->feed->line, 0, SKIP_SIZE,
                j->feed->starved ? say("메모리가 모자랍니다", "not enough memory") : too_large());
        return skip_object(j->feed, &rest) == JSON_FOUND || find_line(j->feed, column);
    }
    if (j->feed->error) return false;
    complain_torn(j, 0, scan, step);
    feed_drop(j->feed, scan->at);
    return find_line(j->feed, column);
}

/* Drops what stands in an array and is no object. */
static void skip_element(struct json_file *j)
{
    struct feed *feed = j->feed;
    struct json_scan scan = {0};
    char first = *feed_left(feed).ptr;
    if (first == '[' || first == '{') {
        if (!looked_enough(j) && whole_object(feed, 0, &scan) == JSON_FOUND) {
            feed_drop(feed, scan.at);
        } else {
            j->looked += scan.at;
            feed_skip_line(feed);
        }
        return;
    }
    bool in_string = false;
    do {
        frai_slice left = feed_left(feed);
        size_t at = 0;
        for (; at < left.len; at++) {
            char c = left.ptr[at];
            if (c == '"') in_string = !in_string;
            if (c == '\n' || (!in_string && (c == ',' || c == ']'))) break;
        }
        feed_drop(feed, at);
        if (at < left.len) return;
    } while (feed_more(feed));
}

/* Passes what is no object, having complained. False: nothing can be read behind it. */
static bool pass_other(struct json_file *j, struct json_place *place, size_t at)
{
    complain_at(j, at, SKIP_JSON, no_object());
    feed_drop(j->feed, at);
    if (!place->in_array) return find_line(j->feed, NO_COLUMN);
    if (*feed_left(j->feed).ptr == ',') {
        feed_drop(j->feed, 1);
        return true;
    }
    skip_element(j);
    *place = (struct json_place){.in_array = true, .follows = true};
    return true;
}

/* Objects over lines, and arrays of them. True: the first one is torn, and each line is to be read
 * by itself from the next one on. */
static bool read_values(struct json_file *j)
{
    struct json_place place = {.in_array = false};
    struct json_scan scan;
    bool goes_on = true, found = false;
    while (goes_on && j->in->status == FRAI_OK) {
        size_t at = 0;
        enum json_step step = json_next_object(&place, feed_left(j->feed), &at);
        size_t column = column_of(j->feed, at);
        if (step == JSON_WRONG) {
            goes_on = pass_other(j, &place, at);
            continue;
        }
        feed_drop(j->feed, at);
        if (step == JSON_MORE) {
            if (!feed_more(j->feed)) break;
            continue;
        }
        step = whole_object(j->feed, 0, &scan);
        if (step == JSON_FOUND) {
            take_object(j, (frai_slice){feed_left(j->feed).ptr, scan.at}, 0, j->feed->line, true);
            feed_drop(j->feed, scan.at);
        } else if (!found && !place.in_array && next_line_is_object(j->feed, 0)) {
            complain_at(j, 0, SKIP_JSON, cut_off());
            return feed_skip_line(j->feed);
        } else {
            goes_on = pass_torn(j, &scan, step, column);
        }
        found = true;
        place.follows = step == JSON_FOUND;
        place.comma = false;
    }
    if (place.in_array && goes_on && !j->feed->error && j->in->status == FRAI_OK)
        complain_at(j, feed_left(j->feed).len, SKIP_JSON,
                    say("']'로 끝나지 않은 배열", "an array without its ']'"));
    return false;
}

/* Where the first object begins, if there is one before anything else. */
static enum json_step first_object(struct feed *feed, struct json_place *place, size_t *at)
{
    enum json_step step;
    *at = 0;
    while ((step = json_next_object(place, feed_left(feed), at)) == JSON_MORE &&
           *at <= INPUT_BYTES_MAX)
        if (!feed_more(feed)) break;
    return step;
}

/* Whether the first object ends where its line does, or is torn there. */
static bool is_by_lines(struct feed *feed)
{
    struct json_place place = {.in_array = false};
    struct json_scan scan;
    size_t at;
    enum json_step step = first_object(feed, &place, &at);
    if (step != JSON_FOUND || place.in_array) return step == JSON_WRONG && !place.in_array;
    whole_object(feed, at, &scan);
    return !scan.lines;
}

void read_json(struct input *in, struct feed *feed, const char *path)
{
    struct json_file j = {.in = in, .feed = feed, .path = path};
    unsigned long long skipped = skipped_of(in);
    json_fields_init(&j.fields, in);
    feed_decode(feed);
    if (is_by_lines(feed) || read_values(&j)) read_lines(&j);
    if (feed->error)
        skip_at(in, path, feed->line, 0, SKIP_READ, os_says(feed->error));
    else if (j.documents == 0 && skipped == skipped_of(in) && in->status == FRAI_OK)
        skip(in, path, 0, SKIP_EMPTY);
    in->bytes += feed->total;
    in->broken += feed->broken;
    json_fields_free(&j.fields);
}

bool json_is_documents(struct input *in, struct feed *feed)
{
    struct json_place place = {.in_array = false};
    struct json_fields fields;
    struct json_fault fault;
    struct json_scan scan;
    struct decoded text;
    frai_field_value declared[MAPPINGS_MAX];
    frai_document d;
    size_t at;
    feed_decode(feed);
    if (first_object(feed, &place, &at) != JSON_FOUND) return false;
    if (whole_object(feed, at, &scan) != JSON_FOUND) return false;
    json_fields_init(&fields, in);
    bool is = decode(feed_left(feed).ptr + at, scan.at, &text) &&
              json_read_object(&fields, (frai_slice){text.text, text.len}, &text.broken, &fault) ==
                  JSON_DONE &&
              make_document(&fields, in, &d, declared);
    decoded_free(&text);
    json_fields_free(&fields);
    return is;
}
