/* ---- facts -------------------------------------------------------------------------------------------------------- */

/* What is given in one place: by which names, a list's as -2 less its number, and which facts and lists. */
typedef struct {
  int count;
  int facts[ANQIU_NAMES + 2 * ANQIU_LISTS + 1];
  slice names[ANQIU_NAMES + 2 * ANQIU_LISTS + 1];
  bool given[ANQIU_FACTS + 1];
  uint8_t told[ANQIU_FACTS + 1]; /* beside a date that may be none */
  bool lists[ANQIU_LISTS + 1];
  value numbers[ANQIU_NUMBERS + 1]; /* of identity */
} seen;

static void forget_seen(seen *facts) {
  facts->count = 0;
  memset(facts->given, 0, sizeof facts->given);
  memset(facts->told, 0, sizeof facts->told);
  memset(facts->lists, 0, sizeof facts->lists);
  memset(facts->numbers, 0, sizeof facts->numbers);
}

/* Whether it is said that nobody knows the fact, of several codes by {} too; a code may be called by such a word. */
static bool says_unknown(int fact, value raw) {
  if (raw.kind == OBJECT) return anqiu_facts[fact].kind == ANQIU_CODES && take('}');
  slice text = stripped(raw.text);
  return raw.kind == STRING && one_of(text, unknown_words) && !anqiu_find_code(fact, text.text, text.length);
}

/* Whether there is a day, of which a date that may be none and the fact beside it both tell: bit 1 for no and 2 for yes.
   `told` is what was said before. */
static bool tell(int fact, int member, uint64_t bits, uint8_t *told) {
  int truth = anqiu_facts[fact].kind == ANQIU_TRUTH ? fact : anqiu_facts[fact].beside;
  if (bits != 3 && *told != 0 && *told != bits) return refuse("H038");
  if (bits != 3) *told = (uint8_t)bits;
  return check(*told == 0 ? anqiu_set_unknown(&c, truth, member) : anqiu_set_truth(&c, truth, member, *told == 2));
}

/* A date that may be none, or the fact beside it. */
static bool set_shared(int fact, int member, possible found, uint8_t *told) {
  const anqiu_fact_info *info = &anqiu_facts[fact];
  if (info->kind == ANQIU_DATE) {
    if (info->required && (found.bits == 3 || (found.bits == 2 && found.low != found.high))) return refuse("H037");
    if (!(found.bits == 1 ? check(anqiu_set_none(&c, fact, member)) : set(fact, member, found))) return false;
  }
  return tell(fact, member, found.bits, told);
}

#if ANQIU_NUMBERS
/* What was read of each fact, where a number of identity may tell it too. */
static possible read_as[ANQIU_FACTS + 1];

static bool told_by_number(int fact) {
  for (int i = 0; i < ANQIU_NUMBERS; i++)
    if (anqiu_numbers[i].birth == fact || anqiu_numbers[i].sex == fact) return true;
  return false;
}

/* Keep what was read of a fact that a number may tell; whether it is kept only, as it must be known exactly and is not. */
static bool keep(int fact, possible found) {
  const anqiu_fact_info *info = &anqiu_facts[fact];
  if (!told_by_number(fact)) return false;
  if (info->kind == ANQIU_CODE && info->code_count < 64) found.bits &= (UINT64_C(1) << info->code_count) - 1;
  read_as[fact] = found;
  bool exact = info->kind == ANQIU_CODE ? (found.bits & (found.bits - 1)) == 0 : found.low == found.high;
  return info->required && !exact;
}

static void note_number_given(int fact, value raw, seen *facts) {
  for (int i = 0; i < ANQIU_NUMBERS; i++)
    if (anqiu_numbers[i].fact == fact) facts->numbers[i] = raw;
}
#endif

