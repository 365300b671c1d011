/* libzstd's contexts with a digested dictionary, and its trainer (COVER). */
#include "base/compress.h"

#include <zdict.h>
#include <zstd.h>

struct fr_compressor *fr_compressor_create(const void *dict, size_t dict_bytes, int level)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!context) return NULL;
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0);
    if (dict_bytes && ZSTD_isError(ZSTD_CCtx_loadDictionary(context, dict, dict_bytes))) {
        ZSTD_freeCCtx(context);
        return NULL;
    }
    return (struct fr_compressor *)context;
}

void fr_compressor_destroy(struct fr_compressor *c)
{
    ZSTD_freeCCtx((ZSTD_CCtx *)c);
}

bool fr_compress(struct fr_compressor *c, const void *in, size_t len, struct fr_buf *out)
{
    size_t bound = ZSTD_compressBound(len);
    if (!fr_buf_room(out, bound)) return false;
    size_t n = ZSTD_compress2((ZSTD_CCtx *)c, out->data + out->len, bound, in, len);
    if (ZSTD_isError(n)) return false;
    out->len += n;
    return true;
}

struct fr_decompressor *fr_decompressor_create(const void *dict, size_t dict_bytes)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context) return NULL;
    if (dict_bytes && ZSTD_isError(ZSTD_DCtx_loadDictionary(context, dict, dict_bytes))) {
        ZSTD_freeDCtx(context);
        return NULL;
    }
    return (struct fr_decompressor *)context;
}

void fr_decompressor_destroy(struct fr_decompressor *d)
{
    ZSTD_freeDCtx((ZSTD_DCtx *)d);
}

size_t fr_decompressor_bytes(const struct fr_decompressor *d)
{
    return ZSTD_sizeof_DCtx((const ZSTD_DCtx *)d);
}

bool fr_decompress(struct fr_decompressor *d, const void *in, size_t len, void *out,
                   size_t raw_bytes)
{
    size_t n = ZSTD_decompressDCtx((ZSTD_DCtx *)d, out, raw_bytes, in, len);
    return !ZSTD_isError(n) && n == raw_bytes;
}

size_t fr_compress_train(void *dict, size_t dict_bytes, const void *samples, const size_t *sizes,
                         unsigned count)
{
    size_t n = ZDICT_trainFromBuffer(dict, dict_bytes, samples, sizes, count);
    return ZDICT_isError(n) ? 0 : n;
}
