/* ---- households --------------------------------------------------------------------------------------------------- */

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

/* Whether the key stood in this place before, and then the line is refused. */
static bool named_before(int fact, seen *facts) {
  for (int i = 0; i < facts->count; i++)
    if (facts->facts[i] == fact && same(facts->names[i], in.key)) return !refuse("H052");
  facts->facts[facts->count] = fact;
  facts->names[facts->count++] = in.key;
  return false;
}

static bool read_named(int level, int member, seen *facts) {
  int fact = anqiu_find_fact(in.key.text, in.key.length);
#if ANQIU_LISTS
  int list = fact < 0 ? list_named(level) : -1;
  if (list >= 0)
    return !named_before(-2 - list, facts) && read_list(list, member, &facts->lists[list]);
#endif
  if (fact < 0) return refuse("H011");
  int of = anqiu_facts[fact].level;
  if (of != level) return refuse(of >= ANQIU_OF_LIST ? "H099" : misplaced[of]);
  if (named_before(fact, facts)) return false;
  const anqiu_fact_info *info = &anqiu_facts[fact];
  if (info->series != NULL) return read_series(fact, member, &facts->given[fact]);
  return read_fact(fact, member, facts);
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
  forget_seen(&facts);
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
#if ANQIU_NUMBERS
  in.key.length = 0;
  if (in.code || !settle_numbers(ANQIU_OF_MEMBER, member, &facts)) return false;
#endif
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
  forget_seen(&facts);
  anqiu_household(&c);
  anqiu_assume(&c, assuming);
#if ANQIU_NUMBERS
  derived_count = 0;
#endif
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
#if ANQIU_NUMBERS
  if (in.code || !settle_numbers(ANQIU_OF_HOUSEHOLD, ANQIU_HOUSEHOLD, &facts) || !settle_unique()) return false;
#endif
  if (in.code || !demand(ANQIU_OF_HOUSEHOLD, &facts) || !demand(ANQIU_OF_VILLAGE, &facts)) return false;
  if (!named[0]) return refuse("H002");
  if (c.members < ANQIU_MIN_MEMBERS) return refuse(c.members ? "H006" : "H004");
  return true;
}
