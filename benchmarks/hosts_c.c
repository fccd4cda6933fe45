/* hosts_c DATE ROUNDS < households.jsonl: nanoseconds a household, by what was done, a line each: the median of rounds.
   It is `decide` with its parts timed one by one; nothing is written but the times. */
#define main decide_main
#include "decide.c"
#undef main

#include <stdlib.h>
#include <time.h>

#define MOST 100000
#define AGAIN 10

static char *texts[MOST];
static long lengths[MOST];
static int32_t day;

static void bring(int i) { memcpy(line, texts[i], (size_t)lengths[i]); }

static void read_only(int i) {
  bring(i);
  memset(&in, 0, sizeof in);
  in.at = line;
  in.end = line + lengths[i];
  read_household();
}

static void read_and_decide(int i) {
  bring(i);
  decide_line(lengths[i], day);
}

static void ask(int i) {
  read_and_decide(i);
  for (int policy = 0; policy < ANQIU_POLICIES; policy++) {
    anqiu_need need;
    for (int at = 0; anqiu_missing(&c, policy, &at, &need);) continue;
  }
}

static void write_all(int i) {
  read_and_decide(i);
  pending = 0; /* as many bytes as fit; the rest goes to /dev/null by way of `flush` */
  put_evaluation("2019-06-30");
}

static int by_size(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

static double now(void) {
  struct timespec time;
  timespec_get(&time, TIME_UTC);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double nanoseconds(void (*work)(int), int count) {
  double start = now();
  for (int i = 0; i < count; i++) work(i);
  return (now() - start) / count;
}

/* Deciding alone: each household is read, and then decided some times while the clock runs. */
static double deciding(void (*read)(int), int count) {
  double spent = 0;
  for (int i = 0; i < count; i++) {
    read(i);
    double start = now();
    for (int time = 0; time < AGAIN; time++) anqiu_decide(&c, day);
    spent += now() - start;
  }
  return spent / count / AGAIN;
}

static double median(double (*taken)(void (*)(int), int), void (*work)(int), int count, int rounds) {
  double found[100];
  for (int round = -1; round < rounds; round++) {
    double one = taken(work, count);
    if (round >= 0) found[round] = one;
  }
  qsort(found, (size_t)rounds, sizeof *found, by_size);
  return found[rounds / 2];
}

int main(int given, char **arguments) {
  int count = 0, rounds = given == 3 ? atoi(arguments[2]) : 0;
  day = given == 3 ? day_of(arguments[1]) : ANQIU_NO_DAY;
  if (day == ANQIU_NO_DAY || rounds < 1 || rounds > 99) return 2;
  for (long length; count < MOST && (length = read_line()) >= 0; count++) {
    texts[count] = malloc((size_t)length + 1);
    lengths[count] = length;
    if (!texts[count]) return 2;
    memcpy(texts[count], line, (size_t)length);
    if (!decide_line(length, day)) return 2;
  }
  double found[] = {median(deciding, read_only, count, rounds), median(nanoseconds, read_and_decide, count, rounds),
                    median(nanoseconds, ask, count, rounds), median(nanoseconds, write_all, count, rounds)};
  static const char *const names[] = {"decide, facts set already", "read JSON and decide",
                                      "read JSON, decide, say what is missing", "one after the other, from and to JSON"};
  for (int i = 0; i < 4; i++) fprintf(stderr, "%.1f %s\n", found[i], names[i]);
  return 0;
}
