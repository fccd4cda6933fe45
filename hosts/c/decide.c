/* Decides a file of households: JSON Lines on standard input, a line of decisions for each on standard output.

     decide 2019-06-30 < households.jsonl > decisions.jsonl

   A household is given as `fupin eval` takes it, and what is written is what `fupin eval --format json` writes. A line
   that cannot be read becomes {"problems": [...]} with its number and reason, and the next is gone on with. Codes H…
   are those of `fupin`; with C1… this program refuses what `fupin` might take: it never guesses.
   Nothing is allocated. Exit code: 0 all decided, 1 some refused, 2 wrong usage. */
#include "anqiu.h"

#include <stdio.h>
#include <string.h>

/*@notation*/
/* ---- writing ------------------------------------------------------------------------------------------------------ */

static char written[65536];
static size_t pending;

static void flush(void) {
  fwrite(written, 1, pending, stdout);
  pending = 0;
}

static void put_bytes(const char *text, size_t length) {
  if (length > sizeof written - pending) flush();
  if (length > sizeof written) {
    fwrite(text, 1, length, stdout);
    return;
  }
  memcpy(written + pending, text, length);
  pending += length;
}

static void put(const char *text) { put_bytes(text, strlen(text)); }

static void put_number(unsigned long long value, int digits) {
  char text[24];
  int at = sizeof text;
  for (; value > 0 || digits > 0; value /= 10, digits--) text[--at] = (char)('0' + value % 10);
  put_bytes(text + at, sizeof text - (size_t)at);
}

static void put_escaped(const char *text, size_t length) {
  size_t start = 0;
  for (size_t i = 0; i < length; i++) {
    unsigned char sign = (unsigned char)text[i];
    if (sign >= 0x20 && sign != '"' && sign != '\\') continue;
    put_bytes(text + start, i - start);
    start = sign < 0x20 ? i + 1 : i;
    put(sign < 0x20 ? "\\u00" : "\\");
    if (sign < 0x20) put_bytes(&"0123456789abcdef"[sign >> 4], 1);
    if (sign < 0x20) put_bytes(&"0123456789abcdef"[sign & 15], 1);
  }
  put_bytes(text + start, length - start);
}

static void put_string_of(const char *text, size_t length) {
  put("\"");
  put_escaped(text, length);
  put("\"");
}

static void put_string(const char *text) { put_string_of(text, strlen(text)); }

/* ---- reading JSON ------------------------------------------------------------------------------------------------- */

typedef struct {
  char *text;
  size_t length;
} slice;

typedef enum { NOTHING, YES, NO, NUMBER, STRING, LIST, OBJECT } kind;

typedef struct {
  kind kind;
  slice text; /* of a string, decoded; of a number, as it stands */
} value;

static struct {
  char *at, *end;
  const char *code; /* why the line is refused, or NULL */
  int member;       /* what is being read: a member's number, */
  slice key;        /* and the key */
  const anqiu_words *says; /* why, where the rules themselves say it */
} in;

static anqiu_case c;
static slice household_id, member_ids[ANQIU_MAX_MEMBERS + 1];

/* The first reason stands. */
static bool refuse(const char *code) {
  if (!in.code) in.code = code;
  return false;
}

static void skip_blanks(void) {
  while (in.at < in.end && (*in.at == ' ' || *in.at == '\t' || *in.at == '\r' || *in.at == '\n')) in.at++;
}

static bool take(char sign) {
  skip_blanks();
  if (in.at == in.end || *in.at != sign) return false;
  in.at++;
  return true;
}

static int hex(const char *at) {
  int found = 0;
  for (int i = 0; i < 4; i++) {
    char sign = at[i];
    int digit = sign >= '0' && sign <= '9'   ? sign - '0'
                : sign >= 'a' && sign <= 'f' ? sign - 'a' + 10
                : sign >= 'A' && sign <= 'F' ? sign - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    found = found * 16 + digit;
  }
  return found;
}

