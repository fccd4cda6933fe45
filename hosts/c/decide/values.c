/* ---- values ------------------------------------------------------------------------------------------------------- */

/* What a value may be: of numbers and dates both ends, of codes their bits, of truths bit 1 for no and 2 for yes. */
typedef struct {
  int64_t low, high;
  uint64_t bits;
} possible;

static bool times_ten(uint64_t *value, unsigned digit) {
  if (*value > (UINT64_MAX - digit) / 10) return false;
  *value = *value * 10 + digit;
  return true;
}

/* A decimal text, well-formed but for thousands' commas, in units of 10^-decimals. */
static bool scaled(slice text, int decimals, int64_t *found) {
  uint64_t size = 0;
  int64_t power = power_of(text);
  bool negative = text.text[0] == '-', fits = true;
  for (size_t at = 0, end = mantissa_of(text); at < end; at++)
    if (text.text[at] >= '0' && text.text[at] <= '9') fits = fits && times_ten(&size, (unsigned)(text.text[at] - '0'));
  bool zero = fits && size == 0;
  if (zero && power > 0) power = 0;
  if (-power > decimals) return refuse("H023");
  for (int64_t i = zero ? 0 : decimals + power; fits && i > 0; i--) fits = times_ten(&size, 0);
  if (!fits || size > INT64_MAX) return refuse("H024");
  *found = negative ? -(int64_t)size : (int64_t)size;
  return true;
}

static bool number_form(slice text) {
  size_t at = 0, run = 0;
  bool grouped = false;
  if (at < text.length && (text.text[at] == '+' || text.text[at] == '-')) at++;
  for (;; at++) {
    char sign = at < text.length ? text.text[at] : 0;
    if (sign >= '0' && sign <= '9') {
      run++;
      continue;
    }
    if (run == 0 || (grouped ? run != 3 : sign == ',' && run > 3)) return false;
    if (sign != ',') break;
    grouped = true;
    run = 0;
  }
  if (at == text.length) return true;
  if (text.text[at++] != '.' || at == text.length) return false;
  for (; at < text.length; at++)
    if (text.text[at] < '0' || text.text[at] > '9') return false;
  return true;
}

static bool read_number(const anqiu_fact_info *fact, value given, possible *found) {
  slice text = given.text;
  if (given.kind == STRING) {
    text = half_width(stripped(text));
    if (!number_form(text)) return refuse("H021");
  } else if (given.kind != NUMBER) {
    return refuse("H021");
  }
  if (!scaled(text, fact->decimals, &found->low)) return false;
  found->high = found->low;
  return (found->low >= fact->low && found->low <= fact->high) || refuse("H024");
}

/* Up to `most` digits at a place: how many, and their value. */
static int digits_of(slice text, size_t at, int most, int *found) {
  int count = 0;
  *found = 0;
  while (count < most && at + (size_t)count < text.length) {
    char sign = text.text[at + (size_t)count];
    if (sign < '0' || sign > '9') break;
    *found = *found * 10 + (sign - '0');
    count++;
  }
  return count;
}

static bool sign_at(slice text, size_t *at, const char *sign) {
  size_t length = strlen(sign);
  if (text.length - *at < length || memcmp(text.text + *at, sign, length) != 0) return false;
  *at += length;
  return true;
}

/* Year, month and day as written: 1959-06-30, 1959/6, 1959.6.1, 1959年6月30日, 19590630, 1959; -1 for what is left out. */
static bool date_form(slice text, int *year, int *month, int *day) {
  static const char *const signs[] = {"-", "/", "."};
  size_t at = 4;
  *month = *day = -1;
  if (digits_of(text, 0, 4, year) != 4) return false;
  if (at == text.length) return true;
  for (int i = 0; i < 3; i++) {
    if (!sign_at(text, &at, signs[i])) continue;
    int count = digits_of(text, at, 2, month);
    at += (size_t)count;
    if (count == 0 || at == text.length) return count > 0;
    if (!sign_at(text, &at, signs[i])) return false;
    count = digits_of(text, at, 2, day);
    return count > 0 && at + (size_t)count == text.length;
  }
  if (sign_at(text, &at, "年")) {
    if (at == text.length) return true;
    int count = digits_of(text, at, 2, month);
    at += (size_t)count;
    if (count == 0 || !sign_at(text, &at, "月")) return false;
    if (at == text.length) return true;
    count = digits_of(text, at, 2, day);
    at += (size_t)count;
    return count > 0 && sign_at(text, &at, "日") && at == text.length;
  }
  if (digits_of(text, 4, 2, month) != 2) return false;
  return text.length == 6 || (text.length == 8 && digits_of(text, 6, 2, day) == 2);
}

