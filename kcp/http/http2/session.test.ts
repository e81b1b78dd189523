import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { describe, test } from 'node:test'
import { StatusError } from '../../../api/status-error.ts'
import { createFrameReader, errorCode, type Frame, flag, frameBytesMax, frameType } from './frame.ts'
import { concurrentStreamsMax, Session } from './session.ts'
import type { ServerStream } from './stream.ts'

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
/** GET https / with an authority. */
const getRequest = Buffer.from('828784', 'hex')
const postRequest = Buffer.from('838784', 'hex')
const initialWindowSetting = 4

/** A connection without sockets: what the server writes is there as frames, when its turn is over. */
function connect() {
  const events = new EventEmitter()
  const frames: Frame[] = []
  const opened: ServerStream[] = []
  const faults: string[] = []
  const held: (() => void)[] = []
  let isSlow = false
  const read = createFrameReader(frame => frames.push({ ...frame, payload: Buffer.from(frame.payload) }))
  read(preface)
  const ends: string[] = []
  const session = new Session(
    {
      on: (event: 'data' | 'close', listener: (chunk: Buffer) => void) => events.on(event, listener),
      write(bytes, written) {
        read(Buffer.from(bytes))
        if (isSlow) held.push(written)
        else setImmediate(written)
      },
      end: () => ends.push('end'),
      destroySoon: () => ends.push('destroySoon'),
      destroy: () => ends.push('destroy'),
    },
    { onStream: stream => opened.push(stream), onFault: error => faults.push(error.message) },
  )
  const send = (type: number, streamId: number, payload: Uint8Array = Buffer.alloc(0), flags = 0) =>
    events.emit('data', frameBytes({ type, flags, streamId, payload: Buffer.from(payload) }))
  const turn = async () => {
    for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve))
  }
  events.emit('data', preface)
  send(frameType.settings, 0)
  return {
    session,
    frames,
    opened,
    faults,
    ends,
    send,
    turn,
    open(id: number, { isWhole = true } = {}) {
      const flags = flag.endHeaders | (isWhole ? flag.endStream : 0)
      send(frameType.headers, id, isWhole ? getRequest : postRequest, flags)
      const stream = opened.find(each => each.id === id)
      assert.ok(stream)
      return stream
    },
    of: (type: number, streamId: number) => frames.filter(each => each.type === type && each.streamId === streamId),
    close: () => events.emit('close'),
    /** Writes are not done until `release`. */
    hold() {
      isSlow = true
    },
    release() {
      isSlow = false
      for (const written of held.splice(0)) written()
    },
  }
}

function frameBytes({ type, flags, streamId, payload }: Frame): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(streamId, 5)
  return Buffer.concat([head, payload])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const bytesOf = (frames: readonly Frame[]) => frames.reduce((sum, each) => sum + each.payload.length, 0)

