/*@title*/
#ifndef ANQIU_H
#define ANQIU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*@constants*/
/* Instead of a member's number: the household itself, or its village. */
#define ANQIU_HOUSEHOLD (-1)

/* Errors are negative; `anqiu_error_text` puts them in words. */
enum anqiu_error {
  ANQIU_FINE = 0,
  ANQIU_NO_SUCH = -1,      /* no such fact, member or policy, or the fact is not one of theirs */
  ANQIU_WRONG_KIND = -2,   /* the fact is of another kind: a date is no truth */
  ANQIU_OUT_OF_RANGE = -3, /* outside the range that the rules declare */
  ANQIU_MEMBERS = -4,      /* more or fewer members than the rules allow */
  ANQIU_NOT_COVERED = -5,  /* the rules do not cover the day */
  ANQIU_REQUIRED = -6,     /* a fact that must be known exactly is not */
  ANQIU_LATE = -7,         /* a date of the past lies after the day asked about */
  ANQIU_VIOLATED = -9,     /* the data cannot be right: a check of data that rejects does not hold */
  ANQIU_ITEMS = -10,       /* more items than the list may have */
  ANQIU_SAME_ORDER = -11,  /* two items of a list have the same place in its order */
  ANQIU_BROKEN = -8        /* the rules ran into what they never should; nothing was decided */
};

enum anqiu_status { ANQIU_INELIGIBLE = 0, ANQIU_UNKNOWN = 2, ANQIU_ELIGIBLE = 3 };

enum anqiu_kind { ANQIU_TRUTH, ANQIU_NUMBER, ANQIU_DATE, ANQIU_CODE, ANQIU_CODES, ANQIU_TEXT, ANQIU_IDENTITY };

enum anqiu_each { ANQIU_ONCE, ANQIU_MONTHLY, ANQIU_YEARLY };

/* The facts of the items of list number n are of level ANQIU_OF_LIST + n. */
enum anqiu_level { ANQIU_OF_HOUSEHOLD, ANQIU_OF_MEMBER, ANQIU_OF_VILLAGE, ANQIU_OF_LIST };

/*@enums*/
typedef struct anqiu_words {
  const char *zh, *en;
} anqiu_words;

typedef struct anqiu_code {
  const char *code, *name, *label;
} anqiu_code;

/* A fact as the rules declare it. A number n stands for n / 10^decimals of its unit. Text has no value in rules.
   Where `assumed` is set, `absent` is taken of it if nothing was said of it: a truth as an `enum anqiu_status`, a number,
   or codes; `taken` says it in words. Of a date that may be none `beside` is the fact that says whether there is such a
   day, of that fact the date; else it is -1. What has a value for each month or year (`series`, else NULL) is a fact for
   this one (`ago` 0) and one for each before it, which stand side by side; `anqiu_find_fact` finds this one's. */
typedef struct anqiu_fact_info {
  const char *name, *label;
  uint8_t kind;
  uint16_t level;
  bool required, past;
  int8_t decimals;
  uint8_t code_count;
  const anqiu_code *codes;
  int64_t low, high;
  bool assumed;
  int64_t absent;
  anqiu_words taken;
  int16_t beside;
  const char *series, *series_label;
  uint8_t each;
  int16_t ago;
} anqiu_fact_info;

#if ANQIU_LISTS
/* Things of which a household, or each member, has several: at most `most`. Where `assumed` is set, there are none if nothing
   was said of it; `taken` says that in words. */
typedef struct anqiu_list_info {
  const char *name;
  anqiu_words words;
  bool of_members;
  uint16_t most;
  bool assumed;
  anqiu_words taken;
} anqiu_list_info;
#endif

#if ANQIU_NUMBERS
/* A number of identity: the fact that it is, whether it has the form of GB 11643; the facts that it tells, the day of birth and
   the sex (with the codes); the truths that say what holds of it: that it stands there in full, can be right, agrees with what
   is given of both, and that nobody else has it. -1 for what is not there. The program reads numbers; this library takes what
   they tell. */