/* Whether a year and a month have a second meaning as they are written: 1959.1 is October where a spreadsheet took 1959.10
   for a number, 190612 a day of 2019. */
static bool two_readings(slice text, int month) {
  int other;
  if (text.length == 6 && text.text[4] == '.') return text.text[5] == '1';
  return text.length == 6 && month > 0 && digits_of(text, 0, 6, &other) == 6 && other / 100 % 100 >= 1 &&
         other / 100 % 100 <= 12;
}

static bool read_date(const anqiu_fact_info *fact, value given, possible *found) {
  slice text = given.text;
  int year, month, day;
  if (given.kind == STRING)
    text = half_width(stripped(text));
  else if (given.kind != NUMBER || !whole_number(text))
    return refuse("H025");
  if (!date_form(text, &year, &month, &day)) return refuse("H025");
  int32_t first = anqiu_day(year, month < 0 ? 1 : month, day < 0 ? 1 : day), last = first;
  if (first == ANQIU_NO_DAY) return refuse("H026");
  if (month < 0) last = anqiu_day(year, 12, 31);
  for (int end = 31; month >= 0 && day < 0; end--)
    if ((last = anqiu_day(year, month, end)) != ANQIU_NO_DAY) break;
  if (two_readings(text, month)) return refuse("H110");
  found->low = first > fact->low ? first : fact->low;
  found->high = last < fact->high ? last : fact->high;
  return found->low <= found->high || refuse("H027");
}

static bool read_truth(value given, possible *found) {
  slice text = stripped(given.text);
  if (points(given.text) > LONGEST_SHOWN) return refuse("H020");
  if (given.kind == STRING)
    for (size_t i = 0; i < text.length; i++)
      if (text.text[i] >= 'A' && text.text[i] <= 'Z') text.text[i] = (char)(text.text[i] + 32);
  if (given.kind == YES || (given.kind == STRING && one_of(text, true_words)))
    found->bits = 2;
  else if (given.kind == NO || (given.kind == STRING && one_of(text, false_words)))
    found->bits = 1;
  else
    return refuse("H020");
  return true;
}

static bool read_code(int fact, value given, possible *found) {
  slice text = given.text;
  if (given.kind == STRING)
    text = stripped(text);
  else if (given.kind == NUMBER && whole_number(text) && short_whole(text))
    text = number_text(text);
  else
    return refuse("H029");
  found->bits = anqiu_find_code(fact, text.text, text.length);
  return found->bits != 0 || refuse("H029");
}

static bool read_exact(int fact, value given, possible *found) {
  const anqiu_fact_info *info = &anqiu_facts[fact];
  switch (info->kind) {
    case ANQIU_NUMBER: return read_number(info, given, found);
    case ANQIU_DATE: return read_date(info, given, found);
    case ANQIU_TRUTH: return read_truth(given, found);
    default: return read_code(fact, given, found);
  }
}

/* Whether it is said of a date that may be none that there is no such day. */
static bool says_none(int fact, value given) {
  const anqiu_fact_info *info = &anqiu_facts[fact];
  return given.kind == STRING && info->kind == ANQIU_DATE && info->beside >= 0 && one_of(stripped(given.text), none_words);
}

/* Of a date that may be none `bits` say whether there is such a day, as of a truth. */
static bool read_one_of(int fact, value given, possible *found) {
  bool first = true;
  if (given.kind != LIST) return refuse("H034");
  while (next_item(&first)) {
    possible one = {0, 0, 0};
    value item;
    bool only = found->low > found->high, dated = anqiu_facts[fact].kind == ANQIU_DATE;
    if (!read_value(&item)) return false;
    if (says_none(fact, item)) {
      found->bits |= 1;
      continue;
    }
    if (!read_exact(fact, item, &one)) return false;
    found->bits |= dated ? 2 : one.bits;
    if (only || one.low < found->low) found->low = one.low;
    if (only || one.high > found->high) found->high = one.high;
  }
  return !in.code && (!first || refuse("H034"));
}

