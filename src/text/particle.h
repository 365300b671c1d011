/* particle.h: Korean particles (josa) at a word's end. Used to guess stems; never to require one.
 */
#ifndef FR_TEXT_PARTICLE_H
#define FR_TEXT_PARTICLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many syllables of the Hangul word cps[0..n) are left without its particles. Particles agree
 * with the final consonant before them (은/는, 이/가, 을/를, 과/와, 으로/로); a stem keeps two
 * syllables or more, so 결과, 도로 and 회의 stay whole. Returns n when there is nothing to take
 * off. */
size_t fr_particle_stem(const uint32_t *cps, size_t n);

/* The same for a run behind another script (GDP가, 1000억원을): it may be all particle, so 0 or two
 * and more are left, or one that counts (21일에) or calls (A씨는). */
size_t fr_particle_rest(const uint32_t *cps, size_t n);

/* What is counted, or called, with one syllable behind digits or letters: 21일에, 3명이, A씨는. */
bool fr_particle_is_unit(uint32_t syllable);

/* Is it one syllable and a particle: 비가, 날에는? Commoner words that only look so (회의, 하는)
 * are none. */
#define FR_PARTICLE_MOST 4u /* syllables */
bool fr_particle_is_behind_one(const uint32_t *cps, size_t n);

/* Is it a particle that no ending of a verb looks like (를, 에서; not 는, 도, 고)? What stands
 * before it is a noun. */
bool fr_particle_of_noun(const uint32_t *cps, size_t n);

#endif
