// Order of resourceVersions of one resource on one server, where it can be known.

/** True when a is surely older than b; texts that are no decimal numbers have no order. */
export function isOlder(a: string, b: string): boolean {
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return false
  return a.length === b.length ? a < b : a.length < b.length
}
