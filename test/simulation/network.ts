// Between the agent and the servers: every request and every piece of a watch takes a time of its own, and may be lost
// on its way, before it was carried out or after. Orders within one watch are kept, as TCP keeps them; nothing else is.
import { failure } from '../../api/status-error.ts'
import type { Timer } from '../../api-client/clock.ts'
import { ConnectionError } from '../../api-client/transport/connection-error.ts'
import type { Transport, TransportRequest, TransportResponse } from '../../api-client/transport/transport.ts'
import type { ConnectServer } from '../../api-client/transport/undici-transport.ts'
import type { Chance } from './chance.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

export interface Link {
  readonly name: string
  readonly origin: string
  /** Requests are refused, watches are cut. */
  isDown: boolean
  /** The server as it is now; undefined while it does not run. */
  server: Transport | undefined
}

export interface Sender {
  readonly name: string
  /** After a kill nothing reaches it, though what it had sent may still be carried out. */
  isAlive: boolean
}

/** Probabilities of one request. */
export interface Weather {
  lostBefore: number
  lostAfter: number
  /** 429, 503 or 500, before anything is done. */
  refused: number
  forbidden: number
  /** Of what is lost: nobody learns of it before the client's own patience ends. */
  hangs: number
  /** Latencies go up to this. */
  latencyMsMax: number
}

export const fairWeather: Weather = {
  lostBefore: 0,
  lostAfter: 0,
  refused: 0,
  forbidden: 0,
  hangs: 0,
  latencyMsMax: 20,
}

export interface Exchange {
  readonly link: Link
  readonly sender: Sender
  readonly request: TransportRequest
  readonly sentAtMs: number
}

/** Called right before a request is carried out; what it returns is called right after. */
export type Observe = (exchange: Exchange) => Promise<((status: number) => Promise<void>) | undefined>

export interface OpenWatch {
  readonly link: Link
  readonly sender: Sender
  readonly path: string
  /** Ends it for the client: in order, by a broken connection, or in the middle of a line. */
  cut(how: 'end' | 'reset' | 'half'): void
  /** Nothing comes any more, and nobody is told. */
  silence(): void
}

export interface Network {
  readonly weather: Weather
  readonly watches: ReadonlySet<OpenWatch>
  connector(sender: Sender): ConnectServer
}

export interface NetworkOptions {
  readonly links: readonly Link[]
  readonly timeline: Timeline
  readonly chance: Chance
  readonly trace: Trace
  readonly observe: Observe
}

const patienceMs = 60_000

interface Parts extends NetworkOptions {
  readonly weather: Weather
  readonly watches: Set<OpenWatch>
  latency(): number
}

export function createNetwork(options: NetworkOptions): Network {
  const weather = { ...fairWeather }
  const watches = new Set<OpenWatch>()
  // Most answers come at once, some take their time.
  const latency = () => 1 + weather.latencyMsMax * options.chance.random() ** 3
  const parts: Parts = { ...options, weather, watches, latency }
  let count = 0
  return {
    weather,
    watches,
    connector: sender => origin => {
      const link = options.links.find(each => each.origin === origin)
      if (!link) throw new Error(`no server at ${origin}`)
      return {
        transport: request => {
          count += 1
          return send(parts, { link, sender, request, sentAtMs: options.timeline.now() }, count)
        },
        [Symbol.asyncDispose]: async () => undefined,
      }
    },
  }
}

type Fate = 'arrives' | 'lost before' | 'lost after' | 'refused' | 'forbidden'

function fateOf({ weather, chance }: Parts, { link, request }: Exchange): Fate {
  const dice = chance.random()
  let reach = weather.lostBefore
  if (dice < reach) return 'lost before'
  reach += weather.lostAfter
  if (dice < reach) return 'lost after'
  reach += weather.refused
  if (dice < reach) return 'refused'
  reach += weather.forbidden
  return dice < reach && link.name === 'physical' && !request.path.includes('selfsubject') ? 'forbidden' : 'arrives'
}

