/* The columns that the kernels take and fill, and the calendar. Money in fen, days since 1970. */
#include <stdint.h>

typedef struct {
    const int32_t *offsets;
    const uint8_t *state;
    const int64_t *income;
    const uint8_t *house;
    const int32_t *born;
    const uint8_t *allowance, *level, *school, *insured, *able;
    const int64_t *cost;
} Registry;

typedef struct {
    int64_t *old_age, *severe, *living, *yulu, *pension, *illness, *care, *school_aid;
    int64_t *premium, *subsistence, *housing, *many_disabled, *family_cost;
} Amounts;

/* Year << 9 | month << 5 | day, after Howard Hinnant's civil_from_days. */
static inline int32_t packed(int32_t day) {
    uint32_t z = (uint32_t)(day + 719468);
    uint32_t era = z / 146097, doe = z - era * 146097;
    uint32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    uint32_t mp = (5 * doy + 2) / 153;
    uint32_t month = mp < 10 ? mp + 3 : mp - 9;
    return (int32_t)((yoe + era * 400 + (month <= 2)) << 9 | month << 5 | (doy - (153 * mp + 2) / 5 + 1));
}
