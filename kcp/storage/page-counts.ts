// Counting what is left after a page means going through all of it. A reader that follows its pages in one snapshot
// pays that once: the next page has what the last one left, less its own items. Whoever reads the same page pays nothing.

/** Lists that can be followed at a time; the others count again. */
const followedListsMax = 64

export interface Page {
  readonly range: { readonly first: string; readonly end: string | Uint8Array }
  readonly revision: number
  readonly items: number
  readonly lastKey: string
}

export interface PageCounts {
  remaining(page: Page, count: () => number): number
}

export function createPageCounts(): PageCounts {
  /** What was left before a first key, in order of use. */
  const expected = new Map<string, number>()
  const nameOf = (revision: number, first: string, end: string | Uint8Array): string =>
    JSON.stringify([revision, first, typeof end === 'string' ? end : ''])

  return {
    remaining({ range, revision, items, lastKey }, count) {
      // The next page begins right after the last key.
      const next = nameOf(revision, `${lastKey}\u0000`, range.end)
      const known = expected.get(next)
      if (known !== undefined) return known
      const before = expected.get(nameOf(revision, range.first, range.end))
      const remaining = before === undefined ? count() : before - items
      expected.set(next, remaining)
      if (expected.size > followedListsMax) {
        const oldest = expected.keys().next()
        if (!oldest.done) expected.delete(oldest.value)
      }
      return remaining
    },
  }
}
