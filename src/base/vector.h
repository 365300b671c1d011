/* vector.h: a growable array of elements of one type, on top of struct fr_buf.
 *
 *     FR_VECTOR(uint32_t) docs;              a member or a variable
 *     FR_VECTOR_TYPE(fr_docs, uint32_t);     defines struct fr_docs, to be passed to functions
 *
 * `v->buf` is the buffer that holds the bytes: fr_buf_init, fr_buf_deinit, fr_buf_clear and the
 * sticky `failed` are used as for any other. The pointer beside it in the union is never read: it
 * carries the type, so that the compiler checks every use. */
#ifndef FR_BASE_VECTOR_H
#define FR_BASE_VECTOR_H

#include "base/memory.h"

#define FR_VECTOR_MEMBERS(type)                                                                    \
    {                                                                                              \
        union {                                                                                    \
            struct fr_buf buf;                                                                     \
            type *typed;                                                                           \
        };                                                                                         \
    }
#define FR_VECTOR(type)            struct FR_VECTOR_MEMBERS(type)
#define FR_VECTOR_TYPE(name, type) struct name FR_VECTOR_MEMBERS(type)

#define fr_vec_data(v)  ((__typeof__((v)->typed))(void *)(v)->buf.data)
#define fr_vec_at(v, i) (fr_vec_data(v)[i])
#define fr_vec_count(v) ((v)->buf.len / sizeof *(v)->typed)
#define fr_vec_last(v)  fr_vec_at(v, fr_vec_count(v) - 1)

/* Room for `n` more elements, at fr_vec_end(v); fr_vec_add counts those that were written there. */
#define fr_vec_room(v, n) fr_buf_room(&(v)->buf, (n) * sizeof *(v)->typed)
#define fr_vec_end(v)     ((__typeof__((v)->typed))(void *)((v)->buf.data + (v)->buf.len))
#define fr_vec_add(v, n)  ((void)((v)->buf.len += (n) * sizeof *(v)->typed))

/* Forgets what is in it. The first of `n` elements that may be written then, or NULL. */
#define fr_vec_reserve(v, n)                                                                       \
    (fr_buf_reserve(&(v)->buf, (n) * sizeof *(v)->typed) ? fr_vec_data(v) : NULL)

/* Sets the count; the elements must have been written. */
#define fr_vec_set_count(v, n) ((void)((v)->buf.len = (n) * sizeof *(v)->typed))

/* Appends `n` elements that are elsewhere; the condition checks their type. */
#define fr_vec_append(v, elements, n)                                                              \
    fr_buf_put(&(v)->buf, 1 ? (elements) : (v)->typed, (n) * sizeof *(v)->typed)

/* Makes `v` a copy of `from`. */
#define fr_vec_copy(v, from)                                                                       \
    (fr_vec_set_count(v, 0), fr_vec_append(v, fr_vec_data(from), fr_vec_count(from)))

/* Appends an element made in place, of its members: one made elsewhere and copied waits for the
 * stores that made it. */
#define fr_vec_push(v, ...)                                                                        \
    do {                                                                                           \
        __typeof__(v) to_ = (v);                                                                   \
        if (!fr_vec_room(to_, 1)) break;                                                           \
        *fr_vec_end(to_) = (__typeof__(*to_->typed)){__VA_ARGS__};                                 \
        fr_vec_add(to_, 1);                                                                        \
    } while (0)

#endif
