/**
 * Decimal numbers, kept digit by digit as they were written.
 * In: texts of JSON, JavaScript numbers. Out: `Decimal`. Called by `scalars`, `jsontext` and `text`.
 */

const WRITTEN = /^([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
const LARGEST = 999_999_999_999_999_999n;
const FINEST = -1_999_999_999_999_999_997n;

/** A number `±digits × 10^exponent`, with as many digits as it was written with. */
export class Decimal {
  /**
   * @param {boolean} negative
   * @param {string} digits without leading zeros; `0` for zero
   * @param {bigint} exponent
   */
  constructor(negative, digits, exponent) {
    this.negative = negative;
    this.digits = digits;
    this.exponent = exponent;
    Object.freeze(this);
  }

  /**
   * The number that a text writes; null for one whose exponent is past all reason.
   * @param {string} text such as `-12.50` or `1e9`
   */
  static read(text) {
    const match = WRITTEN.exec(text);
    if (match === null) return null;
    const [, sign, above, below = "", power = "0"] = match;
    const digits = (above + below).replace(/^0+(?=.)/, "");
    const found = new Decimal(sign === "-", digits, BigInt(power) - BigInt(below.length));
    return found.exponent < FINEST || found.magnitude > LARGEST ? null : found;
  }

  /** The exponent of the first digit: 2 for 123. */
  get magnitude() {
    return this.exponent + BigInt(this.digits.length - 1);
  }

  get isZero() {
    return this.digits === "0";
  }

  /** The text, with an exponent where there would be many zeros; as Python's `str(Decimal)`. */
  toString() {
    const { digits, exponent, magnitude } = this;
    const sign = this.negative ? "-" : "";
    if (exponent <= 0n && magnitude >= -6n) {
      const below = Number(-exponent);
      if (below === 0) return sign + digits;
      const padded = digits.padStart(below + 1, "0");
      return `${sign}${padded.slice(0, -below)}.${padded.slice(-below)}`;
    }
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${mantissa}E${magnitude < 0n ? "" : "+"}${magnitude}`;
  }
}

/**
 * The shortest text that stands for a JavaScript number, as Python's `repr` writes a float: `0.1`, `1e-05`, `80.0`.
 * @param {number} value
 */
export function floatText(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const [mantissa, power] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const text = value.toFixed(Math.max(0, mantissa.replace(/[-.]/g, "").length - 1 - exponent));
  return text.includes(".") ? text : `${text}.0`;
}
