/* ---- since when ---------------------------------------------------------------------------------------------------- */

/* The day whose circumstances make a policy apply from a day on. */
static int32_t assessed_on(uint8_t starts, int32_t day) {
  if (starts == SAME_DAY) return day;
  int year, month, unused;
  anqiu_date(day, &year, &month, &unused);
  if (starts == SAME_MONTH) {
    year += month == 12;
    month = month % 12 + 1;
  }
  /* there is no 10000-01 whose eve could be asked for */
  return year > 9999 ? anqiu_day(9999, 12, 31) : anqiu_day(year, month, 1) - 1;
}

static int32_t day_in(const anqiu_case *c, u32 address, int member) {
  const uint8_t *p = c->memory + entry(address, 4, member);
  return (int32_t)((u32)p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24);
}

bool anqiu_first_day(const anqiu_case *c, int policy, int member, int32_t *low, int32_t *high) {
  *low = *high = 0;
  if (anqiu_status(c, policy, member) <= ANQIU_INELIGIBLE || since[policy] < 0) return false;
  if (anqiu_policies[policy].of_members != (member >= 0)) return false;
  const place *days = &places[since[policy]], *given = &places[anqiu_facts[since[policy]].beside];
  const column *at = &columns[days->first];
  int applied = c->memory[entry(columns[given->first].low, 1, member)];
  int32_t assessed = assessed_on(frame_of(c, policy)->starts, c->day);
  *low = applied == ANQIU_INELIGIBLE ? assessed : day_in(c, at->low, member);
  *high = applied == ANQIU_INELIGIBLE ? assessed : day_in(c, at->high, member);
  if (applied == ANQIU_UNKNOWN && assessed < *low) *low = assessed;
  if (applied == ANQIU_UNKNOWN && assessed > *high) *high = assessed;
  return true;
}
