/* ---- numbers of identity ------------------------------------------------------------------------------------------ */

#if ANQIU_NUMBERS
/* GB 11643-1999: six digits of an area, eight of the day of birth, three of an order that is odd for men, and the check
   character by ISO 7064, MOD 11-2. Of the older numbers of 15 digits nothing is taken but whose they are. */
enum { WHOLE_NUMBER = 18, OLD_NUMBER = 15, LONGEST_PERSON = 64 };

/* What a number tells: whether it stands there in full, whether it can be right (-1: that cannot be seen); where it is right
   the day of birth and whether it is a man's; what is the same for the same person, empty where nobody is named. */
typedef struct {
  bool legible, male;
  int valid;
  int32_t birth;
  char person[4 * LONGEST_PERSON + 1];
} number_reading;

/* Whose number it is, of each member; and whether it was said beside it whether another has it. */
static char persons[ANQIU_NUMBERS][ANQIU_MAX_MEMBERS + 1][4 * LONGEST_PERSON + 1];
static bool told_unique[ANQIU_NUMBERS][ANQIU_MAX_MEMBERS + 1];

/* The facts that numbers tell more of than is given: of which number, and whose. */
static struct {
  int number, fact, member;
} derived[(ANQIU_MAX_MEMBERS + 1) * ANQIU_NUMBERS * 2];
static int derived_count;

static char check_character(const char *digits) {
  static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (int i = 0; i < WHOLE_NUMBER - 1; i++) sum += weights[i] * (digits[i] - '0');
  return "10X98765432"[sum % 11];
}

static bool all_digits(slice text, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (text.text[i] < (i == 0 ? '1' : '0') || text.text[i] > '9') return false;
  return true;
}

/* A number without what people and sheets write around its digits, in place. */
static slice plain_number(slice text) {
  slice half = half_width(text);
  char *to = half.text;
  int size;
  for (size_t at = 0; at < half.length; at += (size_t)size) {
    uint32_t point = point_at(half.text + at, &size);
    bool leading = to == half.text && (point == '\'' || point == 0x2019 || point == 0x2018 || point == '`');
    if (blank(point) || point == 0xFEFF || leading) continue;
    if (point == 0xFF38 || point == 0xFF58) {
      *to++ = 'X';
      continue;
    }
    memmove(to, half.text + at, (size_t)size);
    if (*to >= 'a' && *to <= 'z') *to = (char)(*to - 32);
    to += size;
  }
  return (slice){half.text, (size_t)(to - half.text)};
}

static bool says_nothing(slice number) {
  char text[16];
  if (number.length >= sizeof text) return false;
  memcpy(text, number.text, number.length);
  for (size_t i = 0; i < number.length; i++)
    if (text[i] >= 'A' && text[i] <= 'Z') text[i] = (char)(text[i] + 32);
  slice lower = {text, number.length};
  return number.length == 0 || one_of(lower, unknown_words) || one_of(lower, none_words);
}

/* Of a number without a form: the text names somebody, if nothing in it is masked. Signs of which this program does not know
   the capitals it refuses. */
static bool read_any_number(slice text, number_reading *found) {
  static const char *const masks[] = {"*", "•", "●", "█", "■", "?"};
  int size;
  found->legible = points(text) <= LONGEST_PERSON;
  for (size_t at = 0; at < text.length; at += (size_t)size) {
    uint32_t point = point_at(text.text + at, &size);
    slice sign = {text.text + at, (size_t)size};
    bool masked = false;
    for (int i = 0; i < 6; i++) masked = masked || is(sign, masks[i]);
    if (!masked && point >= 0x7F && !(point >= 0x3400 && point <= 0x9FFF)) return refuse("C105");
    if (masked) found->legible = false;
  }
  if (found->legible) memcpy(found->person, text.text, text.length);
  if (found->legible) found->person[text.length] = 0;
  return true;
}

static void read_whole_number(slice text, number_reading *found) {
  int year, month, day;
  found->legible = true;
  digits_of(text, 6, 4, &year);
  digits_of(text, 10, 2, &month);
  digits_of(text, 12, 2, &day);
  found->birth = anqiu_day(year, month, day);
  found->male = (text.text[16] - '0') % 2 == 1;
  found->valid = found->birth != ANQIU_NO_DAY && check_character(text.text) == text.text[17];
  if (found->valid) memcpy(found->person, text.text, WHOLE_NUMBER);
  found->person[found->valid ? WHOLE_NUMBER : 0] = 0;
}

