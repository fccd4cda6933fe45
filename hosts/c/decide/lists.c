/* ---- lists -------------------------------------------------------------------------------------------------------- */

#if ANQIU_LISTS
/* The key of the items that there surely are, where there may be others. */
static const char *const at_least_words[] = AT_LEAST_WORDS;

static bool read_named(int level, int member, seen *facts);
static bool demand(int level, const seen *facts);

static bool read_item(int list, int member) {
  static seen facts;
  value given;
  bool first = true;
  in.key.length = 0;
  if (!read_value(&given)) return false;
  int item = anqiu_item(&c, list, member);
  if (item < 0) {
    in.item = -1;
    return refuse("H095");
  }
  if (given.kind != OBJECT) return refuse("H097");
  forget_seen(&facts);
  while (next_key(&first, &in.key))
    if (!read_named(ANQIU_OF_LIST + list, item, &facts)) return false;
  return !in.code && demand(ANQIU_OF_LIST + list, &facts);
}

static bool read_items(int list, int member) {
  bool first = true;
  for (in.item = 0; next_item(&first); in.item++)
    if (!read_item(list, member)) return false;
  in.item = -1;
  return !in.code;
}

/* {"at_least": […]}: the items that there surely are. */
static bool read_at_least(int list, int member) {
  bool first = true, any = false;
  value raw;
  while (next_key(&first, &in.key)) {
    if (!one_of(in.key, at_least_words)) return refuse("H096");
    if (any) return refuse("H015"); /* or H052, if by the same word */
    any = true;
    in.key.length = 0;
    if (!read_value(&raw)) return false;
    if (raw.kind == NOTHING) continue;
    if (raw.kind != LIST) return refuse("H094");
    if (!read_items(list, member)) return false;
  }
  return !in.code;
}

/* What stands under a list's name; `given` is whether it was given before under another, and then whether it is now. */
static bool read_list(int list, int member, bool *given) {
  value raw;
  slice key = in.key;
  if (!read_value(&raw)) return false;
  if (raw.kind == NOTHING) return true;
  if (*given) return refuse("H015");
  *given = true;
  slice text = stripped(raw.text);
  if (raw.kind == STRING && text.length == 0) return true;
  bool unknown = raw.kind == STRING && one_of(text, unknown_words);
  if (!unknown && raw.kind != LIST && raw.kind != OBJECT) return refuse("H094");
  if (!check(anqiu_not_whole(&c, list, member))) return false;
  in.list = key;
  if (raw.kind == OBJECT && !read_at_least(list, member)) return false;
  if (raw.kind == LIST && !(read_items(list, member) && check(anqiu_whole(&c, list, member)))) return false;
  in.list.length = 0;
  return true;
}

/* A list of a household or a member by its name, or -1: other places have none. */
static int list_named(int level) {
  if (level != ANQIU_OF_HOUSEHOLD && level != ANQIU_OF_MEMBER) return -1;
  int list = anqiu_find_list(in.key.text, in.key.length);
  return list >= 0 && anqiu_lists[list].of_members == (level == ANQIU_OF_MEMBER) ? list : -1;
}
#endif

/* Where a fault of the library is: whose fact it is. */
static void place_at(const char *name, int subject) {
  in.key = (slice){(char *)(uintptr_t)name, strlen(name)};
  in.member = subject;
#if ANQIU_LISTS
  int list;
  if (!anqiu_item_of(&c, subject, &list, &in.member, &in.item)) return;
  const char *label = anqiu_lists[list].words.zh;
  in.list = (slice){(char *)(uintptr_t)label, strlen(label)};
#endif
}