typedef struct anqiu_number_info {
  int16_t fact;
  bool formed;
  int16_t birth, sex;
  uint64_t male, female;
  int16_t legible, valid, birth_agrees, sex_agrees, unique;
} anqiu_number_info;
#endif

/* What the rules declare by a name, and what people call it; the name is NULL where they declare none. */
typedef struct anqiu_named {
  const char *name;
  anqiu_words words;
} anqiu_named;

/* A policy, whether it is by condition who answers; whom it is shown to, and under what, if the rules say it. */
typedef struct anqiu_policy_info {
  const char *id;
  anqiu_words title;
  bool of_members, has_amount, departments_vary;
  anqiu_named audience, section;
} anqiu_policy_info;

/* A term that the rules report. A number n stands for n / 10^decimals of `unit` (NULL where it has none). Of a check of
   data, a truth, `severity` is "warn" or "reject", else NULL, and `says` what is told where it does not hold. */
typedef struct anqiu_figure_info {
  const char *name;
  anqiu_words label, unit;
  uint8_t kind;
  bool of_members;
  int8_t decimals;
  uint8_t code_count;
  const anqiu_code *codes;
  const char *severity;
  anqiu_words says;
} anqiu_figure_info;

typedef struct anqiu_clause {
  const char *source, *clause;
} anqiu_clause;

/* What to bring; `when`: where only (NULL: always), and which of the policy's documents by condition it is, or -1. */
typedef struct anqiu_document {
  anqiu_words name, when;
  int16_t asked;
} anqiu_document;

/* How a benefit is obtained: `how` is "application", "automatic" or "referral"; the department to go to and the telephone
   are NULL, the days until it is settled (by the calendar, or working days) -1, where nothing is said of them. */
typedef struct anqiu_obtain {
  const char *how;
  const anqiu_words *where;
  const anqiu_document *documents;
  int document_count, days, working_days;
  const char *phone;
} anqiu_obtain;

/* A fact that keeps a policy open: whose (a member's number, or ANQIU_HOUSEHOLD) and which; of an item of a list, of which
   list and which of its owner's it is, from 0, else both are -1. Where a parameter has no value on the day, `fact` is -1 and
   `name` is `parameter.NAME`. Where it must be known which items a list has, `fact` and `item` are -1, and it is named. */
typedef struct anqiu_need {
  int fact, member, list, item;
  const char *name, *label;
} anqiu_need;

extern const anqiu_fact_info anqiu_facts[ANQIU_FACTS];
#if ANQIU_LISTS
extern const anqiu_list_info anqiu_lists[ANQIU_LISTS];
#endif
#if ANQIU_NUMBERS
extern const anqiu_number_info anqiu_numbers[ANQIU_NUMBERS];
#endif
extern const anqiu_policy_info anqiu_policies[ANQIU_POLICIES];
extern const anqiu_figure_info anqiu_figures[ANQIU_FIGURES + 1];

/* One household, what is known of it, and the decisions. It owns all its memory and points nowhere outside, so it may
   stand anywhere (it is large for a stack) and be copied; several threads may each use their own. */
typedef struct anqiu_case {
  int members;      /* how many there are */
  int fault_fact;   /* after ANQIU_REQUIRED, ANQIU_LATE and ANQIU_SAME_ORDER: which fact; after ANQIU_VIOLATED: which figure, */
  int fault_member; /* and whose */
  /* what follows is the library's own */
  bool assume, decided, asked, broken;
  int inexact, day;
  int32_t latest[ANQIU_LATEST_];
  uint8_t known[ANQIU_KNOWN_];
#if ANQIU_LISTS
  uint8_t listed[ANQIU_LISTS * ANQIU_OWNERS_];
#endif
#if ANQIU_GLOBALS_
  uint32_t globals[ANQIU_GLOBALS_];
#endif
  uint8_t memory[ANQIU_MEMORY_];
#if ANQIU_ASSUMING_
  int resting; /* of how many facts something was assumed */
  bool asked_bare;
  uint8_t bare[ANQIU_MEMORY_ - ANQIU_AT_RESULTS_]; /* what comes out with nothing assumed */
#endif
} anqiu_case;