/* False where nothing is given, or the line is refused. */
static bool read_number_of(const anqiu_number_info *info, value given, number_reading *found) {
  memset(found, 0, sizeof *found);
  found->valid = -1;
  if (given.kind != STRING && given.kind != NUMBER) return given.kind == YES || given.kind == NO;
  if (given.kind == NUMBER && !whole_number(given.text)) return info->formed || refuse("C105");
  slice text = plain_number(given.kind == NUMBER ? number_text(given.text) : given.text);
  if (says_nothing(text)) return false;
  if (!info->formed) return read_any_number(text, found);
  char last = text.length == WHOLE_NUMBER ? text.text[WHOLE_NUMBER - 1] : 0;
  if (text.length == OLD_NUMBER && all_digits(text, OLD_NUMBER)) {
    memcpy(found->person, text.text, 6);
    memcpy(found->person + 6, "19", 2);
    memcpy(found->person + 8, text.text + 6, OLD_NUMBER - 6);
    found->person[WHOLE_NUMBER - 1] = check_character(found->person);
  } else if (last && all_digits(text, WHOLE_NUMBER - 1) && (last == 'X' || (last >= '0' && last <= '9'))) {
    read_whole_number(text, found);
  }
  return true;
}

/* Say of a number whether it holds; beside what somebody says of that himself it is told twice. */
static bool note_number(int fact, int member, seen *facts, bool holds) {
  if (facts->given[fact]) return refuse("H015");
  facts->given[fact] = true;
  return check(anqiu_set_truth(&c, fact, member, holds));
}

/* Whether what is told, a day or a code, agrees with what is given of a fact; where it does, it takes its place. */
static bool meet_number(int number, int fact, int beside, int member, possible told, seen *facts) {
  const possible *given = &read_as[fact];
  bool dated = anqiu_facts[fact].kind == ANQIU_DATE, any = facts->given[fact];
  bool meets = !any || (dated ? given->low <= told.low && told.low <= given->high : (given->bits & told.bits) != 0);
  bool same_as = any && (dated ? given->low == told.low && given->high == told.low : given->bits == told.bits);
  if (!note_number(beside, member, facts, meets)) return false;
  if (!meets) return true;
  facts->given[fact] = true;
  if (!same_as) {
    derived[derived_count].number = number;
    derived[derived_count].fact = fact;
    derived[derived_count++].member = member;
  }
  return set(fact, member, told);
}

/* Whether somebody whom a fact is about can be born on a day. */
static bool born_then(int fact, int32_t day) {
  const anqiu_fact_info *info = &anqiu_facts[fact];
  return day >= info->low && day <= info->high && !(info->past && day > asked_day);
}

static bool settle_number(int number, int member, seen *facts) {
  const anqiu_number_info *info = &anqiu_numbers[number];
  number_reading found;
  if (facts->numbers[number].kind == NOTHING) return true;
  if (!read_number_of(info, facts->numbers[number], &found)) return !in.code;
  if (member >= 0) memcpy(persons[number][member], found.person, sizeof found.person);
  if (!info->formed) return true;
  if (!note_number(info->legible, member, facts, found.legible)) return false;
  if (found.valid < 0) return true;
  bool valid = found.valid && (info->birth < 0 || born_then(info->birth, found.birth));
  if (!note_number(info->valid, member, facts, valid)) return false;
  if (!valid) return true;
  possible born = {found.birth, found.birth, 2}, sex = {0, 0, found.male ? info->male : info->female};
  if (info->birth >= 0 && !meet_number(number, info->birth, info->birth_agrees, member, born, facts)) return false;
  return info->sex < 0 || meet_number(number, info->sex, info->sex_agrees, member, sex, facts);
}

/* What the numbers of one place tell of it. */
static bool settle_numbers(int level, int member, seen *facts) {
  for (int number = 0; number < ANQIU_NUMBERS; number++) {
    if (member >= 0) persons[number][member][0] = 0;
    if (anqiu_facts[anqiu_numbers[number].fact].level != level) continue;
    if (!settle_number(number, member, facts)) return false;
    int unique = anqiu_numbers[number].unique;
    if (member >= 0) told_unique[number][member] = unique >= 0 && facts->given[unique];
  }
  return true;
}

/* Where two members have the same number each is told so: of other households nothing is known here. */
static bool settle_unique(void) {
  for (int number = 0; number < ANQIU_NUMBERS; number++) {
    int unique = anqiu_numbers[number].unique;
    for (int one = 0; unique >= 0 && one < c.members; one++) {
      bool again = false;
      for (int other = 0; other < c.members && persons[number][one][0]; other++)
        again = again || (other != one && strcmp(persons[number][one], persons[number][other]) == 0);
      if (again && told_unique[number][one]) return refuse("H015");
      if (again && !check(anqiu_set_truth(&c, unique, one, false))) return false;
    }
  }
  return true;
}
#endif
