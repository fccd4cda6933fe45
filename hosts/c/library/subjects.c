/* ---- whose -------------------------------------------------------------------------------------------------------- */

/* A subject is the household (ANQIU_HOUSEHOLD), a member by number, or an item: these are numbered from ANQIU_FIRST_ITEM_
   on, list by list, for each owner as many as it may have. In the columns all items of a list stand side by side, as many as
   there are: an item is at its slot. */

/* The address of an entry in a column. */
static u32 entry(u32 address, u32 size, int slot) { return address + (slot < 0 ? 0 : (u32)slot * size); }

#if ANQIU_LISTS
static u32 word_at(const anqiu_case *c, u32 address) {
  const uint8_t *p = c->memory + address;
  return (u32)p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

/* The list of which a subject is an item, its owner (0 where the household owns it) and its number; -1 for other subjects. */
static int list_of(int subject, u32 *owner, u32 *number) {
  if (subject < ANQIU_FIRST_ITEM_) return -1;
  int list = 0;
  while (list + 1 < ANQIU_LISTS && subject >= listings[list + 1].first) list++;
  u32 at = (u32)(subject - listings[list].first);
  *owner = at / anqiu_lists[list].most;
  *number = at % anqiu_lists[list].most;
  return list;
}

static int item_at(int list, u32 owner, u32 number) {
  return listings[list].first + (int)(owner * anqiu_lists[list].most + number);
}

static u32 owners(const anqiu_case *c, int list) { return anqiu_lists[list].of_members ? (u32)c->members : 1; }

static u32 first_slot(const anqiu_case *c, int list, u32 owner) { return word_at(c, listings[list].offsets + 4 * owner); }

/* How many items an owner surely has. */
static u32 items_of(const anqiu_case *c, int list, u32 owner) {
  return first_slot(c, list, owner + 1) - first_slot(c, list, owner);
}
#endif

/* Where a subject's entries are in its columns. */
static int slot_of(const anqiu_case *c, int subject) {
#if ANQIU_LISTS
  u32 owner, number;
  int list = list_of(subject, &owner, &number);
  if (list >= 0) return (int)(first_slot(c, list, owner) + number);
#endif
  (void)c;
  return subject;
}

/* Whether a fact is one of a subject's: the village's are the household's. */
static bool is_of(int fact, int subject) {
#if ANQIU_LISTS
  u32 owner, number;
  int list = list_of(subject, &owner, &number);
  if (list >= 0 || anqiu_facts[fact].level >= ANQIU_OF_LIST) return anqiu_facts[fact].level == ANQIU_OF_LIST + list;
#endif
  return (anqiu_facts[fact].level == ANQIU_OF_MEMBER) == (subject >= 0);
}

static bool is_there(const anqiu_case *c, int subject) {
#if ANQIU_LISTS
  u32 owner, number;
  int list = list_of(subject, &owner, &number);
  if (list >= 0) return owner < owners(c, list) && number < items_of(c, list, owner);
#endif
  return subject >= ANQIU_HOUSEHOLD && subject < c->members;
}

/* The next subject that there is, from ANQIU_HOUSEHOLD on: the members, then items. False after the last. */
static bool next_subject(const anqiu_case *c, int *subject) {
#if ANQIU_LISTS
  u32 owner = 0, number = 0;
  int list = list_of(*subject, &owner, &number);
  if (list < 0 && ++*subject < c->members) return true;
  for (list < 0 ? (list = 0) : (int)number++; list < ANQIU_LISTS; list++, owner = number = 0)
    for (; owner < owners(c, list); owner++, number = 0)
      if (number < items_of(c, list, owner)) {
        *subject = item_at(list, owner, number);
        return true;
      }
  return false;
#else
  return ++*subject < c->members;
#endif
}

static uint8_t *known_of(anqiu_case *c, int fact, int subject) {
#if ANQIU_LISTS
  u32 owner, number;
  int list = list_of(subject, &owner, &number);
  if (list >= 0) return &c->known[item_known[fact] + (u32)(subject - listings[list].first)];
#endif
  return &c->known[(subject + 1) * ANQIU_FACTS + fact];
}

static int32_t *latest(anqiu_case *c, int fact, int subject) {
#if ANQIU_LISTS
  u32 owner, number;
  int list = list_of(subject, &owner, &number);
  if (list >= 0) return &c->latest[item_latest[fact] + (u32)(subject - listings[list].first)];
#endif
  return &c->latest[(subject + 1) * ANQIU_PAST_ + places[fact].past];
}
