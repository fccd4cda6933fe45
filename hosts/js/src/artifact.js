/**
 * A compiled ruleset wherever it is kept, instantiated.
 * In: bytes, a response or an address. Out: its manifest and its running instance. Called by `index`.
 */

import { verify } from "./checksum.js";
import { manifestOf } from "./manifest.js";

const SECTION = "fupin.manifest";
const EXPLANATIONS = "fupin.explanations";
const MAGIC = [0, 0x61, 0x73, 0x6d];

/** @typedef {{memory: WebAssembly.Memory, run: () => void, missing: () => void}} Exports */

/**
 * The artifact of a source. Throws an Error where it is not to be had, not made by `fupin compile`, or changed since.
 * @param {import("../index.d.ts").Source | PromiseLike<import("../index.d.ts").Source>} source
 */
export async function artifactOf(source) {
  const bytes = await bytesOf(await source);
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) throw new Error("not a WebAssembly module");
  verify(bytes);
  const module = await WebAssembly.compile(/** @type {BufferSource} */ (bytes));
  const [section] = WebAssembly.Module.customSections(module, SECTION);
  if (section === undefined) throw new Error(`not made by "fupin compile": the module has no section ${SECTION}`);
  const manifest = manifestOf(new TextDecoder().decode(section));
  const [explanations = null] = WebAssembly.Module.customSections(module, EXPLANATIONS);
  const instance = await WebAssembly.instantiate(module);
  return { manifest, explanations, exports: /** @type {Exports} */ (/** @type {unknown} */ (instance.exports)) };
}

/**
 * @param {import("../index.d.ts").Source} source
 * @returns {Promise<Uint8Array>}
 */
async function bytesOf(source) {
  if (source instanceof Uint8Array) return source;
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (typeof source === "string" || source instanceof URL) return bytesAt(source);
  if (typeof Response !== "undefined" && source instanceof Response) {
    if (!source.ok) throw new Error(`${source.url}: ${source.status} ${source.statusText}`);
    return new Uint8Array(await source.arrayBuffer());
  }
  return new Uint8Array(/** @type {ArrayBuffer} */ (source));
}

/**
 * What stands at an address; in Node.js also in a file.
 * @param {string | URL} address
 */
async function bytesAt(address) {
  // asked of the process, so that no bundler for browsers looks for a module that they do not have
  const files = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  const remote = address instanceof URL ? address.protocol !== "file:" : /^(https?|data|blob):/.test(address);
  if (files && !remote) {
    return files.readFile(String(address).startsWith("file:") ? new URL(address) : address);
  }
  return bytesOf(await fetch(address));
}
