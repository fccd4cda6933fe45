/* The library of docs/examples/bills as a program uses it: items in any order, how many there may be, what is refused. */
#include "bills.h"

#include <stdio.h>
#include <string.h>

#define HOUSEHOLD BILLS_HOUSEHOLD
#define CHECK(what) \
  if (!(what)) return printf("%d: %s\n", __LINE__, #what), 1

static bills_case one, other;
static int list, member, number;

static int refusals(void) {
  bills_case *c = &one;
  memset(c, 0xA5, sizeof *c); /* nothing need be cleared before */
  bills_household(c);
  CHECK(bills_item(c, BILLS_LIST_BILLS, 0) == BILLS_NO_SUCH); /* there is nobody */
  CHECK(bills_member(c) == 0 && bills_member(c) == 1);
  CHECK(bills_item(c, BILLS_LIST_BILLS, HOUSEHOLD) == BILLS_NO_SUCH);
  CHECK(bills_item(c, BILLS_LIST_SUPPORTERS, 0) == BILLS_NO_SUCH);
  CHECK(bills_item(c, BILLS_LISTS, 0) == BILLS_NO_SUCH && bills_item(c, -1, 0) == BILLS_NO_SUCH);
  CHECK(bills_whole(c, BILLS_LIST_BILLS, 2) == BILLS_NO_SUCH && bills_not_whole(c, 7, 0) == BILLS_NO_SUCH);
  int item = bills_item(c, BILLS_LIST_BILLS, 1);
  CHECK(item >= BILLS_MAX_MEMBERS);
  CHECK(bills_set_range(c, BILLS_FACT_MONTHLY_INCOME, item, 0, 0) == BILLS_NO_SUCH);
  CHECK(bills_set_range(c, BILLS_FACT_COST, 1, 0, 0) == BILLS_NO_SUCH);
  CHECK(bills_set_range(c, BILLS_FACT_COST, HOUSEHOLD, 0, 0) == BILLS_NO_SUCH);
  CHECK(bills_set_range(c, BILLS_FACT_COST, item + 1, 0, 0) == BILLS_NO_SUCH); /* it has one only */
  CHECK(bills_set_range(c, BILLS_FACT_COST, INT32_MAX, 0, 0) == BILLS_NO_SUCH);
  CHECK(bills_set_truth(c, BILLS_FACT_COST, item, true) == BILLS_WRONG_KIND);
  CHECK(bills_set_range(c, BILLS_FACT_COST, item, -1, 0) == BILLS_OUT_OF_RANGE);
  for (int i = 0; i < bills_lists[BILLS_LIST_SUPPORTERS].most; i++)
    CHECK(bills_item(c, BILLS_LIST_SUPPORTERS, HOUSEHOLD) >= BILLS_MAX_MEMBERS);
  CHECK(bills_item(c, BILLS_LIST_SUPPORTERS, HOUSEHOLD) == BILLS_ITEMS);
  CHECK(bills_item_of(c, item, &list, &member, &number) && list == BILLS_LIST_BILLS && member == 1 && number == 0);
  CHECK(!bills_item_of(c, 1, &list, &member, &number) && !bills_item_of(c, item + 1, &list, &member, &number));
  CHECK(bills_find_list("就医记录", strlen("就医记录")) == BILLS_LIST_BILLS);
  CHECK(bills_find_list("supporters", 10) == BILLS_LIST_SUPPORTERS && bills_find_list("cost", 4) == BILLS_NO_SUCH);
  CHECK(bills_error_text(BILLS_ITEMS)[0] && bills_error_text(BILLS_SAME_ORDER)[0]);
  return 0;
}

static int paid(bills_case *c, int of, int64_t *high) {
  int64_t low;
  int error = bills_decide(c, bills_day(2019, 6, 30));
  if (error) return error;
  return bills_amount(c, 0, of, &low, high) ? (int)low : 0;
}

/* A bill of so many yuan. */
static int bill(bills_case *c, int of, int cost, int month) {
  int item = bills_item(c, BILLS_LIST_BILLS, of);
  int32_t day = bills_day(2019, month, 1);
  bills_set_range(c, BILLS_FACT_COST, item, cost, cost);
  bills_set_range(c, BILLS_FACT_TREATED, item, day, day);
  return item;
}

/* Items of several owners may come in any order; each stays whose it is, and has what was said of it. */
static int any_order(void) {
  bills_case *c = &one;
  int64_t high;
  bills_household(c);
  for (int i = 0; i < 3; i++) bills_member(c);
  CHECK(bills_whole(c, BILLS_LIST_SUPPORTERS, HOUSEHOLD) == 0);
  int last = bill(c, 2, 400, 1);
  int first = bill(c, 0, 100, 2);
  bill(c, 1, 200, 3);
  bill(c, 0, 60, 4);
  for (int i = 0; i < 3; i++) CHECK(bills_whole(c, BILLS_LIST_BILLS, i) == 0);
  CHECK(paid(c, 0, &high) == 8000 && paid(c, 1, &high) == 10000 && paid(c, 2, &high) == 20000);
  CHECK(bills_set_range(c, BILLS_FACT_COST, last, 500, 500) == 0 && bills_set_range(c, BILLS_FACT_COST, first, 0, 0) == 0);
  CHECK(paid(c, 0, &high) == 3000 && paid(c, 1, &high) == 10000 && paid(c, 2, &high) == 25000);
  other = *c;
  bill(&other, 0, 40, 5);
  CHECK(paid(&other, 0, &high) == 5000 && paid(&other, 2, &high) == 25000 && paid(c, 0, &high) == 3000);
  /* two bills of one day */
  int32_t day = bills_day(2019, 4, 1);
  CHECK(bills_set_range(c, BILLS_FACT_TREATED, first, day, day) == 0);
  CHECK(paid(c, 0, &high) == BILLS_SAME_ORDER && c->fault_fact == BILLS_FACT_TREATED);
  CHECK(bills_item_of(c, c->fault_member, &list, &member, &number) && member == 0 && number == 1);
  /* a bill of the future */
  CHECK(bills_set_range(c, BILLS_FACT_TREATED, first, bills_day(2019, 7, 1), bills_day(2019, 7, 1)) == 0);
  CHECK(paid(c, 0, &high) == BILLS_LATE && c->fault_member == first);
  return 0;
}

/* What is missing: which items there are, facts of items. */
static int missing(void) {
  bills_case *c = &one;
  bills_need need;
  int64_t high;
  int at = 0;
  bills_household(c);
  bills_member(c);
  int supporter = bills_item(c, BILLS_LIST_SUPPORTERS, HOUSEHOLD);
  bills_item(c, BILLS_LIST_SUPPORTERS, HOUSEHOLD);
  CHECK(bills_set_range(c, BILLS_FACT_MONTHLY_INCOME, supporter, 0, 0) == 0);
  CHECK(bills_whole(c, BILLS_LIST_SUPPORTERS, HOUSEHOLD) == 0);
  bill(c, 0, 600, 3);
  CHECK(paid(c, 0, &high) == 0 && high == 500000);
  CHECK(bills_missing(c, 0, &at, &need) && need.fact == BILLS_FACT_MONTHLY_INCOME && need.member == HOUSEHOLD);
  CHECK(need.list == BILLS_LIST_SUPPORTERS && need.item == 1 && strcmp(need.name, "monthly_income") == 0);
  CHECK(bills_missing(c, 0, &at, &need) && need.fact == -1 && need.list == BILLS_LIST_BILLS && need.member == 0);
  CHECK(need.item == -1 && strcmp(need.name, "bills") == 0);
  CHECK(!bills_missing(c, 0, &at, &need));
  CHECK(bills_whole(c, BILLS_LIST_BILLS, 0) == 0 && paid(c, 0, &high) == 0 && high == 30000);
  CHECK(bills_not_whole(c, BILLS_LIST_BILLS, 0) == 0 && paid(c, 0, &high) == 0 && high == 500000);
  return 0;
}

int main(void) {
  if (refusals() || any_order() || missing()) return 1;
  puts("fine");
  return 0;
}