describe('answers', () => {
  test('leave within the windows of stream and connection', async () => {
    const client = connect()
    const stream = client.open(1)
    stream.respond(200, {})
    stream.end(Buffer.alloc(200_000, 'x'))
    await client.turn()
    assert.equal(bytesOf(client.of(frameType.data, 1)), 65_535)
    client.send(frameType.windowUpdate, 0, uint32(1_000_000))
    await client.turn()
    assert.equal(bytesOf(client.of(frameType.data, 1)), 65_535)
    client.send(frameType.windowUpdate, 1, uint32(1_000_000))
    await client.turn()
    const data = client.of(frameType.data, 1)
    assert.equal(bytesOf(data), 200_000)
    assert.ok(data.every(each => each.payload.length <= frameBytesMax))
    assert.deepEqual(
      data.map(each => each.flags).filter(flags => flags !== 0),
      [flag.endStream],
    )
    assert.equal(data.at(-1)?.flags, flag.endStream)
  })

  test('of several streams take turns', async () => {
    const client = connect()
    const streams = [1, 3].map(id => client.open(id))
    client.hold()
    client.send(frameType.settings, 0, Buffer.concat([Buffer.from([0, initialWindowSetting]), uint32(2 ** 30)]))
    for (const stream of streams) stream.end(Buffer.alloc(100_000))
    assert.equal(bytesOf(client.of(frameType.data, 1)), 0)
    client.release()
    client.send(frameType.windowUpdate, 0, uint32(40_000))
    await client.turn()
    assert.equal(bytesOf([...client.of(frameType.data, 1), ...client.of(frameType.data, 3)]), 65_535 + 40_000)
    assert.equal(bytesOf(client.of(frameType.data, 3)), frameBytesMax)
  })

  test('wait for a client that reads slowly, and go on in order', async () => {
    const client = connect()
    const stream = client.open(1)
    client.send(frameType.windowUpdate, 0, uint32(2 ** 30))
    client.send(frameType.windowUpdate, 1, uint32(2 ** 30))
    client.hold()
    let drained = 0
    stream.onDrain(() => drained++)
    let sent = 0
    const piece = () => Buffer.alloc(10_000, (sent++ % 251) + 1)
    while (stream.write(piece()));
    assert.ok(sent > 10 && sent < 200, `${sent} pieces`)
    assert.equal(drained, 0)
    client.release()
    await client.turn()
    assert.equal(drained, 1)
    const bytes = Buffer.concat(client.of(frameType.data, 1).map(each => each.payload))
    assert.equal(bytes.length, sent * 10_000)
    for (let i = 0; i < sent; i++) assert.equal(bytes[i * 10_000], (i % 251) + 1)
  })

  test('of a stream whose window shrinks below nothing wait', async () => {
    const client = connect()
    const stream = client.open(1)
    stream.write(Buffer.alloc(10_000))
    client.send(frameType.settings, 0, Buffer.concat([Buffer.from([0, initialWindowSetting]), uint32(5_000)]))
    assert.equal(stream.write(Buffer.alloc(100)), false)
    client.send(frameType.windowUpdate, 1, uint32(5_001))
    await client.turn()
    assert.equal(bytesOf(client.of(frameType.data, 1)), 10_001)
  })

  test('to HEAD have no body', async () => {
    const client = connect()
    const head = Buffer.concat([Buffer.from([0x02, 4]), Buffer.from('HEAD'), Buffer.from([0x87, 0x84])])
    client.send(frameType.headers, 1, head, flag.endHeaders | flag.endStream)
    client.opened[0]?.respond(200, { 'content-length': '5' })
    client.opened[0]?.end('12345')
    await client.turn()
    assert.equal(bytesOf(client.of(frameType.data, 1)), 0)
    assert.equal(client.opened[0]?.isClosed, true)
  })
})

describe('bodies', () => {
  test('are whole, and their windows are opened again', async () => {
    const client = connect()
    const stream = client.open(1, { isWhole: false })
    const body = stream.body()
    for (let i = 0; i < 100; i++) client.send(frameType.data, 1, Buffer.alloc(10_000, i))
    client.send(frameType.data, 1, Buffer.alloc(0), flag.endStream)
    assert.equal((await body).length, 1_000_000)
    await client.turn()
    const credits = (id: number) =>
      client.of(frameType.windowUpdate, id).reduce((sum, each) => sum + each.payload.readUInt32BE(), 0)
    assert.ok(credits(1) > 700_000 && credits(0) > 700_000)
  })

  test('that nobody asks for wait within the window', async () => {
    const client = connect()
    client.open(1, { isWhole: false })
    for (let i = 0; i < 20; i++) client.send(frameType.data, 1, Buffer.alloc(10_000))
    await client.turn()
    assert.deepEqual(client.of(frameType.windowUpdate, 1), [])
  })

  test('that end early are an error', async () => {
    const client = connect()
    const body = client.open(1, { isWhole: false }).body()
    client.send(frameType.rstStream, 1, uint32(errorCode.cancel))
    await assert.rejects(body, StatusError)
    const other = client.open(3, { isWhole: false }).body()
    client.close()
    await assert.rejects(other, StatusError)
  })

  test('may go on after the answer, and are stopped when they do not end', async () => {
    const client = connect()
    const [short, long] = [1, 3].map(id => client.open(id, { isWhole: false }))
    for (const stream of [short, long]) {
      stream?.respond(413, {})
      stream?.end('too large')
    }
    for (let i = 0; i < 50; i++) client.send(frameType.data, 1, Buffer.alloc(10_000))
    client.send(frameType.data, 1, Buffer.alloc(0), flag.endStream)
    for (let i = 0; i < 2_000; i++) client.send(frameType.data, 3, Buffer.alloc(10_000))
    await client.turn()
    assert.deepEqual(client.of(frameType.rstStream, 1), [])
    assert.deepEqual(
      client.of(frameType.rstStream, 3).map(each => each.payload.readUInt32BE()),
      [errorCode.noError],
    )
    assert.deepEqual([short?.isClosed, long?.isClosed], [true, true])
    assert.deepEqual(client.faults, [])
  })
})

