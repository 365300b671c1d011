/* What stands behind the last slash, and in it behind the last dot. */
#include "text/path.h"

#include <string.h>

#include "text/analyzer.h"

#define NAME_BYTES_MAX      1024u
#define EXTENSION_BYTES_MAX 8u

static bool is_latin(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_latin_or_digit(char c)
{
    return is_latin(c) || (c >= '0' && c <= '9');
}

static size_t behind_last(frai_slice text, char separator)
{
    size_t i = text.len;
    while (i > 0 && text.ptr[i - 1] != separator) i--;
    return i;
}

frai_slice fr_path_name(frai_slice path)
{
    if (path.len == 0) return path;
    size_t begin = behind_last(path, '/');
    if (begin == 0) begin = behind_last(path, '\\');
    size_t len = path.len - begin;
    return (frai_slice){path.ptr + begin, len < NAME_BYTES_MAX ? len : NAME_BYTES_MAX};
}

size_t fr_path_extension(frai_slice name)
{
    size_t dot = name.len;
    bool letter = false;
    while (dot > 0 && is_latin_or_digit(name.ptr[dot - 1])) letter |= is_latin(name.ptr[--dot]);
    size_t bytes = name.len - dot;
    bool is_one = letter && bytes <= EXTENSION_BYTES_MAX && dot > 1 && name.ptr[dot - 1] == '.';
    return is_one ? dot - 1 : name.len;
}

bool fr_path_is_dotted(frai_slice text, size_t at)
{
    size_t least = at > EXTENSION_BYTES_MAX ? at - EXTENSION_BYTES_MAX : 0;
    while (at > least && is_latin_or_digit(text.ptr[at - 1])) at--;
    return at > 0 && text.ptr[at - 1] == '.';
}

size_t fr_path_pair(uint32_t key, char out[8])
{
    size_t n = fr_pair_text(key, out);
    if (fr_pair_class(key) == FR_TERM_GLUED) out[n++] = (char)(key & 0xFFFF);
    return n;
}
