/* ---- who answers, how and on what basis --------------------------------------------------------------------------- */

static const anqiu_words *named(const anqiu_case *c, const body *b) {
  if (b->fact < 0) return &b->name;
  const place *p = &places[b->fact];
  u64 codes = 0;
  for (int i = p->size - 1; i >= 0; i--) codes = codes << 8 | c->memory[columns[p->first].low + (u32)i];
  if (codes & (codes - 1)) return &b->name;
  int index = 0;
  while (index < 63 && (codes >> index & 1) == 0) index++;
  const anqiu_words *office = &b->offices[index];
  return office->zh ? office : &b->name;
}

/* Which of its answers a policy may have, a bit each, for one of its subjects. */
static u64 answers_of(const anqiu_case *c, int policy, int subject) {
  const result *r = &results[policy];
  u64 bits = 0;
  for (int i = r->lead_size - 1; i >= 0; i--)
    bits = bits << 8 | c->memory[r->lead + (u32)subject * r->lead_size + (u32)i];
  return bits;
}

static bool answers_with(const answer *one, bool leading, int16_t body) {
  for (int i = leading ? 0 : one->leading; i < one->leading + (leading ? 0 : one->joining); i++)
    if (one->bodies[i] == body) return true;
  return false;
}

/* Whether a body answers in each of some cases. */
static bool in_each(const frame *f, u64 cases, bool leading, int16_t body) {
  for (int i = 0; i < 64; i++)
    if (cases >> i & 1 && !answers_with(&f->answers[i], leading, body)) return false;
  return true;
}

/* The subjects of a policy that are asked about: one member, or all; a household's policy has one. */
typedef struct {
  int first, end;
} subjects;

static subjects subjects_of(const anqiu_case *c, int policy, int member) {
  if (!anqiu_policies[policy].of_members) return (subjects){0, 1};
  return member == ANQIU_HOUSEHOLD ? (subjects){0, c->members} : (subjects){member, member + 1};
}

/* What may come out for those to whom a policy may apply, or for anybody where it applies to nobody. */
static u64 every_answer(const anqiu_case *c, int policy, subjects whose) {
  int size = results[policy].answers;
  u64 may = 0, all = 0;
  for (int i = whose.first; i < whose.end; i++) {
    u64 own = answers_of(c, policy, i);
    all |= own;
    if (c->memory[results[policy].outcome + (u32)i] != ANQIU_INELIGIBLE) may |= own;
  }
  return may ? may : all ? all : size < 64 ? (UINT64_C(1) << size) - 1 : UINT64_MAX;
}

/* Whether a body surely answers: for some member to whom the policy applies; else in every case. */
static bool answers_surely(const anqiu_case *c, int policy, subjects whose, bool leading, int16_t body) {
  const frame *f = frame_of(c, policy);
  bool settled = false;
  for (int i = whose.first; i < whose.end; i++) {
    if (c->memory[results[policy].outcome + (u32)i] != ANQIU_ELIGIBLE) continue;
    if (in_each(f, answers_of(c, policy, i), leading, body)) return true;
    settled = true;
  }
  return !settled && in_each(f, every_answer(c, policy, whose), leading, body);
}

static bool is_among(const anqiu_words *const *found, int count, const anqiu_words *one) {
  for (int i = 0; i < count; i++)
    if (strcmp(found[i]->zh, one->zh) == 0 && strcmp(found[i]->en, one->en) == 0) return true;
  return false;
}

/* The names of those who surely answer, or of those who need not, as facts have it; in the order of the answers. */
static int named_answering(const anqiu_case *c, int policy, int member, bool leading, bool surely,
                           const anqiu_words *found[ANQIU_MOST_DEPARTMENTS]) {
  const frame *f = frame_of(c, policy);
  subjects whose = subjects_of(c, policy, member);
  u64 every = every_answer(c, policy, whose);
  int count = 0;
  for (int i = 0; i < results[policy].answers; i++) {
    const answer *one = &f->answers[i];
    for (int j = leading ? 0 : one->leading; every >> i & 1 && j < one->leading + (leading ? 0 : one->joining); j++) {
      const anqiu_words *name = named(c, &bodies[one->bodies[j]]);
      if (answers_surely(c, policy, whose, leading, one->bodies[j]) == surely && !is_among(found, count, name))
        found[count++] = name;
    }
  }
  return count;
}

