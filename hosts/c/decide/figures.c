/* ---- figures ------------------------------------------------------------------------------------------------------ */

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
