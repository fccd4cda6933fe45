/* ---- months and years --------------------------------------------------------------------------------------------- */

enum { EACH_PERIOD = -1, NO_PERIOD = -2, MOST_PERIODS = 1200 };

/* The day that is asked about. */
static int32_t asked_day;

/* The number of the month or year in which the day lies; months are counted from the year 0. */
static int period_now(int each) {
  int year, month, day;
  anqiu_date(asked_day, &year, &month, &day);
  return each == ANQIU_YEARLY ? year : 12 * year + month - 1;
}

/* The number of the month or year that a key names. */
static int period_named(slice key, int each) {
  int year, month;
  size_t at = 4;
  slice text = stripped(key);
  if (one_of(text, each_words)) return EACH_PERIOD;
  if (digits_of(text, 0, 4, &year) != 4) return NO_PERIOD;
  if (each == ANQIU_YEARLY) {
    sign_at(text, &at, "年");
    return at == text.length ? year : NO_PERIOD;
  }
  if (!sign_at(text, &at, "-") && !sign_at(text, &at, "年")) return NO_PERIOD;
  int count = digits_of(text, at, 2, &month);
  at += (size_t)count;
  sign_at(text, &at, "月");
  return count > 0 && at == text.length && month >= 1 && month <= 12 ? 12 * year + month - 1 : NO_PERIOD;
}

/* A fact's name, of a series with the month or year. */
static void put_dated(const char *name, int fact) {
  put("\"");
  put_escaped(name, strlen(name));
  if (fact >= 0 && anqiu_facts[fact].each != ANQIU_ONCE) {
    int each = anqiu_facts[fact].each, period = period_now(each) - anqiu_facts[fact].ago;
    put(" ");
    put_number((unsigned long long)(each == ANQIU_YEARLY ? period : period / 12), 4);
    if (each == ANQIU_MONTHLY) put("-");
    if (each == ANQIU_MONTHLY) put_number((unsigned long long)(period % 12 + 1), 2);
  }
  put("\"");
}