function send(parts: Parts, exchange: Exchange, number: number): Promise<TransportResponse> {
  const { timeline, trace, latency } = parts
  const { link, sender, request } = exchange
  const name = `#${number} ${request.method} ${shortPath(request.path)}`
  const tell = (text: string) => trace.tell(`${sender.name}→${link.name}`, `${name}: ${text}`)
  return new Promise((resolve, reject) => {
    let isOver = false
    const end = (call: () => void) => {
      if (isOver || !sender.isAlive) return
      isOver = true
      request.signal?.removeEventListener('abort', abort)
      call()
    }
    const abort = () => end(() => reject(request.signal?.reason))
    if (!sender.isAlive) return
    if (request.signal?.aborted) return abort()
    request.signal?.addEventListener('abort', abort)
    const fail = (code: string, text: string) => {
      tell(text)
      end(() => reject(lost(link, code, text)))
    }
    const isHanging = parts.chance.happens(parts.weather.hangs)
    const loseLater = (text: string) =>
      isHanging
        ? timeline.after(patienceMs, () => fail('UND_ERR_HEADERS_TIMEOUT', `${text}, no answer for a minute`))
        : timeline.after(latency(), () => fail('ECONNRESET', text))
    const fate = fateOf(parts, exchange)
    timeline.after(latency(), () => {
      if (link.isDown || !link.server) return fail('ECONNREFUSED', 'connection refused')
      if (fate === 'lost before') return void loseLater('lost before it arrived')
      if (fate === 'refused' || fate === 'forbidden') {
        const refusal = refusalOf(parts, exchange, fate)
        tell(`answered with ${refusal.status}`)
        return void timeline.after(latency(), () => end(() => resolve(refusal)))
      }
      if (isWatch(request)) return void timeline.running(openWatch(parts, exchange, { tell, end, resolve, fail }))
      void timeline.running(carryOut(parts, exchange)).then(answer => {
        tell(`${answer.status}${fate === 'lost after' ? ', answer lost' : ''}`)
        if (fate === 'lost after') return void loseLater('answer lost')
        timeline.after(latency(), () => {
          if (link.isDown) fail('ECONNRESET', 'answer lost')
          else end(() => resolve(answer))
        })
      })
    })
  })
}

/** Without what is the same in every line. */
function shortPath(path: string): string {
  return path
    .replace(/^\/services\/syncer\/[^/]+\/[^/]+\/[^/]+/, 'view:')
    .replace(/allowWatchBookmarks=true&|labelSelector=[^&]*&?|&?limit=500/g, '')
}

function isWatch(request: TransportRequest): boolean {
  return request.method === 'GET' && /[?&]watch=true/.test(request.path)
}

/** What a piece of a watch says, one line an event. */
function eventsIn(piece: Uint8Array): string[] {
  return Buffer.from(piece)
    .toString()
    .split('\n')
    .flatMap(line => {
      const [, type] = /^\{"type":"([A-Z]+)"/.exec(line) ?? []
      const [, name] = /"name":"([^"]*)"/.exec(line) ?? []
      const [, version] = /"resourceVersion":"(\d+)"/.exec(line) ?? []
      return type ? [`${type} ${name} ${version}`] : []
    })
}

function lost(link: Link, code: string, text: string): ConnectionError {
  return new ConnectionError(`${link.name}: ${text}`, { code, server: link.origin, cause: undefined })
}

function refusalOf({ chance }: Parts, { request }: Exchange, fate: 'refused' | 'forbidden'): TransportResponse {
  const statusOf = (code: number, reason: string, text: string) => JSON.stringify(failure(code, reason, text).status)
  const headers = { 'content-type': 'application/json' }
  const later = { ...headers, 'retry-after': '1' }
  if (fate === 'forbidden') {
    const text = statusOf(403, 'Forbidden', `${request.path} is forbidden: a role is missing for a while`)
    return { status: 403, headers, body: pieces(text) }
  }
  const answers = [
    {
      status: 429,
      headers: later,
      text: statusOf(429, 'TooManyRequests', 'too many requests, please try again later'),
    },
    { status: 503, headers, text: statusOf(503, 'ServiceUnavailable', 'the server is currently unable') },
    { status: 500, headers, text: statusOf(500, 'InternalError', 'Internal error occurred: leader changed') },
    { status: 502, headers: { 'content-type': 'text/html' }, text: '<html>Bad Gateway</html>' },
  ]
  const { status, headers: answerHeaders, text } = chance.pick(answers)
  return { status, headers: answerHeaders, body: pieces(text) }
}

