/* ---- what was assumed --------------------------------------------------------------------------------------------- */

#if ANQIU_ASSUMING_
/* Whether so many bytes of results are the same with nothing assumed. */
static bool alike(const anqiu_case *c, u32 at, u32 size, bool of_members) {
  if (of_members) size *= (u32)c->members;
  return memcmp(c->memory + at, c->bare + (at - ANQIU_AT_RESULTS_), size) == 0;
}

static bool was_assumed(anqiu_case *c, const anqiu_need *one) {
  int subject = one->member;
#if ANQIU_LISTS
  u32 owner = one->member < 0 ? 0 : (u32)one->member;
  if (one->list >= 0 && one->item < 0) return is_absent_list(c, one->list, owner);
  if (one->list >= 0) subject = item_at(one->list, owner, (u32)one->item);
#endif
  return one->fact >= 0 && is_absent(c, one->fact, subject);
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
    if (was_assumed(c, found)) return true;
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
