// What comes by and by, taken without a promise for each piece: with a thousand readers of one event, promises would
// cost more than its bytes. Whoever prefers to wait iterates.

export interface Feed<T> extends AsyncIterable<T> {
  /** What has come since the last time; undefined: nothing has, or the end. Throws once what ended it early. */
  take(): T | undefined
  /** Nothing will come any more. A method: each object with a getter in its literal is a shape of its own to V8. */
  isOver(): boolean
  /** For the one reader: called each time `take` may have an answer, and at the end. */
  onReady(wake: () => void): void
  close(): void
}

/** Leaving the loop closes the feed. */
export function feedIterator<T>(feed: Feed<T>): AsyncIterator<T, undefined> {
  let wake: (() => void) | undefined
  feed.onReady(() => {
    wake?.()
    wake = undefined
  })
  return {
    async next() {
      for (;;) {
        const value = feed.take()
        if (value !== undefined) return { done: false, value }
        if (feed.isOver()) return { done: true, value: undefined }
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
    async return() {
      feed.close()
      return { done: true, value: undefined }
    },
  }
}