async function* pieces(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

async function carryOut({ observe }: Parts, exchange: Exchange): Promise<TransportResponse> {
  const { link, request } = exchange
  const { signal: _, ...sent } = request
  const after = await observe(exchange)
  const server = link.server
  if (!server) return { status: 503, headers: {}, body: pieces('') }
  const answer = await server(sent)
  const chunks: Uint8Array[] = []
  for await (const chunk of answer.body) chunks.push(chunk)
  await after?.(answer.status)
  return { ...answer, body: pieces(Buffer.concat(chunks)) }
}

interface Ends {
  readonly tell: (text: string) => void
  readonly end: (call: () => void) => void
  readonly resolve: (response: TransportResponse) => void
  readonly fail: (code: string, text: string) => void
}

async function openWatch(parts: Parts, exchange: Exchange, ends: Ends): Promise<void> {
  const { timeline, latency } = parts
  const { link, request } = exchange
  const server = link.server
  if (!server) return ends.fail('ECONNREFUSED', 'connection refused')
  const stop = new AbortController()
  const answer = await server({ ...request, signal: stop.signal })
  ends.tell(`${answer.status}, watching`)
  const stream = createStream(parts, exchange, { stop, tell: ends.tell })
  void stream.read(answer.body)
  const seconds = Number(/[?&]timeoutSeconds=(\d+)/.exec(request.path)?.[1] ?? 1800)
  stream.endAfter(seconds * 1000)
  timeline.after(latency(), () => {
    ends.end(() => ends.resolve({ ...answer, body: stream.body }))
  })
}

function createStream(
  parts: Parts,
  { link, sender, request }: Exchange,
  { stop, tell }: { stop: AbortController; tell: (text: string) => void },
) {
  const { timeline, watches, latency } = parts
  const arrived: (Uint8Array | Error | 'end')[] = []
  let wake: (() => void) | undefined
  let lastAtMs = timeline.now()
  let isSilent = false
  let isOver = false
  let limit: Timer | undefined
  const arrive = (piece: Uint8Array | Error | 'end') => {
    if (isOver || !sender.isAlive) return
    if (piece instanceof Uint8Array) for (const text of eventsIn(piece)) tell(text)
    else isOver = true
    arrived.push(piece)
    wake?.()
  }
  const deliver = (piece: Uint8Array | Error | 'end') => {
    if (isSilent) return
    lastAtMs = Math.max(lastAtMs, timeline.now() + latency())
    timeline.after(lastAtMs - timeline.now(), () => {
      if (isSilent) return
      arrive(piece)
    })
  }
  const close = () => {
    watches.delete(watch)
    limit?.cancel()
    stop.abort()
  }
  const watch: OpenWatch = {
    link,
    sender,
    path: request.path,
    cut(how) {
      tell(`watch cut: ${how}`)
      close()
      if (how === 'half') arrive(Buffer.from('{"type":"MODIFIED","object":{"metad'))
      arrive(how === 'end' ? 'end' : lost(link, 'ECONNRESET', 'watch cut'))
    },
    silence() {
      tell('watch goes silent')
      isSilent = true
      close()
    },
  }
  watches.add(watch)
  request.signal?.addEventListener('abort', () => {
    close()
    if (!isOver) arrive(lost(link, 'ABORTED', 'watch aborted'))
  })
  return {
    async read(body: AsyncIterable<Uint8Array>) {
      try {
        for await (const chunk of body) deliver(chunk)
        if (!stop.signal.aborted) deliver('end')
      } catch (error) {
        if (!stop.signal.aborted) deliver(error instanceof Error ? error : new Error(String(error)))
      }
    },
    endAfter(delayMs: number) {
      limit = timeline.after(delayMs, () => {
        tell('watch ends at its time')
        watches.delete(watch)
        stop.abort()
        deliver('end')
      })
    },
    body: piecesOf(),
  }

  async function* piecesOf(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const piece = arrived.shift()
        if (piece === 'end') return
        if (piece instanceof Error) throw request.signal?.aborted ? request.signal.reason : piece
        if (piece) yield piece
        else await new Promise<void>(resolve => (wake = resolve))
      }
    } finally {
      close()
    }
  }
}