static char *encode(char *to, uint32_t point) {
  if (point < 0x80) {
    *to++ = (char)point;
  } else if (point < 0x800) {
    *to++ = (char)(0xC0 | point >> 6);
    *to++ = (char)(0x80 | (point & 63));
  } else if (point < 0x10000) {
    *to++ = (char)(0xE0 | point >> 12);
    *to++ = (char)(0x80 | (point >> 6 & 63));
    *to++ = (char)(0x80 | (point & 63));
  } else {
    *to++ = (char)(0xF0 | point >> 18);
    *to++ = (char)(0x80 | (point >> 12 & 63));
    *to++ = (char)(0x80 | (point >> 6 & 63));
    *to++ = (char)(0x80 | (point & 63));
  }
  return to;
}

/* The code point at a place of well-formed UTF-8, and how many bytes it takes. */
static uint32_t point_at(const char *text, int *size) {
  const unsigned char *p = (const unsigned char *)text;
  *size = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
  if (*size == 1) return p[0];
  uint32_t found = p[0] & (0x7Fu >> *size);
  for (int i = 1; i < *size; i++) found = found << 6 | (p[i] & 63u);
  return found;
}

static bool well_formed(const char *text, size_t length) {
  for (size_t at = 0; at < length;) {
    unsigned char lead = (unsigned char)text[at];
    size_t size = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
    if (size == 4 && (lead < 0xF0 || lead > 0xF4)) return false;
    if (size > length - at) return false;
    for (size_t i = 1; i < size; i++)
      if (((unsigned char)text[at + i] & 0xC0) != 0x80) return false;
    int found;
    uint32_t point = point_at(text + at, &found);
    if (size == 3 && (point < 0x800 || (point >= 0xD800 && point < 0xE000))) return false;
    if (size == 4 && (point < 0x10000 || point > 0x10FFFF)) return false;
    at += size;
  }
  return true;
}

