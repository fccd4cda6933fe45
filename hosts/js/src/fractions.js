/**
 * Exact fractions: the numbers of sums.
 * In: bigints. Out: fractions in their least terms. Called by the modules of sums.
 */

/** A number as a quotient of whole numbers, the lower one above zero. */
export class Fraction {
  /**
   * @param {bigint} above
   * @param {bigint} [below]
   */
  constructor(above, below = 1n) {
    const divisor = common(above < 0n ? -above : above, below < 0n ? -below : below);
    const sign = below < 0n ? -1n : 1n;
    this.above = (sign * above) / divisor;
    this.below = (sign * below) / divisor;
  }

  /** @param {Fraction} other */
  plus(other) {
    return new Fraction(this.above * other.below + other.above * this.below, this.below * other.below);
  }

  /** @param {Fraction} other */
  times(other) {
    return new Fraction(this.above * other.above, this.below * other.below);
  }

  /** @param {Fraction} other */
  over(other) {
    return new Fraction(this.above * other.below, this.below * other.above);
  }

  negated() {
    return new Fraction(-this.above, this.below);
  }

  /**
   * Below zero where it is less than another one.
   * @param {Fraction} other
   */
  compared(other) {
    const [one, two] = [this.above * other.below, other.above * this.below];
    return one < two ? -1 : one > two ? 1 : 0;
  }

  /** @param {bigint} whole */
  is(whole) {
    return this.below === 1n && this.above === whole;
  }

  /** As a decimal if it has an end, else as a quotient. */
  get text() {
    let [scale, power] = [0, 1n];
    while (scale < 40 && power % this.below !== 0n) {
      scale += 1;
      power *= 10n;
    }
    if (scale === 40) return `(${this.above}/${this.below})`;
    const found = (this.above * power) / this.below;
    const digits = String(found < 0n ? -found : found).padStart(scale + 1, "0");
    const part = digits.slice(digits.length - scale).replace(/0+$/, "");
    return (found < 0n ? "-" : "") + digits.slice(0, digits.length - scale) + (scale > 0 && part ? `.${part}` : "");
  }
}

/**
 * A power of ten.
 * @param {number} exponent
 */
export function power(exponent) {
  const size = 10n ** BigInt(Math.abs(exponent));
  return exponent >= 0 ? new Fraction(size) : new Fraction(1n, size);
}

/**
 * @param {Fraction[]} some
 * @param {boolean} greatest
 */
export function farthest(some, greatest) {
  return some.reduce((one, other) => (one.compared(other) < 0 === greatest ? other : one));
}

/**
 * The greatest number that divides both.
 * @param {bigint} one
 * @param {bigint} other
 * @returns {bigint}
 */
function common(one, other) {
  let [a, b] = [one, other];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
