/* ---- lists -------------------------------------------------------------------------------------------------------- */

#if ANQIU_LISTS
enum { SOME_ITEMS = PARTLY, ALL_ITEMS = EXACTLY };

static uint8_t *listed_of(anqiu_case *c, int list, u32 owner) { return &c->listed[list * ANQIU_OWNERS_ + (int)owner]; }

/* How many items an owner may have besides those that are there, by what was said. */
static u32 further_items(anqiu_case *c, int list, u32 owner) {
  return *listed_of(c, list, owner) == ALL_ITEMS ? 0 : anqiu_lists[list].most - items_of(c, list, owner);
}

static void store_more(anqiu_case *c, int list, u32 owner, u32 more) {
  store(c, listings[list].more + 4 * owner, 4, more);
}

/* Begin the lists of the household, or of its last member: nothing is known of them. */
static void forget_lists(anqiu_case *c, bool of_members) {
  u32 owner = of_members ? (u32)c->members - 1 : 0;
  for (int list = 0; list < ANQIU_LISTS; list++) {
    if (anqiu_lists[list].of_members != of_members) continue;
    u32 at = listings[list].offsets + 4 * owner;
    store(c, at + 4, 4, word_at(c, at));
    *listed_of(c, list, owner) = NOT_GIVEN;
    store_more(c, list, owner, anqiu_lists[list].most);
    c->inexact++;
  }
}
/* Change how a list was given; how many items there may be follows. */
static void tell_list(anqiu_case *c, int list, u32 owner, uint8_t how, u32 further_before) {
  *listed_of(c, list, owner) = how;
  u32 further = further_items(c, list, owner);
  c->inexact += (further > 0) - (further_before > 0);
  store_more(c, list, owner, further);
  c->decided = c->asked = false;
}

/* Where the owner of a list stands among its owners, or ANQIU_NO_SUCH. */
static int owner_of(const anqiu_case *c, int list, int member) {
  if (list < 0 || list >= ANQIU_LISTS || anqiu_lists[list].of_members != (member >= 0)) return ANQIU_NO_SUCH;
  if (member < ANQIU_HOUSEHOLD || member >= c->members) return ANQIU_NO_SUCH;
  return member < 0 ? 0 : member;
}

static void make_room(anqiu_case *c, u32 address, u32 size, u32 at, u32 items) {
  if (address != 0) memmove(c->memory + address + (at + 1) * size, c->memory + address + at * size, (items - at) * size);
}

/* An entry in each column, after the owner's last item. */
static void add_slot(anqiu_case *c, int list, u32 owner) {
  u32 at = first_slot(c, list, owner + 1), items = first_slot(c, list, owners(c, list));
  for (int fact = 0; fact < ANQIU_FACTS; fact++) {
    if (anqiu_facts[fact].level != ANQIU_OF_LIST + list) continue;
    const place *p = &places[fact];
    for (int i = 0; i < p->count; i++) {
      const column *one = &columns[p->first + i];
      make_room(c, one->low, p->size, at, items);
      if (one->high != one->low) make_room(c, one->high, p->size, at, items);
    }
  }
  for (u32 i = owner + 1; i <= owners(c, list); i++)
    store(c, listings[list].offsets + 4 * i, 4, first_slot(c, list, i) + 1);
}

int anqiu_item(anqiu_case *c, int list, int member) {
  int owner = owner_of(c, list, member);
  if (owner < 0) return owner;
  u32 count = items_of(c, list, (u32)owner), further = further_items(c, list, (u32)owner);
  if (count >= anqiu_lists[list].most) return ANQIU_ITEMS;
  int item = item_at(list, (u32)owner, count);
  add_slot(c, list, (u32)owner);
  forget_all(c, item);
  uint8_t how = *listed_of(c, list, (u32)owner);
  tell_list(c, list, (u32)owner, how == ALL_ITEMS ? ALL_ITEMS : SOME_ITEMS, further);
  return item;
}

int anqiu_whole(anqiu_case *c, int list, int member) {
  int owner = owner_of(c, list, member);
  if (owner < 0) return owner;
  tell_list(c, list, (u32)owner, ALL_ITEMS, further_items(c, list, (u32)owner));
  return ANQIU_FINE;
}

