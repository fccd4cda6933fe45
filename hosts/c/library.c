/*@title*/
#include "anqiu.h"

#include <string.h>

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

/* An input that may keep a policy or a figure open: the fact it belongs to, or -1 and a parameter's names. */
typedef struct {
  int16_t fact;
  const char *name, *label;
} need;

/* How something is obtained; `where` is the number of a body, or -1. */
typedef struct {
  const char *how;
  const anqiu_document *documents;
  uint16_t count;
  int16_t where, days;
  const char *phone;
} obtaining;

/* Who answers in some cases: numbers of bodies, those who lead before those who cooperate. */
typedef struct {
  const int16_t *bodies;
  uint8_t leading, joining;
} answer;

/* Departments are numbers of bodies; `answers`, if any, are what may come out of who answers. */
typedef struct {
  const int16_t *lead, *cooperating;
  const anqiu_clause *basis;
  uint8_t leading, joining, clauses;
  const char *per, *force;
  bool provisional_refusal, provisional;
  const obtaining *obtain;
  const answer *answers;
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

/* ---- households in ------------------------------------------------------------------------------------------------ */

enum { NOT_GIVEN, UNKNOWN_, PARTLY, EXACTLY };

static s64 load_signed(anqiu_case *c, u32 at, u32 size) {
  u64 value = load(c, at, size);
  return size == 4 ? (s64)(s32)value : (s64)value;
}

/* The address of a member's entry in a column, or of the household's. */
static u32 entry(u32 address, u32 size, int member) { return address + (member < 0 ? 0 : (u32)member * size); }

static int32_t *latest(anqiu_case *c, int fact, int member) {
  return &c->latest[(member + 1) * ANQIU_PAST_ + places[fact].past];
}

static void note(anqiu_case *c, int fact, int member, uint8_t how) {
  uint8_t *known = &c->known[(member + 1) * ANQIU_FACTS + fact];
  if (places[fact].count > 0) c->inexact += (*known == EXACTLY) - (how == EXACTLY);
  *known = how;
  c->decided = c->asked = false;
}

static u64 every_code(int fact) {
  unsigned count = anqiu_facts[fact].code_count;
  return count > 63 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static void put(anqiu_case *c, int fact, int member, u64 low, u64 high) {
  const place *p = &places[fact];
  for (int i = 0; i < p->count; i++) {
    const column *at = &columns[p->first + i];
    if (at->low == 0) continue;
    store(c, entry(at->low, p->size, member), p->size, low);
    if (at->high != at->low) store(c, entry(at->high, p->size, member), p->size, high);
  }
  if (p->past >= 0) *latest(c, fact, member) = (int32_t)(s64)high;
}

static void put_codes(anqiu_case *c, int fact, int member, u64 codes) {
  const place *p = &places[fact];
  for (int i = 0; i < p->count; i++) {
    u32 at = columns[p->first + i].low;
    if (at != 0) store(c, entry(at, 1, member), 1, codes >> i & 1 ? ANQIU_ELIGIBLE : ANQIU_INELIGIBLE);
  }
}

static void forget(anqiu_case *c, int fact, int member, uint8_t how) {
  const anqiu_fact_info *f = &anqiu_facts[fact];
  switch (f->kind) {
    case ANQIU_TRUTH:
    case ANQIU_CODES: put(c, fact, member, ANQIU_UNKNOWN, ANQIU_UNKNOWN); break;
    case ANQIU_CODE: put(c, fact, member, every_code(fact), every_code(fact)); break;
    case ANQIU_NUMBER:
    case ANQIU_DATE: put(c, fact, member, (u64)f->low, (u64)f->high); break;
    default: break;
  }
  note(c, fact, member, how);
}

static void forget_all(anqiu_case *c, int member) {
  memset(&c->known[(member + 1) * ANQIU_FACTS], EXACTLY, ANQIU_FACTS);
  for (int fact = 0; fact < ANQIU_FACTS; fact++)
    if ((anqiu_facts[fact].level == ANQIU_OF_MEMBER) == (member >= 0)) forget(c, fact, member, NOT_GIVEN);
}

void anqiu_household(anqiu_case *c) {
  memcpy(c->memory, header, sizeof header);
  memcpy(c->memory + DATA_AT, data, RUN_SIZE);
  store(c, ANQIU_AT_HEAP_, 4, 0);
  c->members = c->inexact = c->day = 0;
  c->fault_fact = c->fault_member = -1;
  c->broken = false;
  c->assume = true;
  forget_all(c, ANQIU_HOUSEHOLD);
}

int anqiu_member(anqiu_case *c) {
  if (c->members >= ANQIU_MAX_MEMBERS) return ANQIU_MEMBERS;
  forget_all(c, c->members);
  return c->members++;
}

static int checked(const anqiu_case *c, int fact, int member, int kind, int other) {
  if (fact < 0 || fact >= ANQIU_FACTS || member < ANQIU_HOUSEHOLD || member >= c->members) return ANQIU_NO_SUCH;
  const anqiu_fact_info *f = &anqiu_facts[fact];
  if ((f->level == ANQIU_OF_MEMBER) != (member >= 0)) return ANQIU_NO_SUCH;
  return f->kind == kind || f->kind == other ? ANQIU_FINE : ANQIU_WRONG_KIND;
}

/* Say of a date that may be none whether there is such a day. */
static void tell_beside(anqiu_case *c, int fact, int member, int status) {
  int beside = anqiu_facts[fact].kind == ANQIU_DATE ? anqiu_facts[fact].beside : -1;
  if (beside < 0) return;
  put(c, beside, member, (u64)status, (u64)status);
  note(c, beside, member, status == ANQIU_UNKNOWN ? UNKNOWN_ : EXACTLY);
}

int anqiu_set_range(anqiu_case *c, int fact, int member, int64_t low, int64_t high) {
  int error = checked(c, fact, member, ANQIU_NUMBER, ANQIU_DATE);
  if (error) return error;
  const anqiu_fact_info *f = &anqiu_facts[fact];
  if (low > high || low < f->low || high > f->high) return ANQIU_OUT_OF_RANGE;
  if (f->required && low != high) return ANQIU_REQUIRED;
  put(c, fact, member, (u64)low, (u64)high);
  note(c, fact, member, low == high ? EXACTLY : PARTLY);
  tell_beside(c, fact, member, ANQIU_ELIGIBLE);
  return ANQIU_FINE;
}

int anqiu_set_none(anqiu_case *c, int fact, int member) {
  int error = checked(c, fact, member, ANQIU_DATE, ANQIU_DATE);
  if (error) return error;
  if (anqiu_facts[fact].beside < 0) return ANQIU_WRONG_KIND;
  forget(c, fact, member, UNKNOWN_);
  tell_beside(c, fact, member, ANQIU_INELIGIBLE);
  return ANQIU_FINE;
}

int anqiu_set_truth(anqiu_case *c, int fact, int member, bool value) {
  int error = checked(c, fact, member, ANQIU_TRUTH, ANQIU_TRUTH);
  if (error) return error;
  u64 bits = value ? ANQIU_ELIGIBLE : ANQIU_INELIGIBLE;
  put(c, fact, member, bits, bits);
  note(c, fact, member, EXACTLY);
  return ANQIU_FINE;
}

int anqiu_set_codes(anqiu_case *c, int fact, int member, uint64_t codes) {
  int error = checked(c, fact, member, ANQIU_CODE, ANQIU_CODES);
  if (error) return error;
  const anqiu_fact_info *f = &anqiu_facts[fact];
  if (codes & ~every_code(fact)) return ANQIU_OUT_OF_RANGE;
  if (f->kind == ANQIU_CODES) {
    put_codes(c, fact, member, codes);
    note(c, fact, member, EXACTLY);
    return ANQIU_FINE;
  }
  bool single = codes != 0 && (codes & (codes - 1)) == 0;
  if (codes == 0) return ANQIU_OUT_OF_RANGE;
  if (f->required && !single) return ANQIU_REQUIRED;
  put(c, fact, member, codes, codes);
  note(c, fact, member, single ? EXACTLY : PARTLY);
  return ANQIU_FINE;
}

int anqiu_set_unknown(anqiu_case *c, int fact, int member) {
  int kind = fact >= 0 && fact < ANQIU_FACTS ? anqiu_facts[fact].kind : 0;
  int error = checked(c, fact, member, kind, kind);
  if (error) return error;
  forget(c, fact, member, UNKNOWN_);
  tell_beside(c, fact, member, ANQIU_UNKNOWN);
  return ANQIU_FINE;
}

void anqiu_assume(anqiu_case *c, bool assume) {
  c->assume = assume;
  c->decided = c->asked = false;
}

/* ---- decisions ---------------------------------------------------------------------------------------------------- */

static int fault(anqiu_case *c, int error, int fact, int member) {
  c->fault_fact = fact;
  c->fault_member = member;
  return error;
}

/* A date of the past reaches up to the day asked about; the rules may ask again for another day. */
static int bring_down(anqiu_case *c, int fact, int member, int32_t day) {
  const place *p = &places[fact];
  const column *at = &columns[p->first];
  s64 low = load_signed(c, entry(at->low, p->size, member), p->size);
  s64 high = *latest(c, fact, member);
  if (low > day && (c->known[(member + 1) * ANQIU_FACTS + fact] > UNKNOWN_ || anqiu_facts[fact].low <= day))
    return fault(c, ANQIU_LATE, fact, member);
  if (at->high != at->low)
    store(c, entry(at->high, p->size, member), p->size, (u64)(low <= day && high > day ? day : high));
  return ANQIU_FINE;
}

static bool is_none(anqiu_case *c, int fact, int member) {
  int beside = anqiu_facts[fact].kind == ANQIU_DATE ? anqiu_facts[fact].beside : -1;
  return beside >= 0 && load(c, entry(columns[places[beside].first].low, 1, member), 1) == ANQIU_INELIGIBLE;
}

static int settle(anqiu_case *c, int member, int32_t day) {
  for (int fact = 0; fact < ANQIU_FACTS; fact++) {
    const anqiu_fact_info *f = &anqiu_facts[fact];
    if ((f->level == ANQIU_OF_MEMBER) != (member >= 0)) continue;
    if (f->required && f->kind != ANQIU_TEXT && c->known[(member + 1) * ANQIU_FACTS + fact] != EXACTLY &&
        !is_none(c, fact, member))
      return fault(c, ANQIU_REQUIRED, fact, member);
    if (places[fact].past >= 0 && bring_down(c, fact, member, day)) return ANQIU_LATE;
  }
  return ANQIU_FINE;
}

#if ANQIU_ASSUMING_
static bool is_absent(const anqiu_case *c, int fact, int member) {
  bool given = c->known[(member + 1) * ANQIU_FACTS + fact] != NOT_GIVEN;
  return anqiu_facts[fact].assumed && !given && places[fact].count > 0;
}

/* Write what is assumed of every fact of which nothing was said, or that it is unknown. Of how many it is. */
static int write_absent(anqiu_case *c, bool assume) {
  int count = 0;
  for (int member = ANQIU_HOUSEHOLD; member < c->members; member++)
    for (int fact = 0; fact < ANQIU_FACTS; fact++) {
      const anqiu_fact_info *f = &anqiu_facts[fact];
      if ((f->level == ANQIU_OF_MEMBER) != (member >= 0) || !is_absent(c, fact, member)) continue;
      count++;
      if (!assume)
        forget(c, fact, member, NOT_GIVEN);
      else if (f->kind == ANQIU_CODES)
        put_codes(c, fact, member, (u64)f->absent);
      else
        put(c, fact, member, (u64)f->absent, (u64)f->absent);
    }
  return count;
}

/* Decide with nothing assumed, keep what comes out, and write what is assumed. */
static void decide_bare(anqiu_case *c) {
  c->asked_bare = false;
  c->resting = write_absent(c, false);
  if (!c->assume) c->resting = 0;
  if (c->resting == 0) return;
  store(c, ANQIU_AT_EXACT_, 4, 0);
  run(c);
  memcpy(c->bare, c->memory + ANQIU_AT_RESULTS_, ANQIU_AT_NEEDS_ - ANQIU_AT_RESULTS_);
  write_absent(c, true);
}
#define ASSUMED_FACTS(c) ((c)->resting)
#else
#define ASSUMED_FACTS(c) 0
#endif

/* The first check that rejects and does not hold, nothing being assumed. */
static int violated(anqiu_case *c) {
  const uint8_t *found = c->memory + ANQIU_AT_RESULTS_;
#if ANQIU_ASSUMING_
  if (c->resting) found = c->bare;
#endif
  for (int figure = 0; figure < ANQIU_FIGURES; figure++) {
    const anqiu_figure_info *f = &anqiu_figures[figure];
    if (!f->severity || strcmp(f->severity, "reject") != 0) continue;
    for (int i = 0; i < (f->of_members ? c->members : 1); i++)
      if (found[figures[figure].low - ANQIU_AT_RESULTS_ + (u32)i] == ANQIU_INELIGIBLE)
        return fault(c, ANQIU_VIOLATED, figure, f->of_members ? i : ANQIU_HOUSEHOLD);
  }
  return ANQIU_FINE;
}

int anqiu_decide(anqiu_case *c, int32_t day) {
  c->decided = c->asked = false;
  if (day < ANQIU_FIRST_DAY || day > ANQIU_LAST_DAY) return ANQIU_NOT_COVERED;
  if (c->members < ANQIU_MIN_MEMBERS) return ANQIU_MEMBERS;
  for (int member = ANQIU_HOUSEHOLD; member < c->members; member++) {
    int error = settle(c, member, day);
    if (error) return error;
  }
  store(c, ANQIU_AT_DAY_, 4, (u64)day);
  store(c, ANQIU_AT_HEAP_ + 4, 4, (u64)c->members);
#if ANQIU_ASSUMING_
  decide_bare(c);
#endif
  store(c, ANQIU_AT_EXACT_, 4, c->inexact == ASSUMED_FACTS(c));
  run(c);
  if (c->broken) return ANQIU_BROKEN;
  if (violated(c)) return ANQIU_VIOLATED;
  c->day = day;
  c->decided = true;
  return ANQIU_FINE;
}

static int on_day(const stretch *s, int32_t day) {
  while (s[1].from <= day) s++;
  return s->value;
}

static const frame *frame_of(const anqiu_case *c, int policy) { return &frames[on_day(stretches[policy], c->day)]; }

static bool known_policy(const anqiu_case *c, int policy) {
  return c->decided && policy >= 0 && policy < ANQIU_POLICIES;
}

int anqiu_status(const anqiu_case *c, int policy, int member) {
  if (!known_policy(c, policy) || member < ANQIU_HOUSEHOLD || member >= c->members) return ANQIU_NO_SUCH;
  const uint8_t *outcome = c->memory + results[policy].outcome;
  if (!anqiu_policies[policy].of_members) return outcome[0];
  if (member >= 0) return outcome[member];
  int best = ANQIU_INELIGIBLE;
  for (int i = 0; i < c->members; i++)
    if (outcome[i] > best) best = outcome[i];
  return best;
}

int anqiu_benefits(const anqiu_case *c, int policy, int member) {
  int status = anqiu_status(c, policy, member);
  if (status < 0 || member < 0 || !results[policy].whom) return status;
  return c->memory[results[policy].whom + (u32)member];
}

static s64 end_of(const anqiu_case *c, u32 address, int index) {
  u64 value = 0;
  for (int i = 7; i >= 0; i--) value = value << 8 | c->memory[address + 8 * (u32)index + (u32)i];
  return (s64)value;
}

bool anqiu_amount(const anqiu_case *c, int policy, int member, int64_t *low, int64_t *high) {
  *low = *high = 0;
  if (anqiu_status(c, policy, member) <= ANQIU_INELIGIBLE || !anqiu_policies[policy].has_amount) return false;
  if (frame_of(c, policy)->per[0] == 0) return false;
  const result *r = &results[policy];
  if (!anqiu_policies[policy].of_members) {
    *low = end_of(c, r->low, 0);
    *high = end_of(c, r->high, 0);
    return true;
  }
  for (int i = member < 0 ? 0 : member; i < (member < 0 ? c->members : member + 1); i++) {
    *low += end_of(c, r->low, i);
    *high += end_of(c, r->high, i);
  }
  return true;
}

const char *anqiu_per(const anqiu_case *c, int policy) { return known_policy(c, policy) ? frame_of(c, policy)->per : ""; }

int anqiu_own_audience(const anqiu_case *c, int policy) {
  if (!known_policy(c, policy) || results[policy].audience == 0) return ANQIU_NO_SUCH;
  return c->memory[results[policy].audience];
}

const char *anqiu_force(const anqiu_case *c, int policy) {
  return known_policy(c, policy) ? frame_of(c, policy)->force : "";
}

static const anqiu_words *named(const anqiu_case *c, const body *b) {
  if (b->fact < 0) return &b->name;
  const place *p = &places[b->fact];
  u64 codes = 0;
  for (int i = p->size - 1; i >= 0; i--) codes = codes << 8 | c->memory[columns[p->first].low + (u32)i];
  if (codes & (codes - 1)) return &b->name;
  int index = 0;
  while (index < 63 && (codes >> index & 1) == 0) index++;
  const anqiu_words *office = &b->offices[index];
  return office->zh ? office : &b->name;
}

/* Which of its answers a policy may have, a bit each, for one of its subjects. */
static u64 answers_of(const anqiu_case *c, int policy, int subject) {
  const result *r = &results[policy];
  u64 bits = 0;
  for (int i = r->lead_size - 1; i >= 0; i--)
    bits = bits << 8 | c->memory[r->lead + (u32)subject * r->lead_size + (u32)i];
  return bits;
}

static bool answers_with(const answer *one, bool leading, int16_t body) {
  for (int i = leading ? 0 : one->leading; i < one->leading + (leading ? 0 : one->joining); i++)
    if (one->bodies[i] == body) return true;
  return false;
}

/* Whether a body answers in each of some cases. */
static bool in_each(const frame *f, u64 cases, bool leading, int16_t body) {
  for (int i = 0; i < 64; i++)
    if (cases >> i & 1 && !answers_with(&f->answers[i], leading, body)) return false;
  return true;
}

/* What may come out for those to whom a policy may apply, or for anybody where it applies to nobody. */
static u64 every_answer(const anqiu_case *c, int policy) {
  int subjects = anqiu_policies[policy].of_members ? c->members : 1, size = results[policy].answers;
  u64 may = 0, all = 0;
  for (int i = 0; i < subjects; i++) {
    u64 own = answers_of(c, policy, i);
    all |= own;
    if (c->memory[results[policy].outcome + (u32)i] != ANQIU_INELIGIBLE) may |= own;
  }
  return may ? may : all ? all : size < 64 ? (UINT64_C(1) << size) - 1 : UINT64_MAX;
}

/* Whether a body surely answers: for some member to whom the policy applies; else in every case. */
static bool answers_surely(const anqiu_case *c, int policy, bool leading, int16_t body) {
  const frame *f = frame_of(c, policy);
  bool settled = false;
  for (int i = 0; i < (anqiu_policies[policy].of_members ? c->members : 1); i++) {
    if (c->memory[results[policy].outcome + (u32)i] != ANQIU_ELIGIBLE) continue;
    if (in_each(f, answers_of(c, policy, i), leading, body)) return true;
    settled = true;
  }
  return !settled && in_each(f, every_answer(c, policy), leading, body);
}

static bool is_among(const anqiu_words *const *found, int count, const anqiu_words *one) {
  for (int i = 0; i < count; i++)
    if (strcmp(found[i]->zh, one->zh) == 0 && strcmp(found[i]->en, one->en) == 0) return true;
  return false;
}

/* The names of those who surely answer, or of those who need not, as facts have it; in the order of the answers. */
static int named_answering(const anqiu_case *c, int policy, bool leading, bool surely,
                           const anqiu_words *found[ANQIU_MOST_DEPARTMENTS]) {
  const frame *f = frame_of(c, policy);
  u64 every = every_answer(c, policy);
  int count = 0;
  for (int i = 0; i < results[policy].answers; i++) {
    const answer *one = &f->answers[i];
    for (int j = leading ? 0 : one->leading; every >> i & 1 && j < one->leading + (leading ? 0 : one->joining); j++) {
      const anqiu_words *name = named(c, &bodies[one->bodies[j]]);
      if (answers_surely(c, policy, leading, one->bodies[j]) == surely && !is_among(found, count, name))
        found[count++] = name;
    }
  }
  return count;
}

int anqiu_departments(const anqiu_case *c, int policy, bool leading, const anqiu_words *found[ANQIU_MOST_DEPARTMENTS]) {
  if (!known_policy(c, policy)) return 0;
  const frame *f = frame_of(c, policy);
  if (f->answers != NULL) return named_answering(c, policy, leading, true, found);
  const int16_t *numbers = leading ? f->lead : f->cooperating;
  int count = 0;
  for (int i = 0; i < (leading ? f->leading : f->joining); i++) {
    const anqiu_words *one = named(c, &bodies[numbers[i]]);
    if (!is_among(found, count, one)) found[count++] = one;
  }
  return count;
}

int anqiu_possible_departments(const anqiu_case *c, int policy, bool leading,
                               const anqiu_words *found[ANQIU_MOST_DEPARTMENTS]) {
  if (!known_policy(c, policy) || frame_of(c, policy)->answers == NULL) return 0;
  const anqiu_words *sure[ANQIU_MOST_DEPARTMENTS], *may[ANQIU_MOST_DEPARTMENTS];
  int known = named_answering(c, policy, leading, true, sure), others = named_answering(c, policy, leading, false, may);
  int count = 0;
  for (int i = 0; i < others; i++)
    if (!is_among(sure, known, may[i])) found[count++] = may[i];
  return count;
}

bool anqiu_obtain_of(const anqiu_case *c, int policy, anqiu_obtain *found) {
  const obtaining *o = known_policy(c, policy) ? frame_of(c, policy)->obtain : NULL;
  if (o == NULL) return false;
  found->how = o->how;
  found->where = o->where < 0 ? NULL : named(c, &bodies[o->where]);
  found->documents = o->documents;
  found->document_count = o->count;
  found->days = o->days;
  found->phone = o->phone;
  return true;
}

int anqiu_needed(const anqiu_case *c, int policy, const anqiu_document *document) {
  if (!known_policy(c, policy)) return ANQIU_NO_SUCH;
  if (document->asked < 0) return ANQIU_ELIGIBLE;
  const result *r = &results[policy];
  u32 at = rests[r->first + r->documents + (u32)document->asked].at;
  bool all = true, none = true, may = false;
  for (int i = 0; i < (anqiu_policies[policy].of_members ? c->members : 1); i++) {
    int outcome = c->memory[r->outcome + (u32)i], needed = c->memory[at + (u32)i];
    if (outcome == ANQIU_INELIGIBLE) continue;
    if (outcome == ANQIU_ELIGIBLE && needed == ANQIU_ELIGIBLE) return ANQIU_ELIGIBLE;
    may = true;
    all = all && needed == ANQIU_ELIGIBLE;
    none = none && needed == ANQIU_INELIGIBLE;
  }
  return !may ? ANQIU_UNKNOWN : all ? ANQIU_ELIGIBLE : none ? ANQIU_INELIGIBLE : ANQIU_UNKNOWN;
}

int anqiu_basis(const anqiu_case *c, int policy, const anqiu_clause **found) {
  if (!known_policy(c, policy)) return 0;
  *found = frame_of(c, policy)->basis;
  return frame_of(c, policy)->clauses;
}

bool anqiu_provisional(const anqiu_case *c, int policy) {
  if (!known_policy(c, policy)) return false;
  const frame *f = frame_of(c, policy);
  return anqiu_status(c, policy, ANQIU_HOUSEHOLD) == ANQIU_INELIGIBLE ? f->provisional_refusal : f->provisional;
}

static bool is_open(const anqiu_case *c, int policy) {
  for (int i = 0; i < (anqiu_policies[policy].of_members ? c->members : 1); i++) {
    if (c->memory[results[policy].outcome + (u32)i] == ANQIU_UNKNOWN) return true;
    if (anqiu_policies[policy].has_amount && end_of(c, results[policy].low, i) != end_of(c, results[policy].high, i))
      return true;
  }
  for (int i = 0; i < c->members; i++)
    if (anqiu_benefits(c, policy, i) == ANQIU_UNKNOWN) return true;
  return false;
}

static void ask(anqiu_case *c) {
  memcpy(c->memory + DATA_AT, data, DATA_SIZE);
  missing(c);
}

/* What keeps all questions open, asked once. */
static const uint8_t *needs_shown(anqiu_case *c) {
  if (!c->asked) ask(c);
  c->asked = true;
  return c->memory + ANQIU_AT_NEEDS_;
}

/* Whether an input keeps the question about any of what is told open. */
static bool is_needed(const uint8_t *needs_of_all, const resting *asked, int count, int at) {
  for (int i = 0; i < count; i++)
    if (needs_of_all[asked[i].question * ANQIU_NEEDS_STRIDE_ + at]) return true;
  return false;
}

/* The next that keeps the questions about what is told open. Several inputs of one fact, its codes, stand side by side and
   count once. */
static bool next_need(const anqiu_case *c, const uint8_t *needs_of_all, const resting *asked, int count, int *at,
                      anqiu_need *found) {
  int own = ANQIU_NEEDS_OF_HOUSEHOLD_, inner = ANQIU_NEEDS_OF_MEMBER_, end = own + c->members * inner;
  while (*at < end && !is_needed(needs_of_all, asked, count, *at)) ++*at;
  if (c->broken || *at >= end) return false;
  found->member = *at < own ? ANQIU_HOUSEHOLD : (*at - own) / inner;
  const need *one = &needs[*at < own ? *at : own + (*at - own) % inner], *next = one;
  found->fact = one->fact;
  found->name = one->name;
  found->label = one->label;
  for (const need *last = &needs[*at < own ? own : own + inner]; next < last && next->fact == one->fact; next++) {
    ++*at;
    if (one->fact < 0) break;
  }
  return true;
}

bool anqiu_missing(anqiu_case *c, int policy, int *at, anqiu_need *found) {
  if (!known_policy(c, policy) || !is_open(c, policy)) return false;
  return next_need(c, needs_shown(c), rests + results[policy].first, results[policy].deciding, at, found);
}

bool anqiu_departments_missing(anqiu_case *c, int policy, int *at, anqiu_need *found) {
  const anqiu_words *some[ANQIU_MOST_DEPARTMENTS];
  if (!known_policy(c, policy) || anqiu_status(c, policy, ANQIU_HOUSEHOLD) == ANQIU_INELIGIBLE) return false;
  if (!anqiu_possible_departments(c, policy, true, some) && !anqiu_possible_departments(c, policy, false, some)) return false;
  resting bodies_asked = {.question = results[policy].answering};
  return next_need(c, needs_shown(c), &bodies_asked, 1, at, found);
}

/* ---- figures ------------------------------------------------------------------------------------------------------ */

static bool known_figure(const anqiu_case *c, int figure, int member) {
  if (!c->decided || figure < 0 || figure >= ANQIU_FIGURES) return false;
  return anqiu_figures[figure].of_members ? member >= 0 && member < c->members : member == ANQIU_HOUSEHOLD;
}

bool anqiu_figure_range(const anqiu_case *c, int figure, int member, int64_t *low, int64_t *high) {
  *low = *high = 0;
  if (!known_figure(c, figure, member)) return false;
  if (anqiu_figures[figure].kind != ANQIU_NUMBER && anqiu_figures[figure].kind != ANQIU_DATE) return false;
  *low = end_of(c, figures[figure].low, member < 0 ? 0 : member);
  *high = end_of(c, figures[figure].high, member < 0 ? 0 : member);
  return true;
}

uint64_t anqiu_figure_codes(const anqiu_case *c, int figure, int member) {
  if (!known_figure(c, figure, member)) return 0;
  const told *t = &figures[figure];
  u64 bits = 0;
  for (int i = t->size - 1; i >= 0; i--)
    bits = bits << 8 | c->memory[t->low + (u32)(member < 0 ? 0 : member) * t->size + (u32)i];
  switch (anqiu_figures[figure].kind) {
    case ANQIU_CODE: return bits;
    case ANQIU_TRUTH: return bits == ANQIU_UNKNOWN ? 3 : bits == ANQIU_ELIGIBLE ? 2 : 1;
    default: return 0;
  }
}

static bool is_settled(const anqiu_case *c, int figure, int member) {
  int64_t low, high;
  if (anqiu_figure_range(c, figure, member, &low, &high)) return low == high;
  uint64_t bits = anqiu_figure_codes(c, figure, member);
  return (bits & (bits - 1)) == 0;
}

bool anqiu_figure_missing(anqiu_case *c, int figure, int *at, anqiu_need *found) {
  bool of_members = figure >= 0 && figure < ANQIU_FIGURES && anqiu_figures[figure].of_members;
  bool settled = true;
  for (int i = of_members ? 0 : ANQIU_HOUSEHOLD; i < (of_members ? c->members : 0); i++) {
    if (!known_figure(c, figure, i)) return false;
    settled = settled && is_settled(c, figure, i);
  }
  if (settled) return false;
  resting figure_asked = {.question = (int16_t)figures[figure].question};
  return next_need(c, needs_shown(c), &figure_asked, 1, at, found);
}

bool anqiu_figure_provisional(const anqiu_case *c, int figure) {
  return c->decided && figure >= 0 && figure < ANQIU_FIGURES && on_day(unstated[figure], c->day);
}

/* ---- what was assumed --------------------------------------------------------------------------------------------- */

#if ANQIU_ASSUMING_
/* Whether so many bytes of results are the same with nothing assumed. */
static bool alike(const anqiu_case *c, u32 at, u32 size, bool of_members) {
  if (of_members) size *= (u32)c->members;
  return memcmp(c->memory + at, c->bare + (at - ANQIU_AT_RESULTS_), size) == 0;
}

/* The next of the assumed facts that would keep what is told open; asked for the first time, the needs of all are kept. */
static bool next_assumed(anqiu_case *c, const resting *asked, int count, int *at, anqiu_need *found) {
  uint8_t *needs_bare = c->bare + (ANQIU_AT_NEEDS_ - ANQIU_AT_RESULTS_);
  if (!c->asked_bare) {
    write_absent(c, false);
    ask(c);
    memcpy(needs_bare, c->memory + ANQIU_AT_NEEDS_, ANQIU_MEMORY_ - ANQIU_AT_NEEDS_);
    /* the results were worked out with nothing assumed, too */
    write_absent(c, true);
    run(c);
    c->asked = false;
    c->decided = c->asked_bare = true;
  }
  while (next_need(c, needs_bare, asked, count, at, found))
    if (found->fact >= 0 && is_absent(c, found->fact, found->member)) return true;
  return false;
}

bool anqiu_assumed(anqiu_case *c, int policy, int *at, anqiu_need *found) {
  if (!known_policy(c, policy) || c->resting == 0) return false;
  const resting *asked = rests + results[policy].first;
  bool same = true;
  for (int i = 0; i < results[policy].resting; i++)
    same = same && alike(c, asked[i].at, asked[i].size, asked[i].of_members);
  return !same && next_assumed(c, asked, results[policy].resting, at, found);
}

bool anqiu_figure_assumed(anqiu_case *c, int figure, int *at, anqiu_need *found) {
  if (!c->decided || figure < 0 || figure >= ANQIU_FIGURES || c->resting == 0) return false;
  const told *t = &figures[figure];
  bool of_members = anqiu_figures[figure].of_members;
  bool same = alike(c, t->low, t->size, of_members) && alike(c, t->high, t->size, of_members);
  resting figure_asked = {.question = (int16_t)t->question};
  return !same && next_assumed(c, &figure_asked, 1, at, found);
}
#else
bool anqiu_assumed(anqiu_case *c, int policy, int *at, anqiu_need *found) {
  (void)c, (void)policy, (void)at, (void)found;
  return false;
}

bool anqiu_figure_assumed(anqiu_case *c, int figure, int *at, anqiu_need *found) {
  (void)c, (void)figure, (void)at, (void)found;
  return false;
}
#endif

/* ---- names and dates ---------------------------------------------------------------------------------------------- */

/* As memcmp of both texts, the shorter first where one begins with the other. */
static int ordered(const char *known, const char *text, size_t length) {
  size_t size = strlen(known);
  int order = memcmp(known, text, size < length ? size : length);
  return order ? order : (size > length) - (size < length);
}

int anqiu_find_fact(const char *text, size_t length) {
  size_t low = 0, high = sizeof fact_names / sizeof *fact_names;
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = ordered(fact_names[middle].text, text, length);
    if (order == 0) return fact_names[middle].fact;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return ANQIU_NO_SUCH;
}

uint64_t anqiu_find_code(int fact, const char *text, size_t length) {
  if (fact < 0 || fact >= ANQIU_FACTS) return 0;
  const anqiu_fact_info *f = &anqiu_facts[fact];
  for (int word = 0; word < 3; word++)
    for (int i = 0; i < f->code_count; i++) {
      const anqiu_code *one = &f->codes[i];
      if (ordered(word == 0 ? one->code : word == 1 ? one->name : one->label, text, length) == 0)
        return UINT64_C(1) << i;
    }
  return 0;
}

/* The calendar's arithmetic is Howard Hinnant's, for years from 1 on. */
int32_t anqiu_day(int year, int month, int day) {
  static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return ANQIU_NO_DAY;
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > lengths[month - 1] + (month == 2 && leap)) return ANQIU_NO_DAY;
  int y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
  int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void anqiu_date(int32_t days, int *year, int *month, int *day) {
  int z = days + 719468, era = z / 146097, of_era = z - era * 146097;
  int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
  *day = of_year - (153 * m + 2) / 5 + 1;
  *month = m < 10 ? m + 3 : m - 9;
  *year = y + era * 400 + (*month <= 2);
}

const char *anqiu_error_text(int error) {
  switch (error) {
    case ANQIU_FINE: return "no error";
    case ANQIU_NO_SUCH: return "no such fact, member or policy";
    case ANQIU_WRONG_KIND: return "the fact is of another kind";
    case ANQIU_OUT_OF_RANGE: return "the value is outside the range that the rules declare";
    case ANQIU_MEMBERS: return "more or fewer members than the rules allow";
    case ANQIU_NOT_COVERED: return "the rules do not cover the day";
    case ANQIU_REQUIRED: return "a fact that must be known exactly is not";
    case ANQIU_LATE: return "a date of the past lies after the day asked about";
    case ANQIU_VIOLATED: return "the data of the household cannot be right";
    case ANQIU_BROKEN: return "the rules ran into what they never should";
    default: return "no such error";
  }
}
