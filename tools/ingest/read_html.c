/* An HTML file → a document: its text without scripts and styles, line by line as it is shown. */
#include <errno.h>
#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

#include "input.h"
#include "large.h"
#include "messages.h"

/* Elements in each other beyond which the parser forgets the innermost: it looks through all of
 * them at every end tag, and browsers keep no more either. */
#define DEPTH_MAX 512

struct page {
    struct buffer title, body;

    unsigned dropped; /* elements that are left out, around where the parser is */
    bool titled, in_title, preformatted;
};

static const char *const blocks[] = {
    "address", "article",  "aside", "blockquote", "body",    "br",       "caption",    "center",
    "dd",      "details",  "div",   "dl",         "dt",      "fieldset", "figcaption", "figure",
    "footer",  "form",     "h1",    "h2",         "h3",      "h4",       "h5",         "h6",
    "head",    "header",   "hr",    "html",       "legend",  "li",       "main",       "nav",
    "ol",      "option",   "p",     "pre",        "section", "select",   "summary",    "table",
    "tbody",   "textarea", "tfoot", "thead",      "title",   "tr",       "ul",         NULL};
static const char *const left_out[] = {"script", "style",  "noscript", "template", "iframe",
                                       "object", "canvas", "svg",      "math",     NULL};

static void break_line(struct buffer *t)
{
    while (t->len > 0 && t->data[t->len - 1] == ' ') t->len--;
    if (t->len > 0 && t->data[t->len - 1] != '\n') buffer_append(t, "\n", 1);
}

static void separate(struct buffer *t)
{
    if (t->len > 0 && t->data[t->len - 1] != ' ' && t->data[t->len - 1] != '\n')
        buffer_append(t, " ", 1);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* White space is one blank, a no-break space too; in <pre> lines stay. */
static void put_text(struct page *p, const char *s, size_t len)
{
    struct buffer *to = p->in_title ? &p->title : &p->body;
    size_t kept = 0;
    for (size_t i = 0; i < len; i++) {
        size_t white = is_space(s[i])                                        ? 1
                       : len - i > 1 && s[i] == '\xC2' && s[i + 1] == '\xA0' ? 2
                                                                             : 0;
        if (white == 0) continue;
        buffer_append(to, s + kept, i - kept);
        if (p->preformatted && s[i] == '\n')
            break_line(to);
        else
            separate(to);
        i += white - 1;
        kept = i + 1;
    }
    buffer_append(to, s + kept, len - kept);
}

static void on_characters(void *ctx, const xmlChar *s, int len)
{
    struct page *p = ((htmlParserCtxtPtr)ctx)->_private;
    if (p->dropped == 0 && len > 0) put_text(p, (const char *)s, (size_t)len);
}

/* A cell is parted from the next by a blank, a block by a line break. */
static void part(struct page *p, const char *name)
{
    if (p->dropped) return;
    if (is_one_of(name, blocks)) break_line(&p->body);
    if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0) separate(&p->body);
}

static void on_start(void *ctx, const xmlChar *name_of, const xmlChar **attributes)
{
    htmlParserCtxtPtr parser = ctx;
    struct page *p = parser->_private;
    const char *name = (const char *)name_of;
    (void)attributes;
    part(p, name);
    bool raw = strcmp(name, "script") == 0 || strcmp(name, "style") == 0;
    if (parser->nameNr > DEPTH_MAX && !raw) {
        parser->nameNr--;
        parser->name = parser->nameTab[parser->nameNr - 1];
        return;
    }
    if (is_one_of(name, left_out)) p->dropped++;
    if (p->dropped) return;
    if (strcmp(name, "pre") == 0) p->preformatted = true;
    if (strcmp(name, "title") == 0 && !p->titled) p->in_title = true;
}

static void on_end(void *ctx, const xmlChar *name_of)
{
    struct page *p = ((htmlParserCtxtPtr)ctx)->_private;
    const char *name = (const char *)name_of;
    if (p->dropped && is_one_of(name, left_out)) p->dropped--;
    if (strcmp(name, "pre") == 0) p->preformatted = false;
    if (strcmp(name, "title") == 0 && p->in_title) {
        p->in_title = false;
        p->titled = true;
    }
    part(p, name);
}

/* Where a page's bytes stand: in a tag, behind so many of its words. */
struct tag {
    unsigned words;
    bool in_tag;
};

/* The parser ends at a NUL, and compares each attribute of a tag with all before it. */
static void make_harmless(struct tag *t, char *html, size_t len, char next)
{
    enum { WORDS_MAX = 2000 };
    for (size_t i = 0; i < len; i++) {
        char c = html[i];
        if (c == '\0') html[i] = ' ';
        if (c == '<') {
            char behind = i + 1 < len ? html[i + 1] : next;
            t->in_tag = (behind | 32) >= 'a' && (behind | 32) <= 'z';
            t->words = 0;
        } else if (c == '>') {
            t->in_tag = false;
        } else if (t->in_tag && (is_space(c) || c == '"' || c == '\'' || c == '/')) {
            t->words++;
        } else if (t->in_tag && t->words > WORDS_MAX && c != '=') {
            html[i] = ' ';
        }
    }
}

/* The character set that a page names in its beginning, in `name`; "" if none, or one that is told
 * from the bytes as well. */