static bool read_fact(int fact, int member, seen *facts) {
  const anqiu_fact_info *about = &anqiu_facts[fact];
  bool *given = &facts->given[fact];
  uint8_t *told = &facts->told[about->kind == ANQIU_DATE && about->beside >= 0 ? about->beside : fact];
  value raw;
  possible found = {0, 0, 0};
  if (!read_value(&raw)) return false;
  if (raw.kind == NOTHING || (raw.kind == STRING && stripped(raw.text).length == 0)) return true;
  if (*given) return refuse("H015");
  *given = true;
#if ANQIU_NUMBERS
  note_number_given(fact, raw, facts);
#endif
  bool shared = anqiu_facts[fact].beside >= 0;
  if (anqiu_facts[fact].kind < ANQIU_TEXT && says_unknown(fact, raw)) {
#if ANQIU_NUMBERS
    if (keep(fact, (possible){about->low, about->high, UINT64_MAX})) return true;
#endif
    if (anqiu_facts[fact].required) return refuse("H037");
    return check(anqiu_set_unknown(&c, fact, member)) && (!shared || tell(fact, member, 3, told));
  }
  switch (anqiu_facts[fact].kind) {
    case ANQIU_IDENTITY:
    case ANQIU_TEXT: return (raw.kind != LIST && raw.kind != OBJECT) || refuse("H031");
    case ANQIU_CODES: return read_codes(fact, raw, &found) && set(fact, member, found);
    default: break;
  }
  bool dated = shared && anqiu_facts[fact].kind == ANQIU_DATE;
  if (dated && raw.kind != OBJECT) found.bits = says_none(fact, raw) ? 1 : 2;
  bool read = found.bits == 1 || (raw.kind == OBJECT ? read_partly(fact, &found) : read_exact(fact, raw, &found));
#if ANQIU_NUMBERS
  if (read && keep(fact, found)) return true;
#endif
  return read && (shared ? set_shared(fact, member, found, told) : set(fact, member, found));
}

/* What is given of a fact by month or year: those in the window are set, the others only read. */
static bool read_series(int fact, int member, bool *given) {
  static slice keys[MOST_PERIODS];
  static int periods[MOST_PERIODS];
  static bool told[ANQIU_FACTS + 1];
  value raw;
  slice key;
  possible others = {0, 0, 0};
  bool first = true, any = false;
  int count = 0, last = fact, each = anqiu_facts[fact].each;
  if (!read_value(&raw)) return false;
  if (raw.kind == NOTHING || (raw.kind == STRING && stripped(raw.text).length == 0)) return true;
  if (*given) return refuse("H015");
  *given = true;
  if (raw.kind == STRING && one_of(stripped(raw.text), unknown_words)) return true;
  if (raw.kind != OBJECT) return refuse("H090");
  while (last + 1 < ANQIU_FACTS && anqiu_facts[last + 1].ago == last + 1 - fact) last++;
  memset(told, 0, sizeof told);
  while (next_key(&first, &key)) {
    value item;
    possible found = {0, 0, 0};
    int period = period_named(key, each);
    for (int i = 0; i < count; i++)
      if (same(keys[i], key)) return refuse("H052");
    if (period == NO_PERIOD) return refuse("H091");
    if (count == MOST_PERIODS) return refuse("C104");
    keys[count] = key;
    periods[count++] = NO_PERIOD;
    if (!read_value(&item)) return false;
    if (item.kind == NOTHING || (item.kind == STRING && stripped(item.text).length == 0)) continue;
    for (int i = 0; i < count; i++)
      if (periods[i] == period) return refuse("H092");
    periods[count - 1] = period;
    bool unknown = says_unknown(fact, item);
    if (!unknown && !(item.kind == OBJECT ? read_partly(fact, &found) : read_exact(fact, item, &found))) return false;
    int at = fact + period_now(each) - period;
    if (period == EACH_PERIOD) {
      others = found;
      any = !unknown;
    } else if (at >= fact && at <= last) {
      told[at] = true;
      if (!unknown && !set(at, member, found)) return false;
    }
  }
  for (int at = fact; any && at <= last; at++)
    if (!told[at] && !set(at, member, others)) return false;
  return !in.code;
}
