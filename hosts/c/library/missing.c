/* ---- what is missing ---------------------------------------------------------------------------------------------- */

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
  if (!anqiu_possible_departments(c, policy, ANQIU_HOUSEHOLD, true, some) &&
      !anqiu_possible_departments(c, policy, ANQIU_HOUSEHOLD, false, some))
    return false;
  resting bodies_asked = {.question = results[policy].answering};
  return next_need(c, needs_shown(c), &bodies_asked, 1, at, found);
}