static void named_charset(frai_slice html, char name[32])
{
    static const char *const known[] = {"utf-8",  "utf8",    "euc-kr", "cp949",         "ms949",
                                        "utf-16", "unicode", "uhc",    "x-windows-949", NULL};
    size_t end = html.len < 4096 ? html.len : 4096, n = 0;
    name[0] = '\0';
    for (size_t i = 0; i + 9 < end; i++) {
        size_t key = strncasecmp(html.ptr + i, "charset=", 8) == 0    ? 8
                     : strncasecmp(html.ptr + i, "encoding=", 9) == 0 ? 9
                                                                      : 0;
        if (key == 0) continue;
        for (i += key; i < end && (html.ptr[i] == '"' || html.ptr[i] == '\''); i++) continue;
        for (; i < end && n < 31 &&
               (html.ptr[i] == '-' || html.ptr[i] == '_' ||
                (html.ptr[i] >= '0' && html.ptr[i] <= '9') ||
                ((html.ptr[i] | 32) >= 'a' && (html.ptr[i] | 32) <= 'z'));
             i++)
            name[n++] =
                html.ptr[i] >= 'A' && html.ptr[i] <= 'Z' ? (char)(html.ptr[i] | 32) : html.ptr[i];
        name[n] = '\0';
        break;
    }
    if (is_one_of(name, known) || strncmp(name, "ks_c_5601", 9) == 0) name[0] = '\0';
}

/* UTF-8 if it is that; else as the page says, if it says something else than what decode() tells by
 * the bytes. */
static bool decode_page(frai_slice html, struct decoded *text)
{
    char charset[32];
    if (!decode(html.ptr, html.len, text)) return false;
    named_charset(html, charset);
    bool told = text->encoding != ENCODING_CP949 && text->encoding != ENCODING_BROKEN;
    if (charset[0] == '\0' || told) return true;
    struct decoded named;
    if (!decode_named(charset, html.ptr, html.len, &named)) {
        decoded_free(&named);
        return true;
    }
    decoded_free(text);
    *text = named;
    return true;
}

#define OPTIONS                                                                                    \
    (HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |           \
     HTML_PARSE_IGNORE_ENC)

static bool parse_whole(htmlParserCtxtPtr parser, const struct decoded *html)
{
    struct tag tag = {0, false};
    struct buffer copy = {0};
    buffer_append(&copy, html->text, html->len);
    if (copy.failed) return false;
    make_harmless(&tag, copy.data, copy.len, '\0');
    htmlDocPtr tree = htmlCtxtReadMemory(parser, copy.data, (int)copy.len, NULL, "UTF-8", OPTIONS);
    if (tree) xmlFreeDoc(tree);
    buffer_free(&copy);
    return true;
}

/* A page as the parser asks for it. */
struct page_reader {
    const struct decoded *html;
    size_t at, next;
    struct tag tag;
};

static int read_page(void *ctx, char *to, int len)
{
    struct page_reader *r = ctx;
    size_t left = r->html->len - r->at, n = left < (size_t)len ? left : (size_t)len;
    large_pass(r->at, &r->next);
    memcpy(to, r->html->text + r->at, n);
    r->at += n;
    make_harmless(&r->tag, to, n, n < left ? r->html->text[r->at] : '\0');
    return (int)n;
}

/* A page that is too long for the parser's copies of it. It isn't pushed: between two pushes the
 * parser loses text. */
static bool parse_pieces(htmlParserCtxtPtr parser, const struct decoded *html)
{
    struct page_reader reader = {.html = html};
    htmlDocPtr tree = htmlCtxtReadIO(parser, read_page, NULL, &reader, NULL, "UTF-8", OPTIONS);
    if (tree) xmlFreeDoc(tree);
    return true;
}

/* False: no memory. */
static bool parse_page(const struct decoded *html, struct page *p)
{
    htmlSAXHandler sax = {.startElement = on_start,
                          .endElement = on_end,
                          .characters = on_characters,
                          .ignorableWhitespace = on_characters};
    bool in_pieces = html->len >= LARGE_BYTES;
    htmlParserCtxtPtr parser = htmlNewParserCtxt();
    bool done = parser != NULL;
    if (done) {
        *parser->sax = sax;
        parser->_private = p;
        done = in_pieces ? parse_pieces(parser, html) : parse_whole(parser, html);
        done = done && parser->errNo != XML_ERR_NO_MEMORY;
        htmlFreeParserCtxt(parser);
    }
    return done && !p->title.failed && !p->body.failed;
}

static void add_page(struct input *in, const struct page *p, const struct decoded *html,
                     const char *path)
{
    char id[SOURCE_ID_MAX + 1];
    frai_document d = {.struct_size = sizeof d, .path = frai_slice_of(path)};
    d.id = frai_slice_of(source_id(in->source, id));
    if (p->title.len) d.title = (frai_slice){p->title.data, p->title.len};
    if (p->body.len) d.body = (frai_slice){p->body.data, p->body.len};
    if (d.title.len + d.body.len == 0) {
        skip(in, path, 0, SKIP_EMPTY);
        return;
    }
    in->source->kind = SOURCE_TEXT;
    input_add(in, &d, path, 0, html);
}

void read_html(struct input *in, struct feed *feed, const char *path)
{
    struct decoded html = {0};
    struct page page = {0};
    if (!read_whole(in, feed, path)) return;
    if (!decode_page(feed_left(feed), &html) || html.len > INT32_MAX || !parse_page(&html, &page)) {
        skip_at(in, path, 0, 0, SKIP_READ, os_says(ENOMEM));
    } else {
        break_line(&page.title);
        if (page.title.len) page.title.len--;
        in->bytes += feed->total;
        add_page(in, &page, &html, path);
    }
    buffer_free(&page.title);
    buffer_free(&page.body);
    decoded_free(&html);
}
