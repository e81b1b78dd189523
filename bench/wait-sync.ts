const never = new Int32Array(new SharedArrayBuffer(4))

/** Blocks the calling thread, as a sync does. */
export function waitSync(ms: number): void {
  Atomics.wait(never, 0, 0, ms)
}