/* Begin a household: no members yet, nothing known. It must come first. */
void anqiu_household(anqiu_case *c);

/* Another member, of whom nothing is known yet: its number (0, 1, …) or ANQIU_MEMBERS. */
int anqiu_member(anqiu_case *c);

#if ANQIU_LISTS
/* Another item of a list, of which nothing is known yet: a number, to be given below in place of a member's, for the facts of
   that list. `member` is whose it is, or ANQIU_HOUSEHOLD. Or an error: ANQIU_ITEMS where the list has as many as it may. */
int anqiu_item(anqiu_case *c, int list, int member);

/* There are no other items than those that were added, before and after this. Without it there may be others. */
int anqiu_whole(anqiu_case *c, int list, int member);

/* There may be others, also where the rules assume that there are none if nothing is said of the list. */
int anqiu_not_whole(anqiu_case *c, int list, int member);

/* Which item it is, by its number: its list, whose it is, and which of its owner's, from 0. False for what is no item. */
bool anqiu_item_of(const anqiu_case *c, int item, int *list, int *member, int *number);

/* The list of a name or label (UTF-8, not ended by 0), or ANQIU_NO_SUCH. */
int anqiu_find_list(const char *text, size_t length);
#endif

/* What is known of a fact. Each returns ANQIU_FINE or an error, and then changes nothing.
   A number or date lies between `low` and `high` (days since 1970-01-01), equal where it is exact. Of an ANQIU_CODE
   `codes` are those that it may be, one where it is exact; of ANQIU_CODES all those that hold. */
int anqiu_set_range(anqiu_case *c, int fact, int member, int64_t low, int64_t high);
int anqiu_set_truth(anqiu_case *c, int fact, int member, bool value);
int anqiu_set_codes(anqiu_case *c, int fact, int member, uint64_t codes);
int anqiu_set_unknown(anqiu_case *c, int fact, int member);

/* Of a date that may be none: there is no such day. `anqiu_set_range` says that there is one; that nobody knows whether is
   said by `anqiu_set_unknown` of the fact beside it, after the range. */
int anqiu_set_none(anqiu_case *c, int fact, int member);

/* Whether the rules may assume what they declare of facts of which nothing was said; at first they may. A fact that was
   said to be unknown is never assumed. */
void anqiu_assume(anqiu_case *c, bool assume);

/* Decide every policy on a day. The questions below are about the last time that this went well. */
int anqiu_decide(anqiu_case *c, int32_t day);

/* Whether a policy applies: to a member, or with ANQIU_HOUSEHOLD to anybody. A household's policy is the same for all
   its members. An `enum anqiu_status` or an error. */
int anqiu_status(const anqiu_case *c, int policy, int member);

/* Whether a policy is for a member: as its status, where it does not choose among them; with ANQIU_HOUSEHOLD whether it
   applies. */
int anqiu_benefits(const anqiu_case *c, int policy, int member);

/* An amount in the smallest unit of the currency, for a member or for all together. False where there is none. */
bool anqiu_amount(const anqiu_case *c, int policy, int member, int64_t *low, int64_t *high);

/* For what period an amount is: "month", "year", "once", …; "" where the policy states no amount. */
const char *anqiu_per(const anqiu_case *c, int policy);

/* Whether who meets a policy's condition must be given it ("entitlement"), may be ("discretion"), or is where it is
   offered ("encouraged"). */
const char *anqiu_force(const anqiu_case *c, int policy);

/* Whether the household is among a policy's audience, an `enum anqiu_status`; ANQIU_NO_SUCH where it names none. */
int anqiu_own_audience(const anqiu_case *c, int policy);