int anqiu_not_whole(anqiu_case *c, int list, int member) {
  int owner = owner_of(c, list, member);
  if (owner < 0) return owner;
  tell_list(c, list, (u32)owner, SOME_ITEMS, further_items(c, list, (u32)owner));
  return ANQIU_FINE;
}

bool anqiu_item_of(const anqiu_case *c, int subject, int *list, int *member, int *number) {
  u32 owner, at;
  int found = is_there(c, subject) ? list_of(subject, &owner, &at) : -1;
  if (found < 0) return false;
  *list = found;
  *member = anqiu_lists[found].of_members ? (int)owner : ANQIU_HOUSEHOLD;
  *number = (int)at;
  return true;
}

/* The entry after the last item of all stands for those of which only the number is bounded. */
static void write_further(anqiu_case *c, int list) {
  u32 slot = first_slot(c, list, owners(c, list));
  for (int fact = 0; fact < ANQIU_FACTS; fact++) {
    const anqiu_fact_info *f = &anqiu_facts[fact];
    if (f->level != ANQIU_OF_LIST + list) continue;
    bool ranged = f->kind == ANQIU_NUMBER || f->kind == ANQIU_DATE;
    u64 masked = f->kind == ANQIU_CODE ? every_code(fact) : ANQIU_UNKNOWN;
    put_at(c, fact, (int)slot, ranged ? (u64)f->low : masked, ranged ? (u64)f->high : masked);
  }
}

/* A fact by which items are told apart, if it is known exactly: of a date of the past that lies before the day. */
static bool order_known(anqiu_case *c, int fact, int item, int32_t day, s64 *value) {
  const anqiu_fact_info *f = &anqiu_facts[fact];
  const place *p = &places[fact];
  const column *at = &columns[p->first];
  int slot = slot_of(c, item);
  s64 low = f->low, high = f->high;
  if (*known_of(c, fact, item) >= PARTLY) {
    low = load_signed(c, entry(at->low, p->size, slot), p->size);
    high = load_signed(c, entry(at->high, p->size, slot), p->size);
  }
  if (p->past >= 0 && low <= day && high > day) high = day;
  *value = low;
  return low == high;
}

static bool same_order(anqiu_case *c, int list, int item, int other, int32_t day) {
  const int16_t *facts = &orders[listings[list].first_order];
  for (int i = 0; i < listings[list].orders; i++) {
    s64 one, two;
    if (!order_known(c, facts[i], item, day, &one) || !order_known(c, facts[i], other, day, &two) || one != two)
      return false;
  }
  return true;
}

/* No two items of an owner have the same place in the order. */
static int settle_order(anqiu_case *c, int list, u32 owner, int32_t day) {
  if (listings[list].orders == 0) return ANQIU_FINE;
  for (u32 i = 1; i < items_of(c, list, owner); i++)
    for (u32 other = 0; other < i; other++)
      if (same_order(c, list, item_at(list, owner, i), item_at(list, owner, other), day))
        return fault(c, ANQIU_SAME_ORDER, orders[listings[list].first_order], item_at(list, owner, i));
  return ANQIU_FINE;
}

static int settle_lists(anqiu_case *c, int32_t day) {
  for (int list = 0; list < ANQIU_LISTS; list++) {
    write_further(c, list);
    for (u32 owner = 0; owner < owners(c, list); owner++)
      if (settle_order(c, list, owner, day)) return ANQIU_SAME_ORDER;
  }
  return ANQIU_FINE;
}

#if ANQIU_ASSUMING_
static bool is_absent_list(anqiu_case *c, int list, u32 owner) {
  return anqiu_lists[list].assumed && *listed_of(c, list, owner) == NOT_GIVEN;
}

/* Write of every list of which nothing was said, and of which it may be assumed, that there is nothing in it, or what may
   be. Of how many it is. */
static int write_absent_lists(anqiu_case *c, bool assume) {
  int count = 0;
  for (int list = 0; list < ANQIU_LISTS; list++)
    for (u32 owner = 0; owner < owners(c, list); owner++) {
      if (!is_absent_list(c, list, owner)) continue;
      count++;
      store_more(c, list, owner, assume ? 0 : anqiu_lists[list].most);
    }
  return count;
}
#endif
#endif
