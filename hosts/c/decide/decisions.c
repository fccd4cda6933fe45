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

#if ANQIU_LISTS
/* `supporters[2].monthly`, `赡养人第2项的月收入`; which items there are: `supporters`, `赡养人（共有哪些）`. */
static void put_names_in_list(const anqiu_need *need) {
  const anqiu_list_info *list = &anqiu_lists[need->list];
  unsigned long long number = (unsigned long long)need->item + 1;
  bool of_item = need->item >= 0;
  put("\"");
  put(list->name);
  if (of_item) put("[");
  if (of_item) put_number(number, 1);
  if (of_item) put("].");
  if (of_item) put(need->name);
  put("\", \"label\": \"");
  put_escaped(list->words.zh, strlen(list->words.zh));
  put(of_item ? "第" : "（共有哪些）");
  if (of_item) put_number(number, 1);
  if (of_item) put("项的");
  if (of_item) put_escaped(need->label, strlen(need->label));
  put("\"");
}
#endif

static void put_names(const anqiu_need *need) {
#if ANQIU_LISTS
  if (need->list >= 0) {
    put_names_in_list(need);
    return;
  }
#endif
  const anqiu_fact_info *info = need->fact < 0 ? NULL : &anqiu_facts[need->fact];
  bool by_period = info && info->series;
  put_dated(by_period ? info->series : need->name, need->fact);
  put(", \"label\": ");
  put_dated(by_period ? info->series_label : need->label, need->fact);
}

static void put_need(const anqiu_need *need) {
  put("{\"fact\": ");
  put_names(need);
  if (need->member >= 0) {
    put(", \"member\": ");
    put_string_of(member_ids[need->member].text, member_ids[need->member].length);
  }
}

static const anqiu_words *taken_of(const anqiu_need *need) {
#if ANQIU_LISTS
  if (need->fact < 0) return &anqiu_lists[need->list].taken;
#endif
  return &anqiu_facts[need->fact].taken;
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

/* Who answers, for a member or for all together; the mapping is left open. Whether that is open. */
static bool put_departments(int policy, int member) {
  static const struct {
    const char *sure, *maybe;
    bool leading;
  } parts[] = {{"\"lead\": ", "\"possible_lead\": ", true},
               {"\"cooperating\": ", "\"possible_cooperating\": ", false}};
  const anqiu_words *found[ANQIU_MOST_DEPARTMENTS];
  bool open = false;
  for (int i = 0; i < 2; i++) {
    put(i ? ", " : "{");
    put(parts[i].sure);
    put_bodies(found, anqiu_departments(&c, policy, member, parts[i].leading, found));
    open = open || anqiu_possible_departments(&c, policy, member, parts[i].leading, found);
  }
  for (int i = 0; open && i < 2; i++) {
    put(", ");
    put(parts[i].maybe);
    put_bodies(found, anqiu_possible_departments(&c, policy, member, parts[i].leading, found));
  }
  return open;
}

static void put_assumed(bool next(anqiu_case *, int, int *, anqiu_need *), int number) {
  const char *before = "[";
  anqiu_need need;
  for (int at = 0; next(&c, number, &at, &need); before = ", ") {
    put(before);
    put_need(&need);
    put(", \"value\": ");
    put_words(taken_of(&need));
    put("}");
  }
  put(*before == '[' ? "[]" : "]");
}

static void put_date(int32_t day) {
  int year, month, of_month;
  anqiu_date(day, &year, &month, &of_month);
  char text[48];
  snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, of_month);
  put_string(text);
}

/* Since when it has applied, where the rules ask; the mapping is left open. */
static void put_first_day(int policy, int member) {
  int32_t low, high;
  if (!anqiu_first_day(&c, policy, member, &low, &high)) return;
  put(", \"first_day\": {\"min\": ");
  put_date(low);
  put(", \"max\": ");
  put_date(high);
  put("}");
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
    if (anqiu_policies[policy].departments_vary) {
      put(", \"departments\": ");
      put_departments(policy, member);
      put("}");
    }
    put_first_day(policy, member);
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
  if (found.working_days >= 0) {
    put(", \"working_days\": ");
    put_number((unsigned long long)found.working_days, 1);
  }
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
  if (put_departments(policy, ANQIU_HOUSEHOLD)) {
    put(", \"missing\": ");
    put_missing(anqiu_departments_missing, policy);
  }
  put("}");
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
  put_first_day(policy, ANQIU_HOUSEHOLD);
  put("}");
}
