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
