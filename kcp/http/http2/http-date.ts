// The `date` of answers, made once a second.

export function createHttpDate(now: () => Date): () => string {
  let second = 0
  let text = ''
  return () => {
    const date = now()
    const current = Math.floor(date.getTime() / 1000)
    if (current !== second) {
      second = current
      text = date.toUTCString()
    }
    return text
  }
}
