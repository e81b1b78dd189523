// Waits for objects to appear in the physical cluster, and for status to appear in kcp, by watches over both.
import { openRawWatch } from './raw-client.ts'
import type { Endpoint } from './servers.ts'

export interface Arrivals {
  /** Resolves with the namespace of the object of this name. */
  downstream(name: string): Promise<string>
  statusUpstream(name: string): Promise<string>
}

interface Sides {
  readonly upstream: Endpoint
  readonly workspacePath: string
  readonly downstream: Endpoint
}

export async function createArrivals({ upstream, workspacePath, downstream }: Sides, signal: AbortSignal) {
  const [below, above] = [createSeen(), createSeen()]
  for (const resource of ['configmaps', 'services']) {
    const onLine = (line: string) => {
      const namespace = /"namespace":"(kcp-[^"]+)"/.exec(line)?.[1]
      if (namespace !== undefined) below.see(nameOf(line), namespace)
    }
    await openRawWatch(downstream, { path: `/api/v1/${resource}?watch=true`, signal, onText: byLine(onLine) })
  }
  const onLine = (line: string) => {
    if (line.includes('192.0.2.7')) above.see(nameOf(line), '')
  }
  const path = `${workspacePath}/api/v1/services?watch=true`
  await openRawWatch(upstream, { path, signal, onText: byLine(onLine) })
  return { downstream: below.when, statusUpstream: above.when } satisfies Arrivals
}

function nameOf(line: string): string {
  return /"metadata":\{[^{}]*?"name":"([^"]+)"/.exec(line)?.[1] ?? ''
}

function byLine(onLine: (line: string) => void): (text: string) => void {
  let rest = ''
  return text => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.includes('"metadata"')) onLine(line)
  }
}

function createSeen() {
  const seen = new Map<string, string>()
  const waiting = new Map<string, (value: string) => void>()
  return {
    see(name: string, value: string) {
      if (seen.has(name)) return
      seen.set(name, value)
      waiting.get(name)?.(value)
    },
    when(name: string): Promise<string> {
      const known = seen.get(name)
      return known === undefined ? new Promise(resolve => waiting.set(name, resolve)) : Promise.resolve(known)
    },
  }
}
