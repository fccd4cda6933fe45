/* One household, decided with the library of docs/examples/lesson. */
#include "lesson.h"

#include <inttypes.h>
#include <stdio.h>

static lesson_case c; /* all the memory there is: no allocation, no setting up */

int main(void) {
  lesson_household(&c);
  int mother = lesson_member(&c);
  lesson_set_truth(&c, LESSON_FACT_ON_ALLOWANCE, LESSON_HOUSEHOLD, true);
  lesson_set_range(&c, LESSON_FACT_MEDICAL_COST, LESSON_HOUSEHOLD, 700000, 700000);        /* 7000.00 元 */
  lesson_set_range(&c, LESSON_FACT_BIRTH_DATE, mother, lesson_day(1959, 1, 1), lesson_day(1959, 12, 31)); /* in 1959 */
  lesson_set_codes(&c, LESSON_FACT_DISABILITY_LEVEL, mother, LESSON_CODE_DISABILITY_LEVEL_NONE_GIVEN);

  int error = lesson_decide(&c, lesson_day(2019, 6, 30));
  if (error) {
    fprintf(stderr, "%s\n", lesson_error_text(error));
    return 1;
  }
  for (int policy = 0; policy < LESSON_POLICIES; policy++) {
    int status = lesson_status(&c, policy, LESSON_HOUSEHOLD);
    printf("%s: %s", lesson_policies[policy].title.en,
           status == LESSON_ELIGIBLE ? "yes" : status == LESSON_UNKNOWN ? "not known" : "no");
    int64_t low, high;
    if (lesson_amount(&c, policy, LESSON_HOUSEHOLD, &low, &high))
      printf(", %" PRId64 " to %" PRId64 " fen a %s", low, high, lesson_per(&c, policy));
    puts("");
    const lesson_words *departments[LESSON_MOST_DEPARTMENTS];
    for (int i = 0, count = lesson_departments(&c, policy, LESSON_HOUSEHOLD, true, departments); i < count; i++)
      printf("  lead: %s\n", departments[i]->en);
    lesson_need need;
    for (int at = 0; lesson_missing(&c, policy, &at, &need);)
      printf("  to be found out: %s%s\n", need.name, need.member == mother ? " of the mother" : "");
  }
  return 0;
}
