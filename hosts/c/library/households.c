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
