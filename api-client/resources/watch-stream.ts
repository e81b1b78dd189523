// Turns the bytes of a watch into events: one JSON document per line. Bookmarks pass through, ERROR is thrown.
import { isJsonObject, parseJson } from '../../api/json.ts'
import type { KubeObject, WatchEvent } from '../../api/objects.ts'
import { failure } from '../../api/status-error.ts'
import { statusErrorOfObject } from './response.ts'

const lineBytesLimit = 64 * 1024 * 1024
const newline = 0x0a

/** Complete lines of a byte stream; a last line without its newline is dropped, since the connection broke within it. */
export async function* splitLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Uint8Array[] = []
  let partsBytes = 0
  for await (const chunk of body) {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      parts.push(chunk.subarray(start, end))
      const line = parts.length === 1 ? Buffer.from(parts[0] ?? chunk) : Buffer.concat(parts)
      parts = []
      partsBytes = 0
      start = end + 1
      if (line.length > 0) yield line.toString('utf8')
    }
    if (start === chunk.length) continue
    parts.push(chunk.subarray(start))
    partsBytes += chunk.length - start
    if (partsBytes > lineBytesLimit)
      throw failure(413, 'RequestEntityTooLarge', `watch event larger than ${lineBytesLimit} bytes`)
  }
}

export async function* watchEvents<T extends KubeObject>(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of splitLines(body)) {
    const event: unknown = parseJson(line)
    if (!isWatchEvent<T>(event))
      throw failure(500, 'InternalError', `unexpected line in a watch: ${line.slice(0, 200)}`)
    if (event.type === 'ERROR') throw statusErrorOfObject(event.object)
    yield event
  }
}

function isWatchEvent<T>(value: unknown): value is WatchEvent<T> {
  return isJsonObject(value) && typeof value.type === 'string' && isJsonObject(value.object)
}