describe('limits', () => {
  test('a stream holds its place until its handler knows that it is gone', async () => {
    const client = connect()
    for (let i = 0; i < concurrentStreamsMax; i++) client.open(2 * i + 1)
    client.send(frameType.rstStream, 1, uint32(errorCode.cancel))
    const next = 2 * concurrentStreamsMax + 1
    client.send(frameType.headers, next, getRequest, flag.endHeaders | flag.endStream)
    await client.turn()
    assert.equal(client.of(frameType.rstStream, next)[0]?.payload.readUInt32BE(), errorCode.refusedStream)
    client.opened[0]?.settled()
    client.open(next + 2)
  })

  test('a client that reads nothing of what it provokes is cut off', async () => {
    const client = connect()
    client.hold()
    for (let i = 0; i < 200_000 && client.ends.length === 0; i++) client.send(frameType.ping, 0, Buffer.alloc(8))
    assert.equal(client.ends[0], 'destroy')
  })

  test('more data than the window ends the connection', async () => {
    const client = connect()
    client.open(1, { isWhole: false })
    for (let i = 0; i < 70; i++) client.send(frameType.data, 1, Buffer.alloc(16_000))
    await client.turn()
    assert.deepEqual(client.faults, ['more data than the window'])
    assert.equal(client.of(frameType.goAway, 0)[0]?.payload.readUInt32BE(4), errorCode.flowControlError)
    assert.deepEqual(client.ends, ['destroySoon'])
  })
})

describe('the end', () => {
  test('comes with the last stream, and new ones are not taken', async () => {
    const client = connect()
    const stream = client.open(1)
    client.session.close()
    client.send(frameType.headers, 3, getRequest, flag.endHeaders | flag.endStream)
    await client.turn()
    assert.equal(client.opened.length, 1)
    assert.deepEqual(client.ends, [])
    stream.respond(200, {})
    stream.end('last')
    await client.turn()
    assert.deepEqual(client.ends, ['end'])
    assert.equal(client.of(frameType.data, 1).at(-1)?.flags, flag.endStream)
    assert.equal(client.of(frameType.goAway, 0)[0]?.payload.readUInt32BE(), 1)
  })

  test('of a connection is told to its streams, once', async () => {
    const client = connect()
    const stream = client.open(1)
    let closed = 0
    stream.onClose = () => closed++
    client.close()
    client.close()
    assert.equal(closed, 1)
    assert.equal(stream.destroyed, true)
    stream.respond(200, {})
    assert.equal(stream.write(Buffer.from('x')), true)
    stream.end()
  })
})

test('frames of any kind in any order end in a fault at worst', async () => {
  let seed = 7
  const below = (limit: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % limit
  }
  for (let round = 0; round < 300; round++) {
    const client = connect()
    for (let i = 0; i < 30; i++) {
      const payload = below(3) === 0 ? getRequest : Buffer.from(Array.from({ length: below(12) }, () => below(256)))
      client.send(below(11), below(4) === 0 ? 0 : 2 * below(6) + below(2), payload, below(64))
      for (const stream of client.opened) {
        if (below(3) === 0) stream.write(Buffer.alloc(below(30_000)))
        if (below(8) === 0) stream.end()
        if (below(8) === 0) stream.settled()
      }
    }
    client.close()
    assert.ok(client.opened.every(stream => stream.isClosed))
    assert.ok(client.faults.length <= 1)
  }
})
