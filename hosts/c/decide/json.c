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
  slice key;        /* and the key, */
  slice list;       /* within a list, by the key of that, */
  int item;         /* in an item, or -1 */
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
