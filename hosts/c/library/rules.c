/*@title*/
#include "anqiu.h"

#include <string.h>

#if ANQIU_MEMORY_ > 2147483647
#error "a case would take more than 2 GB: lower `most` of the lists, or `members`"
#endif

typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;
typedef int64_t s64;

/* ---- the rules: tables, then functions by wasm2c ------------------------------------------------------------------ */

/* Where in memory the two ends of a value stand (twice the same where one suffices); 0 where no rule reads it. */
typedef struct {
  u32 low, high;
} column;

/* A fact's columns (several for ANQIU_CODES), the bytes of an entry, and its number among dates of the past, or -1. */
typedef struct {
  uint16_t first, count;
  uint8_t size;
  int16_t past;
} place;

/* Where a policy's outcome and the two ends of its amount stand; and where for each member whether it is for this one, with
   or 0 where it does not choose. In the same way which of how many answers it may have, a mask of so many bytes, with that
   question's place among the needs, where it is by condition who answers; and whether its audience is the household's.
   What it rests on, in `rests`: from where, how many tell how it comes out, where the
   documents to bring begin, and how many there are. */
typedef struct {
  u32 outcome, low, high, whom;
  u32 lead;
  uint8_t lead_size, answers;
  int16_t answering;
  u32 audience, first;
  uint16_t deciding, documents, resting;
} result;

/* Something that is told: where it stands, the bytes of an entry, whether each member has one, and its question's place
   among the needs. */
typedef struct {
  u32 at;
  uint8_t size;
  bool of_members;
  int16_t question;
} resting;

/* Where a figure's two ends stand (twice the same of truths and codes), the bytes of each, and its place among the needs. */
typedef struct {
  u32 low, high;
  uint8_t size;
  uint16_t question;
} told;

/* An input that may keep a policy or a figure open: the fact it belongs to, or -1 and a parameter's names, or -2 less a list's
   number. */
typedef struct {
  int16_t fact;
  const char *name, *label;
} need;

/* How something is obtained; `where` is the number of a body, or -1. */
typedef struct {
  const char *how;
  const anqiu_document *documents;
  uint16_t count;
  int16_t where, days, working_days;
  const char *phone;
} obtaining;

/* Who answers in some cases: numbers of bodies, those who lead before those who cooperate. */
typedef struct {
  const int16_t *bodies;
  uint8_t leading, joining;
} answer;

/* From when on what comes to hold is given. */
enum { SAME_DAY, NEXT_MONTH, SAME_MONTH };

/* Departments are numbers of bodies; `answers`, if any, are what may come out of who answers. */
typedef struct {
  const int16_t *lead, *cooperating;
  const anqiu_clause *basis;
  uint8_t leading, joining, clauses;
  const char *per, *force;
  bool provisional_refusal, provisional;
  const obtaining *obtain;
  const answer *answers;
  uint8_t starts;
} frame;

/* A body's name; where `fact` is not -1 it is the office of the household's own place, if that is known. */
typedef struct {
  anqiu_words name;
  int16_t fact;
  const anqiu_words *offices;
} body;

typedef struct {
  int32_t from;
  uint16_t value;
} stretch;

typedef struct {
  const char *text;
  int16_t fact;
} fact_name;

#if ANQIU_LISTS
/* Where a list's offsets stand, and how many further items each owner may have; the first subject among its items; where
   the needs of items begin; the facts of its inputs in `item_inputs`, and those by which items are told apart in `orders`. */
typedef struct {
  u32 offsets, more;
  int first;
  u32 needs;
  uint16_t first_input, inputs, first_order, orders;
} listing;
#endif

/*@tables*/
/* Memory is little-endian, and every access is checked: outside of it nothing is read or written, and the case is
   marked as broken, as by any other trap. That never happens where the library is right. */
static u64 trap(anqiu_case *c) {
  c->broken = true;
  return 0;
}

static inline u64 load(anqiu_case *c, u32 at, u32 size) {
  if (at > ANQIU_MEMORY_ - size) return trap(c);
  const uint8_t *p = c->memory + at;
  u64 value = p[0];
  if (size > 1) value |= (u64)p[1] << 8;
  if (size > 2) value |= (u64)p[2] << 16 | (u64)p[3] << 24;
  if (size > 4) value |= (u64)p[4] << 32 | (u64)p[5] << 40 | (u64)p[6] << 48 | (u64)p[7] << 56;
  return value;
}

static inline void store(anqiu_case *c, u32 at, u32 size, u64 value) {
  if (at > ANQIU_MEMORY_ - size) {
    trap(c);
    return;
  }
  uint8_t *p = c->memory + at;
  for (u32 i = 0; i < size; i++) p[i] = (uint8_t)(value >> (8 * i));
}

/* Addresses are 32 bits and offsets are added in 64, so an address past the end of 32 bits is outside as well. */
static inline u32 inside(u64 address) { return address > UINT32_MAX ? UINT32_MAX : (u32)address; }

#define i32_load(c, a) ((u32)load(c, inside(a), 4))
#define i32_load8_u(c, a) ((u32)load(c, inside(a), 1))
#define i32_load16_u(c, a) ((u32)load(c, inside(a), 2))
#define i64_load(c, a) load(c, inside(a), 8)
#define i64_load32_s(c, a) ((u64)(s64)(s32)load(c, inside(a), 4))
#define i32_store(c, a, v) store(c, inside(a), 4, v)
#define i32_store8(c, a, v) store(c, inside(a), 1, v)
#define i64_store(c, a, v) store(c, inside(a), 8, v)

static inline void memory_fill(anqiu_case *c, u32 at, u32 value, u32 size) {
  if (at > ANQIU_MEMORY_ || size > ANQIU_MEMORY_ - at)
    trap(c);
  else
    memset(c->memory + at, (int)(value & 255), size);
}

/* In generated functions the case is called `instance`; only those without a result are ever unreachable. */
#define UNREACHABLE  \
  do {               \
    trap(instance);  \
    return;          \
  } while (0)
#define DIV_U(x, y) ((y) == 0 ? (u32)trap(instance) : (x) / (y))
#define REM_U(x, y) ((y) == 0 ? (u32)trap(instance) : (x) % (y))
#define I64_DIV_S(x, y) divided(instance, (s64)(x), (s64)(y))
#define I64_REM_S(x, y) remainder_of(instance, (s64)(x), (s64)(y))

static inline u64 divided(anqiu_case *c, s64 x, s64 y) {
  return y == 0 || (x == INT64_MIN && y == -1) ? trap(c) : (u64)(x / y);
}

static inline u64 remainder_of(anqiu_case *c, s64 x, s64 y) {
  return y == 0 ? trap(c) : y == -1 ? 0 : (u64)(x % y);
}

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-label"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#endif

/*@functions*/
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