int anqiu_departments(const anqiu_case *c, int policy, int member, bool leading,
                      const anqiu_words *found[ANQIU_MOST_DEPARTMENTS]) {
  if (!known_subject(c, policy, member)) return 0;
  const frame *f = frame_of(c, policy);
  if (f->answers != NULL) return named_answering(c, policy, member, leading, true, found);
  const int16_t *numbers = leading ? f->lead : f->cooperating;
  int count = 0;
  for (int i = 0; i < (leading ? f->leading : f->joining); i++) {
    const anqiu_words *one = named(c, &bodies[numbers[i]]);
    if (!is_among(found, count, one)) found[count++] = one;
  }
  return count;
}

int anqiu_possible_departments(const anqiu_case *c, int policy, int member, bool leading,
                               const anqiu_words *found[ANQIU_MOST_DEPARTMENTS]) {
  if (!known_subject(c, policy, member) || frame_of(c, policy)->answers == NULL) return 0;
  const anqiu_words *sure[ANQIU_MOST_DEPARTMENTS], *may[ANQIU_MOST_DEPARTMENTS];
  int known = named_answering(c, policy, member, leading, true, sure);
  int others = named_answering(c, policy, member, leading, false, may);
  int count = 0;
  for (int i = 0; i < others; i++)
    if (!is_among(sure, known, may[i])) found[count++] = may[i];
  return count;
}

bool anqiu_obtain_of(const anqiu_case *c, int policy, anqiu_obtain *found) {
  const obtaining *o = known_policy(c, policy) ? frame_of(c, policy)->obtain : NULL;
  if (o == NULL) return false;
  found->how = o->how;
  found->where = o->where < 0 ? NULL : named(c, &bodies[o->where]);
  found->documents = o->documents;
  found->document_count = o->count;
  found->days = o->days;
  found->working_days = o->working_days;
  found->phone = o->phone;
  return true;
}

int anqiu_needed(const anqiu_case *c, int policy, const anqiu_document *document) {
  if (!known_policy(c, policy)) return ANQIU_NO_SUCH;
  if (document->asked < 0) return ANQIU_ELIGIBLE;
  const result *r = &results[policy];
  u32 at = rests[r->first + r->documents + (u32)document->asked].at;
  bool all = true, none = true, may = false;
  for (int i = 0; i < (anqiu_policies[policy].of_members ? c->members : 1); i++) {
    int outcome = c->memory[r->outcome + (u32)i], needed = c->memory[at + (u32)i];
    if (outcome == ANQIU_INELIGIBLE) continue;
    if (outcome == ANQIU_ELIGIBLE && needed == ANQIU_ELIGIBLE) return ANQIU_ELIGIBLE;
    may = true;
    all = all && needed == ANQIU_ELIGIBLE;
    none = none && needed == ANQIU_INELIGIBLE;
  }
  return !may ? ANQIU_UNKNOWN : all ? ANQIU_ELIGIBLE : none ? ANQIU_INELIGIBLE : ANQIU_UNKNOWN;
}

int anqiu_basis(const anqiu_case *c, int policy, const anqiu_clause **found) {
  if (!known_policy(c, policy)) return 0;
  *found = frame_of(c, policy)->basis;
  return frame_of(c, policy)->clauses;
}

bool anqiu_provisional(const anqiu_case *c, int policy) {
  if (!known_policy(c, policy)) return false;
  const frame *f = frame_of(c, policy);
  return anqiu_status(c, policy, ANQIU_HOUSEHOLD) == ANQIU_INELIGIBLE ? f->provisional_refusal : f->provisional;
}
