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
