/* The library of docs/examples/lesson as a program uses it: what is refused, several days, copies, threads. */
#include "lesson.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define HOUSEHOLD LESSON_HOUSEHOLD
#define CHECK(what) \
  if (!(what)) return printf("%d: %s\n", __LINE__, #what), 1

static lesson_case one, other;

static int refusals(void) {
  lesson_case *c = &one;
  memset(c, 0xA5, sizeof *c); /* nothing need be cleared before */
  lesson_household(c);
  CHECK(lesson_decide(c, lesson_day(2019, 6, 30)) == LESSON_MEMBERS);
  CHECK(lesson_member(c) == 0 && lesson_member(c) == 1);
  CHECK(lesson_set_truth(c, LESSON_FACT_ON_ALLOWANCE, 0, true) == LESSON_NO_SUCH);
  CHECK(lesson_set_truth(c, LESSON_FACTS, HOUSEHOLD, true) == LESSON_NO_SUCH);
  CHECK(lesson_set_truth(c, -1, HOUSEHOLD, true) == LESSON_NO_SUCH);
  CHECK(lesson_set_truth(c, LESSON_FACT_TOWN, HOUSEHOLD, true) == LESSON_WRONG_KIND);
  CHECK(lesson_set_range(c, LESSON_FACT_BIRTH_DATE, 2, 0, 0) == LESSON_NO_SUCH);
  CHECK(lesson_set_range(c, LESSON_FACT_BIRTH_DATE, HOUSEHOLD, 0, 0) == LESSON_NO_SUCH);
  CHECK(lesson_set_range(c, LESSON_FACT_MEDICAL_COST, HOUSEHOLD, -1, 0) == LESSON_OUT_OF_RANGE);
  CHECK(lesson_set_range(c, LESSON_FACT_MEDICAL_COST, HOUSEHOLD, 0, 100000001) == LESSON_OUT_OF_RANGE);
  CHECK(lesson_set_range(c, LESSON_FACT_MEDICAL_COST, HOUSEHOLD, 2, 1) == LESSON_OUT_OF_RANGE);
  CHECK(lesson_set_range(c, LESSON_FACT_MEDICAL_COST, HOUSEHOLD, INT64_MIN, INT64_MAX) == LESSON_OUT_OF_RANGE);
  CHECK(lesson_set_codes(c, LESSON_FACT_TOWN, HOUSEHOLD, 0) == LESSON_OUT_OF_RANGE);
  CHECK(lesson_set_codes(c, LESSON_FACT_TOWN, HOUSEHOLD, UINT64_C(1) << 63) == LESSON_OUT_OF_RANGE);
  CHECK(lesson_set_unknown(c, 99, HOUSEHOLD) == LESSON_NO_SUCH);
  CHECK(lesson_decide(c, LESSON_FIRST_DAY - 1) == LESSON_NOT_COVERED);
  CHECK(lesson_decide(c, LESSON_LAST_DAY + 1) == LESSON_NOT_COVERED);
  CHECK(lesson_status(c, 0, HOUSEHOLD) == LESSON_NO_SUCH); /* nothing was decided */
  int64_t low, high;
  const lesson_words *found[LESSON_MOST_DEPARTMENTS];
  const lesson_clause *basis;
  lesson_need need;
  int at = 0;
  CHECK(!lesson_amount(c, 0, HOUSEHOLD, &low, &high) && !lesson_missing(c, 0, &at, &need));
  CHECK(lesson_departments(c, 0, HOUSEHOLD, true, found) == 0 && lesson_basis(c, 0, &basis) == 0);
  CHECK(lesson_per(c, 0)[0] == 0 && !lesson_provisional(c, 0));
  CHECK(lesson_decide(c, LESSON_LAST_DAY) == LESSON_FINE);
  CHECK(lesson_status(c, LESSON_POLICIES, HOUSEHOLD) == LESSON_NO_SUCH);
  CHECK(lesson_status(c, 0, 2) == LESSON_NO_SUCH && lesson_status(c, 0, 1) == LESSON_UNKNOWN);
  for (int i = 2; i < LESSON_MAX_MEMBERS; i++) CHECK(lesson_member(c) == i);
  CHECK(lesson_member(c) == LESSON_MEMBERS);
  for (int error = 0; error >= LESSON_BROKEN; error--) CHECK(lesson_error_text(error)[0]);
  return 0;
}

static int allowance(lesson_case *c, int32_t day) {
  int64_t low, high;
  int error = lesson_decide(c, day);
  if (error) return error;
  if (!lesson_amount(c, LESSON_POLICY_ELDERLY_OLD_AGE_ALLOWANCE, HOUSEHOLD, &low, &high)) return 0;
  return low == high ? (int)low : -1000;
}

static void fill(lesson_case *c) {
  lesson_household(c);
  lesson_member(c);
  lesson_set_truth(c, LESSON_FACT_ON_ALLOWANCE, HOUSEHOLD, true);
  lesson_set_codes(c, LESSON_FACT_TOWN, HOUSEHOLD, lesson_find_code(LESSON_FACT_TOWN, "东河镇", strlen("东河镇")));
  lesson_set_range(c, LESSON_FACT_BIRTH_DATE, 0, lesson_day(1959, 6, 30), lesson_day(1959, 6, 30));
}

/* One household on several days: nothing of the day before stays behind. */
static int days(void) {
  lesson_case *c = &one;
  fill(c);
  CHECK(allowance(c, lesson_day(2019, 6, 29)) == 0);
  CHECK(allowance(c, lesson_day(2019, 6, 30)) == 8000);
  CHECK(allowance(c, lesson_day(2018, 6, 30)) == 0);
  CHECK(lesson_set_range(c, LESSON_FACT_BIRTH_DATE, 0, lesson_day(1959, 1, 1), lesson_day(1959, 12, 31)) == 0);
  CHECK(allowance(c, lesson_day(2019, 6, 30)) == -1000);
  lesson_need need;
  int at = 0;
  CHECK(lesson_missing(c, LESSON_POLICY_ELDERLY_OLD_AGE_ALLOWANCE, &at, &need));
  CHECK(need.fact == LESSON_FACT_BIRTH_DATE && need.member == 0 && strcmp(need.label, "出生日期") == 0);
  CHECK(!lesson_missing(c, LESSON_POLICY_ELDERLY_OLD_AGE_ALLOWANCE, &at, &need));
  CHECK(allowance(c, lesson_day(2020, 1, 1)) == 8000);
  /* a date of the past is not after the day asked about: known in part it is brought down, for that day only */
  CHECK(lesson_set_range(c, LESSON_FACT_BIRTH_DATE, 0, lesson_day(2019, 1, 1), lesson_day(2020, 12, 31)) == 0);
  CHECK(allowance(c, lesson_day(2018, 12, 31)) == LESSON_LATE);
  CHECK(c->fault_fact == LESSON_FACT_BIRTH_DATE && c->fault_member == 0);
  CHECK(allowance(c, lesson_day(2019, 6, 30)) == 0);
  CHECK(allowance(c, lesson_day(2020, 6, 30)) == 0);
  CHECK(lesson_set_unknown(c, LESSON_FACT_BIRTH_DATE, 0) == 0);
  CHECK(allowance(c, lesson_day(2020, 6, 30)) == -1000);
  return 0;
}

/* A case may be copied, and the copy goes its own way. */
static int copies(void) {
  fill(&one);
  other = one;
  CHECK(lesson_set_truth(&other, LESSON_FACT_ON_ALLOWANCE, HOUSEHOLD, false) == 0);
  CHECK(allowance(&other, lesson_day(2019, 6, 30)) == 0);
  CHECK(allowance(&one, lesson_day(2019, 6, 30)) == 8000);
  const lesson_words *found[LESSON_MOST_DEPARTMENTS];
  CHECK(lesson_departments(&one, LESSON_POLICY_ELDERLY_OLD_AGE_ALLOWANCE, HOUSEHOLD, true, found) == 1);
  CHECK(lesson_departments(&one, LESSON_POLICY_ELDERLY_OLD_AGE_ALLOWANCE, one.members, true, found) == 0);
  CHECK(lesson_departments(&one, LESSON_POLICY_ELDERLY_OLD_AGE_ALLOWANCE, 0, true, found) == 1);
  CHECK(strcmp(found[0]->zh, "县民政局") == 0);
  CHECK(strcmp(lesson_per(&one, LESSON_POLICY_ELDERLY_OLD_AGE_ALLOWANCE), "month") == 0);
  return 0;
}

static lesson_case own[4];

static void *work(void *given) {
  lesson_case *c = given;
  for (int i = 0; i < 2000; i++) {
    fill(c);
    if (allowance(c, lesson_day(2019, 6, 30)) != 8000 || allowance(c, lesson_day(2019, 6, 29)) != 0) return c;
  }
  return NULL;
}

static int threads(void) {
  pthread_t started[4];
  for (int i = 0; i < 4; i++) CHECK(pthread_create(&started[i], NULL, work, &own[i]) == 0);
  for (int i = 0; i < 4; i++) {
    void *failed;
    CHECK(pthread_join(started[i], &failed) == 0 && !failed);
  }
  return 0;
}

static int calendar(void) {
  int year, month, day;
  for (int32_t days = lesson_day(1, 1, 1); days <= lesson_day(9999, 12, 31); days++) {
    lesson_date(days, &year, &month, &day);
    CHECK(lesson_day(year, month, day) == days);
  }
  CHECK(lesson_day(1970, 1, 1) == 0 && lesson_day(2000, 2, 29) == 11016 && lesson_day(1, 1, 1) == -719162);
  CHECK(lesson_day(1900, 2, 29) == LESSON_NO_DAY && lesson_day(2019, 0, 1) == LESSON_NO_DAY);
  CHECK(lesson_day(0, 1, 1) == LESSON_NO_DAY && lesson_day(10000, 1, 1) == LESSON_NO_DAY);
  return 0;
}

int main(void) {
  if (refusals() || days() || copies() || threads() || calendar()) return 1;
  puts("fine");
  return 0;
}
