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
