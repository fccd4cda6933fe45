/**
 * The last section of an artifact: the SHA-256 of all that stands before it.
 * In: an artifact's bytes. Out: nothing, or an Error. Called by `artifact`.
 * Written out here, as browsers have `crypto.subtle` on secure pages only.
 */

const NAME = "fupin.checksum";
const SIZE = 32;
/** A custom section's kind, length and name. */
const HEAD = [0, 1 + NAME.length + SIZE, NAME.length, ...new TextEncoder().encode(NAME)];
const LENGTH = HEAD.length + SIZE;

/**
 * Throws an Error for an artifact that was changed after it was compiled, or has no checksum.
 * @param {Uint8Array} bytes
 */
export function verify(bytes) {
  const start = bytes.length - LENGTH;
  if (start < 0 || HEAD.some((byte, at) => bytes[start + at] !== byte))
    throw new Error('no checksum at the end: cut short, not made by "fupin compile", or made by an earlier version');
  const digest = sha256(bytes.subarray(0, start));
  if (digest.some((byte, at) => bytes[start + HEAD.length + at] !== byte))
    throw new Error("changed after it was compiled: it does not agree with its checksum");
}

/** The first 32 bits of the fractions of the cube roots of the first 64 primes. */
const ROUNDS = fractions(64, 3);

/**
 * SHA-256 as FIPS 180-4 describes it.
 * @param {Uint8Array} bytes
 */
export function sha256(bytes) {
  const state = fractions(8, 2);
  const schedule = new Uint32Array(64);
  const whole = bytes.length - (bytes.length % 64);
  const blocks = new DataView(bytes.buffer, bytes.byteOffset, whole);
  for (let at = 0; at < whole; at += 64) mix(state, schedule, blocks, at);
  const rest = new Uint8Array(bytes.length % 64 < 56 ? 64 : 128);
  rest.set(bytes.subarray(whole));
  rest[bytes.length % 64] = 0x80;
  const last = new DataView(rest.buffer);
  last.setBigUint64(rest.length - 8, 8n * BigInt(bytes.length));
  for (let at = 0; at < rest.length; at += 64) mix(state, schedule, last, at);
  const digest = new DataView(new ArrayBuffer(SIZE));
  state.forEach((word, at) => digest.setUint32(4 * at, word));
  return new Uint8Array(digest.buffer);
}

/**
 * One block of 64 bytes.
 * @param {Uint32Array} state
 * @param {Uint32Array} schedule
 * @param {DataView} blocks
 * @param {number} start
 */
function mix(state, schedule, blocks, start) {
  for (let at = 0; at < 16; at += 1) schedule[at] = blocks.getUint32(start + 4 * at);
  for (let at = 16; at < 64; at += 1) {
    const [early, late] = [schedule[at - 15], schedule[at - 2]];
    const first = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const second = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    schedule[at] = schedule[at - 16] + first + schedule[at - 7] + second;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let at = 0; at < 64; at += 1) {
    const high = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const one = (h + high + ((e & f) ^ (~e & g)) + ROUNDS[at] + schedule[at]) | 0;
    const low = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const other = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + other) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, at) => (state[at] += word));
}

/**
 * @param {number} word
 * @param {number} places
 */
function turned(word, places) {
  return (word >>> places) | (word << (32 - places));
}

/**
 * The first 32 bits of the fractions of the first primes' roots, by whole numbers.
 * @param {number} count
 * @param {2 | 3} degree
 */
function fractions(count, degree) {
  const found = new Uint32Array(count);
  for (let prime = 2, at = 0; at < count; prime += 1) {
    if (![2, 3, 5, 7, 11, 13, 17].every((one) => one >= prime || prime % one > 0)) continue;
    const wanted = BigInt(prime) << BigInt(32 * degree);
    let [low, high] = [0n, 1n << 42n];
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(degree) <= wanted) low = middle;
      else high = middle;
    }
    found[at] = Number(low & 0xffffffffn);
    at += 1;
  }
  return found;
}