/* Who is responsible, leading or cooperating, by their names on the day: how many. For a member of a member's policy, where
   that is by condition; with ANQIU_HOUSEHOLD for all together. */
int anqiu_departments(const anqiu_case *c, int policy, int member, bool leading,
                      const anqiu_words *found[ANQIU_MOST_DEPARTMENTS]);

/* Where facts are unknown on which it depends who answers: who may besides, and what must be known to say it (as
   `anqiu_missing`, but it keeps no decision open). */
int anqiu_possible_departments(const anqiu_case *c, int policy, int member, bool leading,
                               const anqiu_words *found[ANQIU_MOST_DEPARTMENTS]);
bool anqiu_departments_missing(anqiu_case *c, int policy, int *at, anqiu_need *need);

/* How a policy's benefit is obtained. False where the rules do not say. */
bool anqiu_obtain_of(const anqiu_case *c, int policy, anqiu_obtain *found);

/* Whether a document must be brought, an `enum anqiu_status`; where the policy applies to nobody, ANQIU_UNKNOWN for one that
   is needed by condition. */
int anqiu_needed(const anqiu_case *c, int policy, const anqiu_document *document);

/* The clauses that a policy rests on: how many. */
int anqiu_basis(const anqiu_case *c, int policy, const anqiu_clause **found);

/* Since when a policy has applied without a break, where a fact asks that of earlier results: both ends, in days since
   1970-01-01, by what was said of that fact. Of a member's policy for each member. False where nobody asks, or it is
   refused. */
bool anqiu_first_day(const anqiu_case *c, int policy, int member, int32_t *low, int32_t *high);

/* Whether the decision rests on a value that no source states. */
bool anqiu_provisional(const anqiu_case *c, int policy);

/* The next fact that keeps a policy open; begin with `*at` 0. False at the end. Sets `c->asked`, hence no const. */
bool anqiu_missing(anqiu_case *c, int policy, int *at, anqiu_need *need);

/* A figure, of a member or with ANQIU_HOUSEHOLD of the household, as it is declared. Of an ANQIU_NUMBER or ANQIU_DATE both
   ends; false for another kind. Of an ANQIU_CODE the bits of the codes that it may be, of an ANQIU_TRUTH 1 for no, 2 for
   yes, 3 for either; 0 for another kind. */
bool anqiu_figure_range(const anqiu_case *c, int figure, int member, int64_t *low, int64_t *high);
uint64_t anqiu_figure_codes(const anqiu_case *c, int figure, int member);

/* As for policies: the next fact that keeps it open; whether it rests on a value that no source states. */
bool anqiu_figure_missing(anqiu_case *c, int figure, int *at, anqiu_need *need);
bool anqiu_figure_provisional(const anqiu_case *c, int figure);

/* In the same way, what a policy or a figure rests on of all that was assumed: what would keep it open if nothing were, in
   the facts' `taken`. None where it comes out the same with nothing assumed. */
bool anqiu_assumed(anqiu_case *c, int policy, int *at, anqiu_need *need);
bool anqiu_figure_assumed(anqiu_case *c, int figure, int *at, anqiu_need *need);

/* The fact of a name, label or alias (UTF-8, not ended by 0), or ANQIU_NO_SUCH. */
int anqiu_find_fact(const char *text, size_t length);

/* The bit of a fact's code, by registry code, name or label; 0 where there is none. */
uint64_t anqiu_find_code(int fact, const char *text, size_t length);

/* A date as days since 1970-01-01, or ANQIU_NO_DAY; and back. Years 1 to 9999. */
#define ANQIU_NO_DAY INT32_MIN
int32_t anqiu_day(int year, int month, int day);
void anqiu_date(int32_t days, int *year, int *month, int *day);

/* An error in English. */
const char *anqiu_error_text(int error);

#ifdef __cplusplus
}
#endif

#endif
