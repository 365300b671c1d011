/* show_documents FORMAT FILE...: what files are read as, for tests that compare it with what they
 * should be: a line "FILE documents skipped broken" each, and below it a line a document: id,
 * title, body and field x in hexadecimal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/input.h"
#include "ingest/large.h"

static FILE *documents;

frai_slice frai_slice_of(const char *text)
{
    return (frai_slice){text ? text : "", text ? strlen(text) : 0};
}

static void put_hex(frai_slice text, char end)
{
    if (text.len == 0) fputc('-', documents);
    for (size_t i = 0; i < text.len; i++) fprintf(documents, "%02x", (unsigned char)text.ptr[i]);
    fputc(end, documents);
}

frai_status frai_writer_add(frai_writer *writer, const frai_document *d, frai_error *err)
{
    (void)writer;
    (void)err;
    put_hex(d->id, ' ');
    put_hex(d->title, ' ');
    put_hex(d->body, ' ');
    put_hex(d->field_count ? d->fields[0].value : (frai_slice){"", 0}, '\n');
    return FRAI_OK;
}

int main(int argc, char **argv)
{
    const char *directory = getenv("TMPDIR");
    large_directory(directory ? directory : "/tmp");
    for (int i = 2; i < argc; i++) {
        struct source source = {.path = "file", .size = 1};
        struct input in = {.format = argv[1], .source = &source};
        char why[MAPPING_WHY];
        char *said = NULL;
        size_t len;
        FILE *file = fopen(argv[i], "rb");
        if (!file || !input_map(&in, "x=x", why)) return 2;
        documents = open_memstream(&said, &len);
        input_read_file(&in, file, "file");
        fclose(documents);
        fclose(file);
        printf("%s %llu %llu %llu\n%s", argv[i], in.documents, skipped_of(&in), in.broken, said);
        free(said);
    }
    return 0;
}
