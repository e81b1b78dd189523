// A watch in protobuf, made from the lines of the one in JSON: clients that ask for it are few, and pay for themselves.
import { Buffer } from 'node:buffer'
import { isJsonObject, parseJson } from '../../../api/json.ts'
import { encodeProtobuf, encodeWatchFrame } from './encode.ts'

/** @param pieces whole lines, one or more each. */
export async function* watchFrames(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    const lines = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString().split('\n')
    yield Buffer.concat(lines.filter(line => line !== '').map(frameOf))
  }
}

function frameOf(line: string): Uint8Array {
  const event = parseJson(line)
  if (!isJsonObject(event) || !isJsonObject(event.object)) throw new Error('a line of a watch is no event')
  return encodeWatchFrame(String(event.type), encodeProtobuf(event.object))
}
