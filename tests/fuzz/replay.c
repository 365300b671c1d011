/* Without libFuzzer: gives a target the files that are named, one after the other. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (!f) return 2;
        uint8_t *data = malloc(1 << 20);
        if (!data) return 2;
        size_t n = fread(data, 1, 1 << 20, f);
        fclose(f);
        LLVMFuzzerTestOneInput(data, n);
        free(data);
    }
    printf("%d inputs replayed\n", argc - 1);
    return 0;
}
