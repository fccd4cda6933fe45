/* ---- names and dates ---------------------------------------------------------------------------------------------- */

/* As memcmp of both texts, the shorter first where one begins with the other. */
static int ordered(const char *known, const char *text, size_t length) {
  size_t size = strlen(known);
  int order = memcmp(known, text, size < length ? size : length);
  return order ? order : (size > length) - (size < length);
}

int anqiu_find_fact(const char *text, size_t length) {
  size_t low = 0, high = sizeof fact_names / sizeof *fact_names;
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = ordered(fact_names[middle].text, text, length);
    if (order == 0) return fact_names[middle].fact;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return ANQIU_NO_SUCH;
}

#if ANQIU_LISTS
int anqiu_find_list(const char *text, size_t length) {
  for (int list = 0; list < ANQIU_LISTS; list++)
    if (ordered(anqiu_lists[list].name, text, length) == 0 || ordered(anqiu_lists[list].words.zh, text, length) == 0)
      return list;
  return ANQIU_NO_SUCH;
}
#endif

uint64_t anqiu_find_code(int fact, const char *text, size_t length) {
  if (fact < 0 || fact >= ANQIU_FACTS) return 0;
  const anqiu_fact_info *f = &anqiu_facts[fact];
  for (int word = 0; word < 3; word++)
    for (int i = 0; i < f->code_count; i++) {
      const anqiu_code *one = &f->codes[i];
      if (ordered(word == 0 ? one->code : word == 1 ? one->name : one->label, text, length) == 0)
        return UINT64_C(1) << i;
    }
  return 0;
}

/* The calendar's arithmetic is Howard Hinnant's, for years from 1 on. */
int32_t anqiu_day(int year, int month, int day) {
  static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return ANQIU_NO_DAY;
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > lengths[month - 1] + (month == 2 && leap)) return ANQIU_NO_DAY;
  int y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
  int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void anqiu_date(int32_t days, int *year, int *month, int *day) {
  int z = days + 719468, era = z / 146097, of_era = z - era * 146097;
  int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
  *day = of_year - (153 * m + 2) / 5 + 1;
  *month = m < 10 ? m + 3 : m - 9;
  *year = y + era * 400 + (*month <= 2);
}

const char *anqiu_error_text(int error) {
  switch (error) {
    case ANQIU_FINE: return "no error";
    case ANQIU_NO_SUCH: return "no such fact, member or policy";
    case ANQIU_WRONG_KIND: return "the fact is of another kind";
    case ANQIU_OUT_OF_RANGE: return "the value is outside the range that the rules declare";
    case ANQIU_MEMBERS: return "more or fewer members than the rules allow";
    case ANQIU_NOT_COVERED: return "the rules do not cover the day";
    case ANQIU_REQUIRED: return "a fact that must be known exactly is not";
    case ANQIU_LATE: return "a date of the past lies after the day asked about";
    case ANQIU_VIOLATED: return "the data of the household cannot be right";
    case ANQIU_ITEMS: return "more items than the list may have";
    case ANQIU_SAME_ORDER: return "two items of a list have the same place in its order";
    case ANQIU_BROKEN: return "the rules ran into what they never should";
    default: return "no such error";
  }
}
