/* ---- households in ------------------------------------------------------------------------------------------------ */

void anqiu_household(anqiu_case *c) {
  memcpy(c->memory, header, sizeof header);
  memcpy(c->memory + DATA_AT, data, RUN_SIZE);
#if ANQIU_GLOBALS_
  memset(c->globals, 0, sizeof c->globals);
#endif
  store(c, ANQIU_AT_HEAP_, 4, 0);
  c->members = c->inexact = c->day = 0;
  c->fault_fact = c->fault_member = -1;
  c->broken = false;
  c->assume = true;
  forget_all(c, ANQIU_HOUSEHOLD);
#if ANQIU_LISTS
  for (int list = 0; list < ANQIU_LISTS; list++) store(c, listings[list].offsets, 4, 0);
  forget_lists(c, false);
#endif
}

int anqiu_member(anqiu_case *c) {
  if (c->members >= ANQIU_MAX_MEMBERS) return ANQIU_MEMBERS;
  forget_all(c, c->members++);
#if ANQIU_LISTS
  forget_lists(c, true);
#endif
  return c->members - 1;
}

static int checked(const anqiu_case *c, int fact, int member, int kind, int other) {
  if (fact < 0 || fact >= ANQIU_FACTS || !is_there(c, member) || !is_of(fact, member)) return ANQIU_NO_SUCH;
  const anqiu_fact_info *f = &anqiu_facts[fact];
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
