/**
 * Dates as days since 1970-01-01, in the Gregorian calendar from year 1 to 9999.
 * In: years, months, days of the month. Out: day numbers and ISO texts. Called by `scalars` and `index`.
 */

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The number of days of a month, counted from 1.
 * @param {number} year
 * @param {number} month
 */
export function lengthOfMonth(year, month) {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : LENGTHS[month - 1];
}

/**
 * The day number of a date; null where the calendar has none.
 * @param {number} year
 * @param {number} month
 * @param {number} day
 */
export function toDay(year, month, day) {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengthOfMonth(year, month)) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Date.UTC would take the year 59 for 1959
  return date.getTime() / 86_400_000;
}

/**
 * `2019-06-30` of a day number.
 * @param {number} day
 */
export function isoOf(day) {
  const date = new Date(day * 86_400_000);
  const [year, month, ofMonth] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(ofMonth).padStart(2, "0")}`;
}