/* {"min": …, "max": …} of a number or date, {"one_of": […]} of anything; parts that are null or "" are not there. */
static bool read_partly(int fact, possible *found) {
  const anqiu_fact_info *info = &anqiu_facts[fact];
  bool ranged = info->kind == ANQIU_NUMBER || info->kind == ANQIU_DATE;
  possible listed = {1, 0, 0};
  bool first = true, here[3] = {false}, given[3] = {false};
  slice key;
  *found = (possible){info->low, info->high, info->kind == ANQIU_TRUTH ? 3 : UINT64_MAX};
  while (next_key(&first, &key)) {
    int part = 0;
    while (part < 3 && !is(key, parts[part])) part++;
    if (part == 3) return refuse("H032");
    if (here[part]) return refuse("H052");
    here[part] = true;
    value item;
    possible one = {0, 0, 0};
    if (!read_value(&item)) return false;
    if (item.kind == NOTHING || (item.kind == STRING && item.text.length == 0)) continue;
    given[part] = true;
    if (given[2] && (given[0] || given[1])) return refuse("H036");
    if (part < 2 && !ranged) return refuse("H035");
    if (part < 2 ? !read_exact(fact, item, &one) : !read_one_of(fact, item, &listed)) return false;
    if (part == 0) found->low = one.low;
    if (part == 1) found->high = one.high;
  }
  if (in.code) return false;
  if (given[2]) *found = listed;
  if (info->kind == ANQIU_DATE && !given[2]) found->bits = given[0] || given[1] ? 2 : 3;
  if (info->kind == ANQIU_DATE && found->bits == 1) return true;
  return !ranged || found->low <= found->high || refuse("H033");
}

/* The codes that hold: a list, or a text with commas between. */
static bool read_codes(int fact, value given, possible *found) {
  possible one;
  found->bits = 0;
  if (given.kind == OBJECT) return refuse("H030");
  if (given.kind == LIST) {
    bool first = true;
    value item;
    while (next_item(&first)) {
      if (!read_value(&item) || !read_code(fact, item, &one)) return false;
      found->bits |= one.bits;
    }
    return !in.code;
  }
  slice text = stripped(given.text);
  if (given.kind != STRING || anqiu_find_code(fact, text.text, text.length)) return read_code(fact, given, found);
  size_t start = 0, end;
  for (size_t at = 0; (end = at) <= text.length;) {
    bool cut = false;
    for (int i = 0; separators[i] && !cut; i++) cut = sign_at(text, &at, separators[i]);
    if (!cut && at++ < text.length) continue;
    slice name = stripped((slice){text.text + start, end - start});
    uint64_t bit = anqiu_find_code(fact, name.text, name.length);
    if (name.length > 0 && bit == 0) return refuse("H029");
    found->bits |= bit;
    start = at;
  }
  return true;
}

static bool check(int error) {
  switch (error) {
    case ANQIU_FINE: return true;
    case ANQIU_REQUIRED: return refuse("H037");
    case ANQIU_MEMBERS: return refuse("H006");
    default: return refuse("C199");
  }
}

static bool set(int fact, int member, possible found) {
  const anqiu_fact_info *info = &anqiu_facts[fact];
  uint64_t every = info->code_count > 63 ? UINT64_MAX : (UINT64_C(1) << info->code_count) - 1;
  switch (info->kind) {
    case ANQIU_TRUTH:
      if (found.bits == 3) return check(anqiu_set_unknown(&c, fact, member));
      return check(anqiu_set_truth(&c, fact, member, found.bits == 2));
    case ANQIU_CODE:
    case ANQIU_CODES: return check(anqiu_set_codes(&c, fact, member, found.bits & every));
    default: return check(anqiu_set_range(&c, fact, member, found.low, found.high));
  }
}
