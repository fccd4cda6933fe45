/* ---- decisions ---------------------------------------------------------------------------------------------------- */

/* A date of the past reaches up to the day asked about; the rules may ask again for another day. */
static int bring_down(anqiu_case *c, int fact, int member, int32_t day) {
  const place *p = &places[fact];
  const column *at = &columns[p->first];
  int slot = slot_of(c, member);
  s64 low = load_signed(c, entry(at->low, p->size, slot), p->size);
  s64 high = *latest(c, fact, member);
  if (low > day && (*known_of(c, fact, member) > UNKNOWN_ || anqiu_facts[fact].low <= day))
    return fault(c, ANQIU_LATE, fact, member);
  if (at->high != at->low)
    store(c, entry(at->high, p->size, slot), p->size, (u64)(low <= day && high > day ? day : high));
  return ANQIU_FINE;
}

static bool is_none(anqiu_case *c, int fact, int member) {
  int beside = anqiu_facts[fact].kind == ANQIU_DATE ? anqiu_facts[fact].beside : -1;
  if (beside < 0) return false;
  return load(c, entry(columns[places[beside].first].low, 1, slot_of(c, member)), 1) == ANQIU_INELIGIBLE;
}

static int settle(anqiu_case *c, int member, int32_t day) {
  for (int fact = 0; fact < ANQIU_FACTS; fact++) {
    const anqiu_fact_info *f = &anqiu_facts[fact];
    if (!is_of(fact, member)) continue;
    if (f->required && f->kind < ANQIU_TEXT && *known_of(c, fact, member) != EXACTLY && !is_none(c, fact, member))
      return fault(c, ANQIU_REQUIRED, fact, member);
    if (places[fact].past >= 0 && bring_down(c, fact, member, day)) return ANQIU_LATE;
  }
  return ANQIU_FINE;
}

#if ANQIU_ASSUMING_
static bool is_absent(anqiu_case *c, int fact, int member) {
  return anqiu_facts[fact].assumed && *known_of(c, fact, member) == NOT_GIVEN && places[fact].count > 0;
}

static void write_absent_fact(anqiu_case *c, int fact, int member, bool assume) {
  const anqiu_fact_info *f = &anqiu_facts[fact];
  if (!assume)
    forget(c, fact, member, NOT_GIVEN);
  else if (f->kind == ANQIU_CODES)
    put_codes(c, fact, member, (u64)f->absent);
  else
    put(c, fact, member, (u64)f->absent, (u64)f->absent);
}

/* Write what is assumed of every fact, and list, of which nothing was said, or that it is unknown. Of how many it is. */
static int write_absent(anqiu_case *c, bool assume) {
  int count = 0, member = ANQIU_HOUSEHOLD;
  do
    for (int fact = 0; fact < ANQIU_FACTS; fact++) {
      if (!is_of(fact, member) || !is_absent(c, fact, member)) continue;
      count++;
      write_absent_fact(c, fact, member, assume);
    }
  while (next_subject(c, &member));
#if ANQIU_LISTS
  count += write_absent_lists(c, assume);
#endif
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
  int error, member = ANQIU_HOUSEHOLD;
  do
    if ((error = settle(c, member, day))) return error;
  while (next_subject(c, &member));
#if ANQIU_LISTS
  if ((error = settle_lists(c, day))) return error;
#endif
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

static bool known_subject(const anqiu_case *c, int policy, int member) {
  return known_policy(c, policy) && member >= ANQIU_HOUSEHOLD && member < c->members;
}

int anqiu_status(const anqiu_case *c, int policy, int member) {
  if (!known_subject(c, policy, member)) return ANQIU_NO_SUCH;
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