/* The escape after a backslash, decoded where it stands: what it means never takes more bytes. */
static char *read_escape(char *to) {
  static const char signs[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  if (in.at == in.end) return NULL;
  char sign = *in.at++;
  const char *simple = sign ? strchr(signs, sign) : NULL;
  if (simple) {
    *to++ = meanings[simple - signs];
    return to;
  }
  if (sign != 'u' || in.end - in.at < 4) return NULL;
  int first = hex(in.at);
  if (first < 0) return NULL;
  in.at += 4;
  if (first < 0xD800 || first > 0xDFFF) return encode(to, (uint32_t)first);
  int second = in.end - in.at >= 6 && in.at[0] == '\\' && in.at[1] == 'u' ? hex(in.at + 2) : -1;
  if (first > 0xDBFF || second < 0xDC00 || second > 0xDFFF) {
    refuse("C103");
    return NULL;
  }
  in.at += 6;
  return encode(to, 0x10000 + ((uint32_t)(first - 0xD800) << 10) + (uint32_t)(second - 0xDC00));
}

static bool read_string(slice *found) {
  char *to = in.at;
  *found = (slice){to, 0};
  while (in.at < in.end && *in.at != '"') {
    if ((unsigned char)*in.at < 0x20) return refuse("H050");
    if (*in.at != '\\') {
      *to++ = *in.at++;
      continue;
    }
    in.at++;
    to = read_escape(to);
    if (!to) return refuse("H050");
  }
  if (in.at == in.end) return refuse("H050");
  in.at++;
  found->length = (size_t)(to - found->text);
  return true;
}

static bool digits(void) {
  char *start = in.at;
  while (in.at < in.end && *in.at >= '0' && *in.at <= '9') in.at++;
  return in.at > start;
}

/* Where the exponent of a number begins, or its end. */
static size_t mantissa_of(slice number) {
  size_t at = 0;
  while (at < number.length && number.text[at] != 'e' && number.text[at] != 'E') at++;
  return at;
}

/* The exponent of a number, less its decimals: 12.5e3 is 125 times ten to the 2nd. What is past all reason stays so. */
static int64_t power_of(slice number) {
  size_t at = mantissa_of(number);
  int64_t power = 0, decimals = 0;
  const char *point = memchr(number.text, '.', at);
  if (point) decimals = (int64_t)at - 1 - (point - number.text);
  if (at == number.length) return -decimals;
  bool below = number.text[++at] == '-';
  if (number.text[at] == '-' || number.text[at] == '+') at++;
  for (; at < number.length; at++)
    power = power > INT64_C(400000000000000000) ? INT64_C(4000000000000000000) : power * 10 + (number.text[at] - '0');
  return (below ? -power : power) - decimals;
}

/* Whether Python's decimals have this number of JSON. */
static bool within_reason(slice number) {
  size_t at = 0, end = mantissa_of(number);
  int64_t power = power_of(number), digits = 0;
  while (at < end && (number.text[at] < '1' || number.text[at] > '9')) at++;
  for (; at < end; at++) digits += number.text[at] != '.';
  if (digits > 0) digits--;
  return power >= -INT64_C(1999999999999999997) && power + digits <= INT64_C(999999999999999999);
}

static bool read_token(slice *found) {
  found->text = in.at;
  if (*in.at == '-') in.at++;
  if (in.at < in.end && *in.at == '0')
    in.at++;
  else if (!digits())
    return refuse(in.at < in.end && *in.at == 'I' ? "H051" : "H050");
  if (in.at < in.end && *in.at == '.') {
    in.at++;
    if (!digits()) return refuse("H050");
  }
  if (in.at < in.end && (*in.at == 'e' || *in.at == 'E')) {
    in.at++;
    if (in.at < in.end && (*in.at == '+' || *in.at == '-')) in.at++;
    if (!digits()) return refuse("H050");
  }
  found->length = (size_t)(in.at - found->text);
  return within_reason(*found) || refuse("H056");
}

static bool word(const char *text) {
  size_t length = strlen(text);
  if ((size_t)(in.end - in.at) < length || memcmp(in.at, text, length) != 0) return false;
  in.at += length;
  return true;
}

/* The next value; of a list or an object only the bracket, the rest is for `next_item` and `next_key`. */
static bool read_value(value *found) {
  found->text = (slice){in.at, 0};
  skip_blanks();
  if (in.at == in.end) return refuse("H050");
  switch (*in.at) {
    case '"': in.at++; found->kind = STRING; return read_string(&found->text);
    case '{': in.at++; found->kind = OBJECT; return true;
    case '[': in.at++; found->kind = LIST; return true;
    case 'n': found->kind = NOTHING; return word("null") || refuse("H050");
    case 't': found->kind = YES; return word("true") || refuse("H050");
    case 'f': found->kind = NO; return word("false") || refuse("H050");
    case 'N': return refuse("H051");
    default: found->kind = NUMBER; return read_token(&found->text);
  }
}

/* Whether a list goes on, or an object; `first` is true before its first item. False at its end and where the line is
   refused. After a comma the end is no value and no key, and so refused. */
static bool next_item(bool *first) {
  if (take(']')) return false;
  if (!*first && !take(',')) return refuse("H050");
  *first = false;
  return true;
}

static bool next_key(bool *first, slice *key) {
  if (take('}')) return false;
  if (!*first && !take(',')) return refuse("H050");
  *first = false;
  if (!take('"')) return refuse("H050");
  return read_string(key) && (take(':') || refuse("H050"));
}

/* ---- texts -------------------------------------------------------------------------------------------------------- */

/* What Python's `str.strip` takes off. */
static bool blank(uint32_t point) {
  for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
    if (point >= blanks[i][0] && point <= blanks[i][1]) return true;
  return false;
}

static slice stripped(slice text) {
  size_t start = 0, end = 0;
  bool begun = false;
  for (size_t at = 0; at < text.length;) {
    int size;
    bool is_blank = blank(point_at(text.text + at, &size));
    if (!is_blank && !begun) {
      start = at;
      begun = true;
    }
    at += (size_t)size;
    if (!is_blank) end = at;
  }
  return begun ? (slice){text.text + start, end - start} : (slice){text.text, 0};
}

static size_t points(slice text) {
  size_t count = 0;
  for (size_t i = 0; i < text.length; i++) count += ((unsigned char)text.text[i] & 0xC0) != 0x80;
  return count;
}

static bool is(slice text, const char *other) {
  return text.length == strlen(other) && memcmp(text.text, other, text.length) == 0;
}

static bool same(slice one, slice other) {
  return one.length == other.length && memcmp(one.text, other.text, one.length) == 0;
}

static bool one_of(slice text, const char *const *words) {
  for (; *words; words++)
    if (is(text, *words)) return true;
  return false;
}

/* Full-width digits and signs as ASCII, in place. */
static slice half_width(slice text) {
  char *to = text.text;
  for (size_t at = 0; at < text.length;) {
    int size;
    uint32_t point = point_at(text.text + at, &size);
    size_t i = 0;
    while (i < FULL_WIDTH && full_width[i] != point) i++;
    if (i < FULL_WIDTH) {
      *to++ = half_width_of[i];
    } else {
      memmove(to, text.text + at, (size_t)size);
      to += size;
    }
    at += (size_t)size;
  }
  return (slice){text.text, (size_t)(to - text.text)};
}

/* A sign that every version of Unicode shows, of those that ids are written in: Latin, Chinese. Fewer than Python's. */
static bool printable(uint32_t point) {
  return (point >= 0x20 && point < 0x7F) || (point >= 0xA1 && point <= 0xFF && point != 0xAD) ||
         (point >= 0x3001 && point <= 0x3011) || (point >= 0x3400 && point <= 0x4DB5) ||
         (point >= 0x4E00 && point <= 0x9FEF) || (point >= 0xFF01 && point <= 0xFF5E) ||
         (point >= 0x20000 && point <= 0x2A6D6);
}

static bool whole_number(slice token) {
  for (size_t i = 0; i < token.length; i++)
    if (token.text[i] == '.' || token.text[i] == 'e' || token.text[i] == 'E') return false;
  return true;
}

/* Whether a whole number of JSON takes fewer than 128 bits, its sign left out; of a longer one Python tells no digits. */
static bool short_whole(slice token) {
  static const char least[] = LEAST_LONG_WHOLE;
  size_t sign = token.text[0] == '-', length = token.length - sign;
  return length < sizeof least - 1 || (length == sizeof least - 1 && memcmp(token.text + sign, least, length) < 0);
}

/* A whole number of JSON as text: -0 is 0. */
static slice number_text(slice token) { return is(token, "-0") ? (slice){token.text + 1, 1} : token; }

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
  if (anqiu_facts[fact].kind != ANQIU_TEXT && says_unknown(fact, raw)) {
    if (anqiu_facts[fact].required) return refuse("H037");
    return check(anqiu_set_unknown(&c, fact, member)) && (!shared || tell(fact, member, 3, told));
  }
  switch (anqiu_facts[fact].kind) {
    case ANQIU_TEXT: return (raw.kind != LIST && raw.kind != OBJECT) || refuse("H031");
    case ANQIU_CODES: return read_codes(fact, raw, &found) && set(fact, member, found);
    default: break;
  }
  bool dated = shared && anqiu_facts[fact].kind == ANQIU_DATE;
  if (dated && raw.kind != OBJECT) found.bits = says_none(fact, raw) ? 1 : 2;
  bool read = found.bits == 1 || (raw.kind == OBJECT ? read_partly(fact, &found) : read_exact(fact, raw, &found));
  return read && (shared ? set_shared(fact, member, found, told) : set(fact, member, found));
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

/* ---- decisions ---------------------------------------------------------------------------------------------------- */

static void put_decimal(int64_t value, int decimals) {
  unsigned long long size = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value, unit = 1;
  for (int i = 0; i < decimals; i++) unit *= 10;
  put(value < 0 ? "\"-" : "\"");
  put_number(size / unit, 1);
  if (decimals > 0) put(".");
  if (decimals > 0) put_number(size % unit, decimals);
  put("\"");
}

static void put_money(int64_t value) { put_decimal(value, ANQIU_DECIMALS); }

static void put_amount(int policy, int member) {
  int64_t low, high;
  if (!anqiu_amount(&c, policy, member, &low, &high)) {
    put("null");
    return;
  }
  put("{\"value\": ");
  if (low == high)
    put_money(low);
  else
    put("null");
  put(", \"min\": ");
  put_money(low);
  put(", \"max\": ");
  put_money(high);
  put(", \"unit\": ");
  put_string(ANQIU_CURRENCY);
  put(", \"per\": ");
  put_string(anqiu_per(&c, policy));
  put("}");
}

static void put_words(const anqiu_words *words) {
  put("{\"zh\": ");
  put_string(words->zh);
  put(", \"en\": ");
  put_string(words->en);
  put("}");
}

static void put_bodies(const anqiu_words *const *found, int count) {
  put("[");
  for (int i = 0; i < count; i++) {
    put(i ? ", " : "");
    put_words(found[i]);
  }
  put("]");
}

/* The members of whom it is so that a policy is for them. */
static void put_beneficiaries(int policy, int status) {
  const char *before = "[";
  for (int member = 0; member < c.members; member++) {
    if (anqiu_benefits(&c, policy, member) != status) continue;
    put(before);
    put_string_of(member_ids[member].text, member_ids[member].length);
    before = ", ";
  }
  put(*before == '[' ? "[]" : "]");
}

static void put_basis(int policy) {
  const anqiu_clause *clauses = NULL;
  int count = anqiu_basis(&c, policy, &clauses);
  put("[");
  for (int i = 0; i < count; i++) {
    put(i ? ", {\"source\": " : "{\"source\": ");
    put_string(clauses[i].source);
    put(", \"clause\": ");
    put_string(clauses[i].clause);
    put("}");
  }
  put("]");
}

static void put_need(const anqiu_need *need) {
  put("{\"fact\": ");
  put_string(need->name);
  put(", \"label\": ");
  put_string(need->label);
  if (need->member >= 0) {
    put(", \"member\": ");
    put_string_of(member_ids[need->member].text, member_ids[need->member].length);
  }
}

/* What keeps a policy open, or a figure. */
static void put_missing(bool next(anqiu_case *, int, int *, anqiu_need *), int number) {
  const char *before = "[";
  anqiu_need need;
  for (int at = 0; next(&c, number, &at, &need); before = ", ") {
    put(before);
    put_need(&need);
    put("}");
  }
  put(*before == '[' ? "[]" : "]");
}

static void put_departments(int policy) {
  const anqiu_words *found[ANQIU_MOST_DEPARTMENTS];
  put("{\"lead\": ");
  put_bodies(found, anqiu_departments(&c, policy, true, found));
  put(", \"cooperating\": ");
  put_bodies(found, anqiu_departments(&c, policy, false, found));
  if (anqiu_possible_departments(&c, policy, true, found) || anqiu_possible_departments(&c, policy, false, found)) {
    put(", \"possible_lead\": ");
    put_bodies(found, anqiu_possible_departments(&c, policy, true, found));
    put(", \"possible_cooperating\": ");
    put_bodies(found, anqiu_possible_departments(&c, policy, false, found));
    put(", \"missing\": ");
    put_missing(anqiu_departments_missing, policy);
  }
  put("}");
}

static void put_assumed(bool next(anqiu_case *, int, int *, anqiu_need *), int number) {
  const char *before = "[";
  anqiu_need need;
  for (int at = 0; next(&c, number, &at, &need); before = ", ") {
    put(before);
    put_need(&need);
    put(", \"value\": ");
    put_words(&anqiu_facts[need.fact].taken);
    put("}");
  }
  put(*before == '[' ? "[]" : "]");
}

static void put_members(int policy) {
  const char *before = "[";
  for (int member = 0; anqiu_policies[policy].of_members && member < c.members; member++) {
    int status = anqiu_status(&c, policy, member);
    if (status == ANQIU_INELIGIBLE) continue;
    put(before);
    put("{\"member\": ");
    put_string_of(member_ids[member].text, member_ids[member].length);
    put(", \"status\": ");
    put_string(status_words[status]);
    put(", \"amount\": ");
    put_amount(policy, member);
    put("}");
    before = ", ";
  }
  put(*before == '[' ? "[]" : "]");
}

static void put_obtain(int policy) {
  anqiu_obtain found;
  if (!anqiu_obtain_of(&c, policy, &found)) {
    put("null");
    return;
  }
  put("{\"how\": ");
  put_string(found.how);
  put(", \"where\": ");
  if (found.where)
    put_words(found.where);
  else
    put("null");
  put(", \"documents\": [");
  const char *before = "";
  for (int i = 0; i < found.document_count; i++) {
    const anqiu_document *document = &found.documents[i];
    int needed = anqiu_needed(&c, policy, document);
    if (needed == ANQIU_INELIGIBLE) continue;
    put(before);
    put("{\"zh\": ");
    put_string(document->name.zh);
    put(", \"en\": ");
    put_string(document->name.en);
    if (needed != ANQIU_ELIGIBLE) {
      put(", \"when\": ");
      put_words(&document->when);
    }
    put("}");
    before = ", ";
  }
  put("], \"days\": ");
  if (found.days < 0)
    put("null");
  else
    put_number((unsigned long long)found.days, 1);
  put(", \"phone\": ");
  if (found.phone)
    put_string(found.phone);
  else
    put("null");
  put("}");
}

/* Whom a policy is shown to, or under what, where it says so; the mapping is left open. */
static bool put_named(const char *key, const anqiu_named *one) {
  if (one->name == NULL) return false;
  put(", \"");
  put(key);
  put("\": {\"name\": ");
  put_string(one->name);
  put(", \"zh\": ");
  put_string(one->words.zh);
  put(", \"en\": ");
  put_string(one->words.en);
  return true;
}

static void put_shown(int policy) {
  int own = anqiu_own_audience(&c, policy);
  if (put_named("audience", &anqiu_policies[policy].audience))
    put(own == ANQIU_ELIGIBLE     ? ", \"own\": true}"
        : own == ANQIU_INELIGIBLE ? ", \"own\": false}"
                                  : ", \"own\": null}");
  if (put_named("section", &anqiu_policies[policy].section)) put("}");
}

static void put_decision(int policy) {
  put("{\"policy\": ");
  put_string(anqiu_policies[policy].id);
  put(", \"title\": ");
  put_words(&anqiu_policies[policy].title);
  put(", \"status\": ");
  put_string(status_words[anqiu_status(&c, policy, ANQIU_HOUSEHOLD)]);
  put(", \"force\": ");
  put_string(anqiu_force(&c, policy));
  put_shown(policy);
  put(", \"amount\": ");
  put_amount(policy, ANQIU_HOUSEHOLD);
  put(", \"beneficiaries\": ");
  put_beneficiaries(policy, ANQIU_ELIGIBLE);
  put(", \"possible_beneficiaries\": ");
  put_beneficiaries(policy, ANQIU_UNKNOWN);
  put(", \"departments\": ");
  put_departments(policy);
  put(", \"obtain\": ");
  put_obtain(policy);
  put(", \"basis\": ");
  put_basis(policy);
  put(", \"missing\": ");
  put_missing(anqiu_missing, policy);
  put(", \"assumed\": ");
  put_assumed(anqiu_assumed, policy);
  put(anqiu_provisional(&c, policy) ? ", \"provisional\": true" : ", \"provisional\": false");
  put(", \"members\": ");
  put_members(policy);
  put("}");
}

static void put_end(const anqiu_figure_info *figure, int64_t end) {
  int year, month, day;
  if (figure->kind == ANQIU_NUMBER) {
    put_decimal(end, figure->decimals);
    return;
  }
  anqiu_date((int32_t)end, &year, &month, &day);
  put("\"");
  put_number((unsigned long long)year, 4);
  put("-");
  put_number((unsigned long long)month, 2);
  put("-");
  put_number((unsigned long long)day, 2);
  put("\"");
}

static void put_range(const anqiu_figure_info *figure, int64_t low, int64_t high) {
  put("\"value\": ");
  if (low == high)
    put_end(figure, low);
  else
    put("null");
  put(", \"min\": ");
  put_end(figure, low);
  put(", \"max\": ");
  put_end(figure, high);
}

static void put_codes(const anqiu_figure_info *figure, uint64_t codes) {
  const char *before = ", \"one_of\": [";
  put("\"value\": ");
  if ((codes & (codes - 1)) != 0) put("null");
  for (int i = 0; i < figure->code_count; i++)
    if (codes == UINT64_C(1) << i) put_string(figure->codes[i].name);
  for (int i = 0; i < figure->code_count; i++) {
    if ((codes >> i & 1) == 0) continue;
    put(before);
    put_string(figure->codes[i].name);
    before = ", ";
  }
  put("]");
}

static void put_figure_value(int figure, int member) {
  static const char *const truths[] = {"", "false", "true", "null"};
  const anqiu_figure_info *info = &anqiu_figures[figure];
  int64_t low, high;
  if (anqiu_figure_range(&c, figure, member, &low, &high)) {
    put_range(info, low, high);
    return;
  }
  uint64_t codes = anqiu_figure_codes(&c, figure, member);
  if (info->kind == ANQIU_CODE) {
    put_codes(info, codes);
    return;
  }
  put("\"value\": ");
  put(truths[codes]);
}

/* How a check of data came out: of members it is violated where it surely is for any of them. */
static void put_check(int figure) {
  const anqiu_figure_info *info = &anqiu_figures[figure];
  uint64_t found = 2;
  for (int member = info->of_members ? 0 : ANQIU_HOUSEHOLD; member < (info->of_members ? c.members : 0); member++) {
    uint64_t one = anqiu_figure_codes(&c, figure, member);
    if (found != 1 && one != 2) found = one;
  }
  put(", \"check\": {\"severity\": ");
  put_string(info->severity);
  put(found == 1 ? ", \"status\": \"violated\"" : found == 2 ? ", \"status\": \"holds\"" : ", \"status\": \"not_checkable\"");
  put(", \"words\": ");
  put_words(&info->says);
  put("}");
}

static void put_figure(int figure) {
  const anqiu_figure_info *info = &anqiu_figures[figure];
  put("{\"figure\": ");
  put_string(info->name);
  put(", \"label\": ");
  put_words(&info->label);
  put(", \"unit\": ");
  if (info->unit.zh)
    put_words(&info->unit);
  else
    put("null");
  put(info->of_members ? ", \"members\": [" : ", ");
  if (!info->of_members) put_figure_value(figure, ANQIU_HOUSEHOLD);
  for (int member = 0; info->of_members && member < c.members; member++) {
    put(member ? ", {\"member\": " : "{\"member\": ");
    put_string_of(member_ids[member].text, member_ids[member].length);
    put(", ");
    put_figure_value(figure, member);
    put("}");
  }
  put(info->of_members ? "], \"missing\": " : ", \"missing\": ");
  put_missing(anqiu_figure_missing, figure);
  put(", \"assumed\": ");
  put_assumed(anqiu_figure_assumed, figure);
  put(anqiu_figure_provisional(&c, figure) ? ", \"provisional\": true" : ", \"provisional\": false");
  if (info->severity) put_check(figure);
  put("}");
}

static void put_evaluation(const char *as_of) {
  put("{\"household\": ");
  put_string_of(household_id.text, household_id.length);
  put(", \"as_of\": ");
  put_string(as_of);
  put(", \"ruleset\": {\"id\": ");
  put_string(ANQIU_ID);
  put(", \"digest\": ");
  put_string(ANQIU_DIGEST);
  put(ANQIU_TRIAL[0] ? "}, \"trial\": " : "}");
  put(ANQIU_TRIAL);
  put(", \"decisions\": [");
  for (int policy = 0; policy < ANQIU_POLICIES; policy++) {
    put(policy ? ", " : "");
    put_decision(policy);
  }
  put("], \"figures\": [");
  for (int figure = 0; figure < ANQIU_FIGURES; figure++) {
    put(figure ? ", " : "");
    put_figure(figure);
  }
  put("]}\n");
}

/* ---- refusals ----------------------------------------------------------------------------------------------------- */

static void put_refusal(unsigned long long line) {
  size_t at = 0;
  while (at + 1 < sizeof reasons / sizeof *reasons && strcmp(reasons[at].code, in.code) != 0) at++;
  put("{\"problems\": [{\"code\": ");
  put_string(in.code);
  put(", \"place\": \"");
  if (in.member >= 0) {
    put("members[");
    put_number((unsigned long long)in.member, 1);
    put(in.key.length ? "]." : "]");
  }
  put_escaped(in.key.text, in.key.length);
  put("\", \"zh\": ");
  put_string(in.says ? in.says->zh : reasons[at].zh);
  put(", \"en\": ");
  put_string(in.says ? in.says->en : reasons[at].en);
  put(", \"input\": \"<stdin>:");
  put_number(line, 1);
  put("\"}]}\n");
}

/* ---- lines -------------------------------------------------------------------------------------------------------- */

static char line[LONGEST_LINE + 1];

/* The next line into `line`: its length, or -1 at the end of the file; of too long a line the length is more. */
static long read_line(void) {
  static char block[65536];
  static size_t at, end;
  size_t length = 0;
  bool any = false;
  for (;;) {
    if (at == end) {
      at = 0;
      end = fread(block, 1, sizeof block, stdin);
      if (end == 0) return any ? (long)length : -1;
    }
    any = true;
    char *found = memchr(block + at, '\n', end - at);
    size_t size = (found ? (size_t)(found - block) : end) - at;
    if (length + size <= LONGEST_LINE) memcpy(line + length, block + at, size);
    length = length + size <= LONGEST_LINE ? length + size : LONGEST_LINE + 1;
    at += size + (found != NULL);
    if (found) return (long)length;
  }
}

static bool nothing_in(long length) {
  for (long i = 0; i < length; i++)
    if (line[i] != ' ' && !(line[i] >= 9 && line[i] <= 13)) return false;
  return true;
}

/* Read and decide what stands in `line`. False where `in.code` says why not. */
static bool decide_line(long length, int32_t day) {
  memset(&in, 0, sizeof in);
  in.member = ANQIU_HOUSEHOLD;
  in.key.text = line;
  if (length > LONGEST_LINE) return refuse("C101");
  in.at = line;
  in.end = line + length;
  if (!well_formed(line, (size_t)length)) return refuse("H055");
  if (length >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0) in.at += 3;
  if (!read_household()) return false;
  int error = anqiu_decide(&c, day);
  if (error == ANQIU_FINE) return true;
  if (error == ANQIU_LATE || error == ANQIU_REQUIRED) {
    const char *label = anqiu_facts[c.fault_fact].label;
    in.key = (slice){(char *)(uintptr_t)label, strlen(label)};
    in.member = c.fault_member;
  }
  if (error == ANQIU_VIOLATED) {
    const anqiu_figure_info *info = &anqiu_figures[c.fault_fact];
    in.key = (slice){(char *)(uintptr_t)info->label.zh, strlen(info->label.zh)};
    in.member = c.fault_member;
    in.says = &info->says;
    return refuse("H073");
  }
  return error == ANQIU_LATE ? refuse("H028") : check(error);
}

static int32_t day_of(const char *text) {
  int parts[3];
  slice all = {(char *)(uintptr_t)text, strlen(text)};
  if (all.length != 10 || text[4] != '-' || text[7] != '-') return ANQIU_NO_DAY;
  if (digits_of(all, 0, 4, &parts[0]) != 4 || digits_of(all, 5, 2, &parts[1]) != 2) return ANQIU_NO_DAY;
  return digits_of(all, 8, 2, &parts[2]) == 2 ? anqiu_day(parts[0], parts[1], parts[2]) : ANQIU_NO_DAY;
}

int main(int count, char **arguments) {
  static char buffers[2][BUFSIZ];
  setvbuf(stdin, buffers[0], _IOFBF, BUFSIZ);
  setvbuf(stdout, buffers[1], _IOFBF, BUFSIZ);
  assuming = count == 2;
  bool asked = assuming || (count == 4 && strcmp(arguments[2], "--assume") == 0 && strcmp(arguments[3], "none") == 0);
  int32_t day = asked ? day_of(arguments[1]) : ANQIU_NO_DAY;
  if (day < ANQIU_FIRST_DAY || day > ANQIU_LAST_DAY) {
    fputs("usage: decide DATE [--assume none] < households.jsonl, with a date that the ruleset covers\n", stderr);
    return 2;
  }
  int code = 0;
  long length;
  for (unsigned long long number = 1; (length = read_line()) >= 0; number++) {
    if (length <= LONGEST_LINE && nothing_in(length)) continue;
    if (decide_line(length, day)) {
      put_evaluation(arguments[1]);
    } else {
      put_refusal(number);
      code = 1;
    }
  }
  flush();
  return fflush(stdout) == 0 && !ferror(stdout) ? code : 2;
}
