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

/* An input of a household, a member or an item: where its byte stands, whose it is, what it is about. */
typedef struct {
  int byte, member, list, item;
  const need *about, *last; /* where those of this subject end */
} input_asked;

#if ANQIU_LISTS
static int lists_owned(bool of_members) {
  int count = 0;
  for (int list = 0; list < ANQIU_LISTS; list++) count += anqiu_lists[list].of_members == of_members;
  return count;
}

static int of_items(int list) { return listings[list].inputs * anqiu_lists[list].most; }

/* How many places in the order the needs of a household, or of each member, take: of each list the list itself, then each
   input of every item that there may be. */
static int places_taken(bool of_members) {
  int count = of_members ? ANQIU_NEEDS_OF_MEMBER_ : ANQIU_NEEDS_OF_HOUSEHOLD_;
  for (int list = 0; list < ANQIU_LISTS; list++)
    if (anqiu_lists[list].of_members == of_members) count += of_items(list);
  return count;
}

/* An input of an item, of which `at` are before it: input by input, item by item. `*next` goes over those that are not
   there. */
static bool item_asked(const anqiu_case *c, int list, int at, int *next, input_asked *found) {
  u32 owner = found->member < 0 ? 0 : (u32)found->member;
  int most = anqiu_lists[list].most, input = at / most, item = at % most, inputs = listings[list].inputs;
  if (item >= (int)items_of(c, list, owner)) {
    *next += most - item - 1;
    return false;
  }
  found->list = list;
  found->item = item;
  found->byte = (int)listings[list].needs + ((int)owner * most + item) * inputs + input;
  found->about = found->last = &item_needs[listings[list].first_input + input];
  return true;
}

/* The input at a place of the order in which they are told. False where there is none, then `*next` is the next place. */
static bool input_at(const anqiu_case *c, int at, int *next, input_asked *found) {
  int own = places_taken(false), inner = places_taken(true);
  *next = at + 1;
  found->member = at < own ? ANQIU_HOUSEHOLD : (at - own) / inner;
  bool of_members = found->member >= 0;
  at -= of_members ? own + found->member * inner : 0;
  int all = of_members ? ANQIU_NEEDS_OF_MEMBER_ : ANQIU_NEEDS_OF_HOUSEHOLD_, plain = all - lists_owned(of_members);
  const need *first = &needs[of_members ? ANQIU_NEEDS_OF_HOUSEHOLD_ : 0];
  int start = of_members ? ANQIU_NEEDS_OF_HOUSEHOLD_ + found->member * ANQIU_NEEDS_OF_MEMBER_ : 0;
  found->list = found->item = -1;
  found->last = first + plain;
  if (at < plain) {
    found->byte = start + at;
    found->about = first + at;
    return true;
  }
  at -= plain;
  for (int list = 0, number = plain; list < ANQIU_LISTS; list++) {
    if (anqiu_lists[list].of_members != of_members) continue;
    if (at == 0) {
      found->list = list;
      found->byte = start + number;
      found->about = found->last = first + number;
      return true;
    }
    if (at <= of_items(list)) return item_asked(c, list, at - 1, next, found);
    at -= of_items(list) + 1;
    number++;
  }
  return false;
}

static int places_of(const anqiu_case *c) { return places_taken(false) + c->members * places_taken(true); }

/* Whether an item's fact that has several inputs, a code each, was told by one before. */
static bool was_told(const input_asked *one, const uint8_t *needs_of_all, const resting *asked, int count) {
  if (one->item < 0) return false;
  const need *before = one->about, *first = &item_needs[listings[one->list].first_input];
  for (int byte = one->byte - 1; before > first && before[-1].fact == one->about->fact; before--, byte--)
    if (is_needed(needs_of_all, asked, count, byte)) return true;
  return false;
}
#else
static bool input_at(const anqiu_case *c, int at, int *next, input_asked *found) {
  int own = ANQIU_NEEDS_OF_HOUSEHOLD_, inner = ANQIU_NEEDS_OF_MEMBER_;
  (void)c;
  *next = at + 1;
  found->byte = at;
  found->member = at < own ? ANQIU_HOUSEHOLD : (at - own) / inner;
  found->list = found->item = -1;
  found->about = &needs[at < own ? at : own + (at - own) % inner];
  found->last = &needs[at < own ? own : own + inner];
  return true;
}

static int places_of(const anqiu_case *c) { return ANQIU_NEEDS_OF_HOUSEHOLD_ + c->members * ANQIU_NEEDS_OF_MEMBER_; }

static bool was_told(const input_asked *one, const uint8_t *needs_of_all, const resting *asked, int count) {
  (void)one, (void)needs_of_all, (void)asked, (void)count;
  return false;
}
#endif

/* The next that keeps the questions about what is told open. Several inputs of one fact, its codes, stand side by side and
   count once. */
static bool next_need(const anqiu_case *c, const uint8_t *needs_of_all, const resting *asked, int count, int *at,
                      anqiu_need *found) {
  input_asked one;
  for (int end = places_of(c), next; !c->broken && *at < end; *at = next) {
    if (!input_at(c, *at, &next, &one) || !is_needed(needs_of_all, asked, count, one.byte)) continue;
    if (was_told(&one, needs_of_all, asked, count)) continue;
    *found = (anqiu_need){one.about->fact < 0 ? -1 : one.about->fact, one.member, one.list, one.item, one.about->name,
                          one.about->label};
    for (const need *same = one.about + 1; same < one.last && same->fact == one.about->fact && same->fact >= 0; same++) next++;
    *at = next;
    return true;
  }
  return false;
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
