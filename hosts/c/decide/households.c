/* ---- households --------------------------------------------------------------------------------------------------- */

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

/* `given` is whether the fact was given before under another name, and then whether it is now. */
static bool read_fact(int fact, int member, bool *given, uint8_t *told) {
  value raw;
  possible found = {0, 0, 0};
  if (!read_value(&raw)) return false;
  if (raw.kind == NOTHING || (raw.kind == STRING && stripped(raw.text).length == 0)) return true;
  if (*given) return refuse("H015");
  *given = true;
  bool shared = anqiu_facts[fact].beside >= 0;
  if (anqiu_facts[fact].kind < ANQIU_TEXT && says_unknown(fact, raw)) {
    if (anqiu_facts[fact].required) return refuse("H037");
    return check(anqiu_set_unknown(&c, fact, member)) && (!shared || tell(fact, member, 3, told));
  }
  switch (anqiu_facts[fact].kind) {
    case ANQIU_TEXT: return (raw.kind != LIST && raw.kind != OBJECT) || refuse("H031");
    case ANQIU_IDENTITY: return refuse("C105");
    case ANQIU_CODES: return read_codes(fact, raw, &found) && set(fact, member, found);
    default: break;
  }
  bool dated = shared && anqiu_facts[fact].kind == ANQIU_DATE;
  if (dated && raw.kind != OBJECT) found.bits = says_none(fact, raw) ? 1 : 2;
  bool read = found.bits == 1 || (raw.kind == OBJECT ? read_partly(fact, &found) : read_exact(fact, raw, &found));
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

static bool read_id(slice *found, const char *absent) {
  value raw;
  if (!read_value(&raw)) return false;
  if (raw.kind == NOTHING || (raw.kind == STRING && stripped(raw.text).length == 0)) return refuse(absent);
  if (raw.kind == NUMBER) {
    *found = number_text(raw.text);
    return (whole_number(raw.text) && short_whole(raw.text)) || refuse("H003");
  }
  if (raw.kind != STRING) return refuse("H003");
  if (points(raw.text) > LONGEST_ID) return refuse("H003");
  int size;
  for (size_t at = 0; at < raw.text.length; at += (size_t)size)
    if (!printable(point_at(raw.text.text + at, &size))) return refuse("C102");
  *found = stripped(raw.text);
  return true;
}

/* The facts of one place: under which names they stand there, and which are given. */
typedef struct {
  int count;
  int facts[ANQIU_NAMES + 1];
  slice names[ANQIU_NAMES + 1];
  bool given[ANQIU_FACTS + 1];
  uint8_t told[ANQIU_FACTS + 1]; /* beside a date that may be none */
} seen;

static bool read_named(int level, int member, seen *facts) {
  int fact = anqiu_find_fact(in.key.text, in.key.length);
  if (fact < 0) return refuse("H011");
  if (anqiu_facts[fact].level != level) return refuse(misplaced[anqiu_facts[fact].level]);
  for (int i = 0; i < facts->count; i++)
    if (facts->facts[i] == fact && same(facts->names[i], in.key)) return refuse("H052");
  facts->facts[facts->count] = fact;
  facts->names[facts->count++] = in.key;
  const anqiu_fact_info *info = &anqiu_facts[fact];
  if (info->series != NULL) return read_series(fact, member, &facts->given[fact]);
  int truth = info->kind == ANQIU_DATE && info->beside >= 0 ? info->beside : fact;
  return read_fact(fact, member, &facts->given[fact], &facts->told[truth]);
}

static bool demand(int level, const seen *facts) {
  for (int fact = 0; fact < ANQIU_FACTS; fact++)
    if (anqiu_facts[fact].required && anqiu_facts[fact].level == level && !facts->given[fact]) {
      in.key = (slice){(char *)(uintptr_t)anqiu_facts[fact].label, strlen(anqiu_facts[fact].label)};
      return refuse("H016");
    }
  return true;
}

static bool read_member(void) {
  seen facts;
  bool first = true, named = false;
  int member = anqiu_member(&c);
  if (member < 0) return refuse("H006");
  facts.count = 0;
  memset(facts.given, 0, sizeof facts.given);
  memset(facts.told, 0, sizeof facts.told);
  while (next_key(&first, &in.key)) {
    if (!one_of(in.key, member_id_keys)) {
      if (!read_named(ANQIU_OF_MEMBER, member, &facts)) return false;
    } else if (named) {
      return refuse("H015");
    } else {
      named = true;
      if (!read_id(&member_ids[member], "H008")) return false;
    }
  }
  if (in.code || !demand(ANQIU_OF_MEMBER, &facts)) return false;
  in.key.length = 0;
  if (!named) return refuse("H008");
  for (int other = 0; other < member; other++)
    if (same(member_ids[other], member_ids[member])) return refuse("H009");
  return true;
}

static bool read_members(void) {
  value listed, item;
  bool first = true;
  if (!read_value(&listed)) return false;
  if (listed.kind == NOTHING || (listed.kind == STRING && listed.text.length == 0)) return true;
  if (listed.kind != LIST) return refuse("H005");
  while (next_item(&first)) {
    in.member = c.members;
    in.key.length = 0;
    if (!read_value(&item)) return false;
    if (item.kind != OBJECT) return refuse("H007");
    if (!read_member()) return false;
  }
  in.member = ANQIU_HOUSEHOLD;
  return !in.code;
}

static bool read_village(seen *facts) {
  value raw;
  bool first = true;
  if (!read_value(&raw)) return false;
  if (raw.kind == NOTHING || (raw.kind == STRING && raw.text.length == 0)) return true;
  if (raw.kind != OBJECT) return refuse("H010");
  while (next_key(&first, &in.key))
    if (!read_named(ANQIU_OF_VILLAGE, ANQIU_HOUSEHOLD, facts)) return false;
  return !in.code;
}

/* Whether what the rules declare is taken of facts that are not given. */
static bool assuming = true;

static bool read_household(void) {
  static const char *const *const words[] = {id_keys, members_keys, village_keys};
  static seen facts;
  bool first = true, named[3] = {false};
  facts.count = 0;
  memset(facts.given, 0, sizeof facts.given);
  memset(facts.told, 0, sizeof facts.told);
  anqiu_household(&c);
  anqiu_assume(&c, assuming);
  if (!take('{')) return refuse(in.at == in.end || !strchr("[\"-0123456789tfn", *in.at) ? "H050" : "H001");
  while (next_key(&first, &in.key)) {
    int word = 0;
    while (word < 3 && !one_of(in.key, words[word])) word++;
    if (word < 3 && named[word]) return refuse("H015"); /* or H052, if by the same word */
    if (word < 3) named[word] = true;
    bool read = word == 0   ? read_id(&household_id, "H002")
                : word == 1 ? read_members()
                : word == 2 ? read_village(&facts)
                            : read_named(ANQIU_OF_HOUSEHOLD, ANQIU_HOUSEHOLD, &facts);
    if (!read) return false;
  }
  skip_blanks();
  if (!in.code && in.at != in.end) refuse("H050");
  in.key.length = 0;
  if (in.code || !demand(ANQIU_OF_HOUSEHOLD, &facts) || !demand(ANQIU_OF_VILLAGE, &facts)) return false;
  if (!named[0]) return refuse("H002");
  if (c.members < ANQIU_MIN_MEMBERS) return refuse(c.members ? "H006" : "H004");
  return true;
}
