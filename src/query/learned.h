/* learned.h: weights of the default model, as bench/learn writes them. */
#ifndef FR_QUERY_LEARNED_H
#define FR_QUERY_LEARNED_H

#define FR_LEARNED_JOINT         0.8f
#define FR_LEARNED_NEAR          0.125f
#define FR_LEARNED_START         0.05f
#define FR_LEARNED_END           0.05f
#define FR_LEARNED_GLUED         0.1f
#define FR_LEARNED_TITLE         0.5f
#define FR_LEARNED_FUNCTION_WORD 0.35f
#define FR_LEARNED_ENDING        0.5f
#define FR_LEARNED_SEAM          0.7f
#define FR_LEARNED_NO_NOUN       0.6f
#define FR_LEARNED_ACROSS        0.49f
#define FR_LEARNED_LEAD_LENGTH   375.0f

#endif
