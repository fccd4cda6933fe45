/* The thirteen rules of rules13 by hand, rule by rule over blocks of members that stay in the processor's cache.

   Ages are cuts of birth days and a rule is a loop without branches, so that the compiler uses vectors. In and out as
   kernel13.c has it; compiled by arrays13.py in the same way. */
#include "registry13.h"

enum { MEMBERS = 4096 }; /* of a block; no household has more */

/* The last day of birth of those who have completed so many years. */
static int32_t cut(int32_t as_of, int32_t years) {
    int32_t wanted = packed(as_of) - (years << 9), day = as_of - years * 365;
    while (packed(day) > wanted) day--;
    while (packed(day + 1) <= wanted) day++;
    return day;
}

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t above(int64_t a, int64_t b) { return a > b ? a - b : 0; }
static inline int64_t where(int test, int64_t amount) { return -(int64_t)test & amount; }

void decide(int32_t households, int32_t as_of, const Registry *r, const Amounts *a) {
    const int32_t d6 = cut(as_of, 6), d15 = cut(as_of, 15), d16 = cut(as_of, 16);
    const int32_t d60 = cut(as_of, 60), d80 = cut(as_of, 80), d90 = cut(as_of, 90);
    uint8_t served[MEMBERS], severe[MEMBERS];
    int64_t insured_cost[MEMBERS];
    for (int32_t from = 0, to; from < households; from = to) {
        const int32_t start = r->offsets[from];
        for (to = from; to < households && r->offsets[to + 1] - start <= MEMBERS; to++) {
            for (int32_t m = r->offsets[to] - start; m < r->offsets[to + 1] - start; m++) served[m] = r->state[to] < 2;
        }
        const int32_t n = r->offsets[to] - start;
        const int32_t *born = r->born + start;
        const uint8_t *allowance = r->allowance + start, *level = r->level + start, *school = r->school + start;
        const uint8_t *insured = r->insured + start, *able = r->able + start;
        const int64_t *cost = r->cost + start;
        for (int32_t i = 0; i < n; i++) severe[i] = (level[i] == 1) | (level[i] == 2);
        for (int32_t i = 0; i < n; i++) insured_cost[i] = where(insured[i], cost[i]);
#define AMOUNTS_OF(rule, amount)                     \
    {                                                \
        int64_t *restrict out = a->rule + start;     \
        for (int32_t i = 0; i < n; i++) out[i] = (amount); \
    }
        AMOUNTS_OF(old_age, where(served[i] & allowance[i] & (born[i] <= d60),
                                  born[i] > d80 ? 8000 : born[i] > d90 ? 10000 : 20000))
        AMOUNTS_OF(severe, where(served[i] & severe[i], level[i] == 1 ? 12000 : 10000))
        AMOUNTS_OF(living, where(served[i] & allowance[i] & (level[i] != 0), 11000))
        AMOUNTS_OF(yulu, where(served[i] & (school[i] >= 2), 300000))
        AMOUNTS_OF(pension, where(served[i] & insured[i] & (born[i] <= d16) & (born[i] > d60) & (school[i] == 0), 10000))
        AMOUNTS_OF(illness, where(served[i] & insured[i] & (cost[i] > 500000),
                                  (int64_t)((uint64_t)(above(least(cost[i], 10000000), 500000) * 65 +
                                                       above(least(cost[i], 20000000), 10000000) * 75 +
                                                       above(cost[i], 20000000) * 85 + 50) / 100)))
        AMOUNTS_OF(care, where(served[i] & severe[i] & !allowance[i], born[i] <= d60 ? 10000 : 8000))
        AMOUNTS_OF(school_aid, where(served[i] & (school[i] == 1) & (born[i] <= d6) & (born[i] > d15), 100000))
        for (int32_t h = from; h < to; h++) {
            int any_able = 0, disabled = 0;
            int64_t sum = 0;
            const int32_t first = r->offsets[h] - start, last = r->offsets[h + 1] - start;
            for (int32_t m = first; m < last; m++) {
                any_able |= able[m];
                disabled += severe[m];
                sum += insured_cost[m];
            }
            const int s = r->state[h] < 2;
            const int64_t income = r->income[h], size = last - first;
            a->premium[h] = where(s, 15000 * size);
            a->subsistence[h] = where(s & !any_able & (income < 510000), (510000 - income) * size);
            a->housing[h] = where(s, r->house[h] == 3 ? 3500000 : r->house[h] == 2 ? 1500000 : 0);
            a->many_disabled[h] = where(s & (disabled >= 2), 50000 * (int64_t)disabled);
            a->family_cost[h] = where(s & (sum > 3000000), least((above(sum, 3000000) * 30 + 50) / 100, 2000000));
        }
    }
}
