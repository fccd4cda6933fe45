/* ---- evaluations -------------------------------------------------------------------------------------------------- */

#if ANQIU_NUMBERS
/* What numbers of identity tell: the household's facts first. */
static void put_derived(void) {
  const char *before = ", \"derived\": [";
  for (int of_members = 0; of_members < 2; of_members++)
    for (int i = 0; i < derived_count; i++) {
      if ((derived[i].member >= 0) != of_members) continue;
      put(before);
      put("{\"fact\": ");
      put_string(anqiu_facts[derived[i].fact].name);
      put(", \"label\": ");
      put_string(anqiu_facts[derived[i].fact].label);
      if (of_members) {
        put(", \"member\": ");
        put_string_of(member_ids[derived[i].member].text, member_ids[derived[i].member].length);
      }
      put(", \"number\": ");
      put_string(anqiu_facts[anqiu_numbers[derived[i].number].fact].name);
      put("}");
      before = ", ";
    }
  if (derived_count > 0) put("]");
}
#endif

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
  put("]");
#if ANQIU_NUMBERS
  put_derived();
#endif
  put("}\n");
}

/* ---- refusals ----------------------------------------------------------------------------------------------------- */

static void put_list_place(void) {
  put_escaped(in.list.text, in.list.length);
  if (in.list.length && in.item >= 0) {
    put("[");
    put_number((unsigned long long)in.item, 1);
    put("]");
  }
  if (in.list.length && in.key.length) put(".");
}

static void put_refusal(unsigned long long line) {
  size_t at = 0;
  while (at + 1 < sizeof reasons / sizeof *reasons && strcmp(reasons[at].code, in.code) != 0) at++;
  put("{\"problems\": [{\"code\": ");
  put_string(in.code);
  put(", \"place\": \"");
  if (in.member >= 0) {
    put("members[");
    put_number((unsigned long long)in.member, 1);
    put(in.key.length || in.list.length ? "]." : "]");
  }
  put_list_place();
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
  in.item = -1;
  in.key.text = in.list.text = line;
  if (length > LONGEST_LINE) return refuse("C101");
  in.at = line;
  in.end = line + length;
  if (!well_formed(line, (size_t)length)) return refuse("H055");
  if (length >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0) in.at += 3;
  if (!read_household()) return false;
  int error = anqiu_decide(&c, day);
  if (error == ANQIU_FINE) return true;
  if (error == ANQIU_LATE || error == ANQIU_REQUIRED || error == ANQIU_SAME_ORDER)
    place_at(anqiu_facts[c.fault_fact].label, c.fault_member);
  if (error == ANQIU_SAME_ORDER) in.key.length = 0;
  if (error == ANQIU_VIOLATED) {
    const anqiu_figure_info *info = &anqiu_figures[c.fault_fact];
    place_at(info->label.zh, c.fault_member);
    in.says = &info->says;
    return refuse("H073");
  }
  return error == ANQIU_LATE ? refuse("H028") : error == ANQIU_SAME_ORDER ? refuse("H098") : check(error);
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
  asked_day = day;
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
