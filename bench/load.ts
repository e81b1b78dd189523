// Sends requests from a process of its own, so that the client's work is not the server's. `measureLoad` starts it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { openRawClient } from './raw-client.ts'
import { quantile } from './report.ts'
import type { Endpoint } from './servers.ts'

export interface Load {
  readonly endpoint: Endpoint
  readonly method: string
  /** `{i}` is the number of the request, in path and body. */
  readonly path: string
  readonly body?: string
  readonly contentType?: string
  readonly clients: number
  readonly durationMs: number
  /** Numbers start again after this many. */
  readonly numbersMax?: number
}

export interface LoadResult {
  readonly count: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly bytes: number
}

export async function measureLoad(load: Load): Promise<LoadResult> {
  const child = fork(new URL(import.meta.url), [], { execArgv: ['--disable-warning=ExperimentalWarning'] })
  child.send(load)
  const [result] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (typeof result !== 'object' || result === null) throw new Error('the load process failed')
  child.disconnect()
  return result
}

async function send(load: Load): Promise<LoadResult> {
  const clients = await Promise.all(Array.from({ length: load.clients }, () => openRawClient(load.endpoint)))
  const latenciesMs: number[] = []
  let bytes = 0
  let next = 0
  const startedMs = performance.now()
  await Promise.all(
    clients.map(async client => {
      while (performance.now() - startedMs < load.durationMs) {
        const number = String(load.numbersMax === undefined ? next++ : next++ % load.numbersMax)
        const sentMs = performance.now()
        const answer = await client.request(
          load.method,
          load.path.replace('{i}', number),
          load.body?.replaceAll('{i}', number),
          load.contentType,
        )
        if (answer.status >= 300) throw new Error(`${load.method} ${load.path}: ${answer.status} ${answer.body}`)
        latenciesMs.push(performance.now() - sentMs)
        bytes += answer.body.length
      }
      client.close()
    }),
  )
  const seconds = (performance.now() - startedMs) / 1000
  const [p50Ms, p99Ms] = [quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.99)]
  return { count: next, perSecond: next / seconds, p50Ms, p99Ms, bytes }
}

if (process.send && import.meta.main) {
  const [load]: Load[] = await once(process, 'message')
  if (load) process.send(await send(load))
}
