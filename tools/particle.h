/* particle.h: Korean particles that depend on the word before. */
#ifndef FRAI_TOOLS_PARTICLE_H
#define FRAI_TOOLS_PARTICLE_H

enum particle {
    PARTICLE_TO,   /* 으로, 로 */
    PARTICLE_TOPIC /* 은, 는 */
};

/* The one that fits behind a word in UTF-8, by the sound it ends in: a syllable or a digit. Where
 * that isn't known, both: "은(는)". */
const char *particle(const char *word, enum particle which);

#endif
