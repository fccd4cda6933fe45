/* The thirteen rules of rules13 by hand: one pass over plain columns, all facts known. Money in fen, days since 1970.

   Compiled by arrays13.py with gcc -O3 -march=native. Codes stand for positions in registry13.py's lists. */
#include "registry13.h"

/* Completed years: one born on 29 February completes a year of a common year on 1 March. */
static inline int32_t years(int32_t born, int32_t as_of) {
    return (packed(as_of) - packed(born)) >> 9;
}

static inline int64_t percent(int64_t fen, int64_t rate) { return (fen * rate + 50) / 100; }

static inline int64_t slices(int64_t cost) {
    int64_t total = 0;
    if (cost > 500000) total += ((cost < 10000000 ? cost : 10000000) - 500000) * 65;
    if (cost > 10000000) total += ((cost < 20000000 ? cost : 20000000) - 10000000) * 75;
    if (cost > 20000000) total += (cost - 20000000) * 85;
    return (total + 50) / 100;
}

void decide(int32_t households, int32_t as_of, const Registry *r, const Amounts *a) {
    for (int32_t h = 0; h < households; h++) {
        int32_t first = r->offsets[h], last = r->offsets[h + 1], size = last - first;
        int served = r->state[h] < 2, any_able = 0, disabled = 0;
        int64_t sum = 0;
        for (int32_t m = first; m < last; m++) {
            int32_t age = years(r->born[m], as_of);
            int level = r->level[m], severe = level == 1 || level == 2;
            int allowance = r->allowance[m], insured = r->insured[m], school = r->school[m];
            int64_t cost = r->cost[m];
            any_able |= r->able[m];
            disabled += severe;
            sum += insured ? cost : 0;
            a->old_age[m] = served && allowance && age >= 60 ? (age < 80 ? 8000 : age < 90 ? 10000 : 20000) : 0;
            a->severe[m] = served && severe ? (level == 1 ? 12000 : 10000) : 0;
            a->living[m] = served && allowance && level ? 11000 : 0;
            a->yulu[m] = served && school >= 2 ? 300000 : 0;
            a->pension[m] = served && insured && age >= 16 && age <= 59 && school == 0 ? 10000 : 0;
            a->illness[m] = served && insured && cost > 500000 ? slices(cost) : 0;
            a->care[m] = served && severe && !allowance ? (age >= 60 ? 10000 : 8000) : 0;
            a->school_aid[m] = served && school == 1 && age >= 6 && age <= 14 ? 100000 : 0;
        }
        int64_t income = r->income[h], share = sum > 3000000 ? percent(sum - 3000000, 30) : 0;
        a->premium[h] = served ? 15000 * (int64_t)size : 0;
        a->subsistence[h] = served && !any_able && income < 510000 ? (510000 - income) * size : 0;
        a->housing[h] = served && r->house[h] >= 2 ? (r->house[h] == 3 ? 3500000 : 1500000) : 0;
        a->many_disabled[h] = served && disabled >= 2 ? 50000 * (int64_t)disabled : 0;
        a->family_cost[h] = served && sum > 3000000 ? (share < 2000000 ? share : 2000000) : 0;
    }
}
