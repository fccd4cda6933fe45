/* ---- values in ---------------------------------------------------------------------------------------------------- */

enum { NOT_GIVEN, UNKNOWN_, PARTLY, EXACTLY };

static int fault(anqiu_case *c, int error, int fact, int member) {
  c->fault_fact = fact;
  c->fault_member = member;
  return error;
}

static s64 load_signed(anqiu_case *c, u32 at, u32 size) {
  u64 value = load(c, at, size);
  return size == 4 ? (s64)(s32)value : (s64)value;
}

static void note(anqiu_case *c, int fact, int member, uint8_t how) {
  uint8_t *known = known_of(c, fact, member);
  if (places[fact].count > 0) c->inexact += (*known == EXACTLY) - (how == EXACTLY);
  *known = how;
  c->decided = c->asked = false;
}

static u64 every_code(int fact) {
  unsigned count = anqiu_facts[fact].code_count;
  return count > 63 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static void put_at(anqiu_case *c, int fact, int slot, u64 low, u64 high) {
  const place *p = &places[fact];
  for (int i = 0; i < p->count; i++) {
    const column *at = &columns[p->first + i];
    if (at->low == 0) continue;
    store(c, entry(at->low, p->size, slot), p->size, low);
    if (at->high != at->low) store(c, entry(at->high, p->size, slot), p->size, high);
  }
}

static void put(anqiu_case *c, int fact, int member, u64 low, u64 high) {
  put_at(c, fact, slot_of(c, member), low, high);
  if (places[fact].past >= 0) *latest(c, fact, member) = (int32_t)(s64)high;
}

static void put_codes(anqiu_case *c, int fact, int member, u64 codes) {
  const place *p = &places[fact];
  int slot = slot_of(c, member);
  for (int i = 0; i < p->count; i++) {
    u32 at = columns[p->first + i].low;
    if (at != 0) store(c, entry(at, 1, slot), 1, codes >> i & 1 ? ANQIU_ELIGIBLE : ANQIU_INELIGIBLE);
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
  for (int fact = 0; fact < ANQIU_FACTS; fact++)
    if (is_of(fact, member)) {
      *known_of(c, fact, member) = EXACTLY;
      forget(c, fact, member, NOT_GIVEN);
    }
}
