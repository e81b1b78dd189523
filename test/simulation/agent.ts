// The real syncer as a process of the simulation: started, told to end, or killed in the middle of anything.
import type { Log } from '../../api-client/log.ts'
import { parseOptions, type SyncerOptions } from '../../syncer/options.ts'
import { runAgent } from '../../syncer/syncer.ts'
import type { Chance } from './chance.ts'
import type { Network, Sender } from './network.ts'
import { kcpUrl, physicalUrl } from './servers.ts'
import { createProcessClock, type ProcessClock, type Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

export interface AgentProcess {
  readonly name: string
  readonly clock: ProcessClock
  readonly isAlive: boolean
  /** As SIGTERM: what runs is ended in order. */
  stop(): Promise<void>
  /** As SIGKILL. */
  kill(): void
}

export interface AgentOptions {
  readonly name: string
  readonly syncTargetUid: string
  readonly network: Network
  readonly timeline: Timeline
  readonly chance: Chance
  readonly trace: Trace
}

export const syncTargetName = 'east'

export async function startAgent(options: AgentOptions): Promise<AgentProcess> {
  const { name, network, timeline, chance, trace } = options
  const sender: Sender = { name, isAlive: true }
  const clock = createProcessClock(timeline)
  const stopping = new AbortController()
  const traced = trace.log(name)
  const whenAlive =
    (say: Log['info']): Log['info'] =>
    (fields, message) =>
      void (sender.isAlive && say(fields, message))
  const log: Log = {
    debug: whenAlive(traced.debug),
    info: whenAlive(traced.info),
    warn: whenAlive(traced.warn),
    error: whenAlive(traced.error),
  }
  const credentials = { type: 'none' } as const
  const running = runAgent(await optionsOf(options), {
    configs: {
      upstream: { server: kcpUrl, tls: {}, credentials, namespace: 'default' },
      downstream: { server: physicalUrl, tls: {}, credentials, namespace: 'default' },
    },
    surroundings: { clock, random: chance.random, connectServer: network.connector(sender) },
    log,
    signal: stopping.signal,
  })
  const end = () => {
    sender.isAlive = false
    clock.isStopped = true
    for (const watch of [...network.watches]) if (watch.sender === sender) watch.silence()
  }
  trace.tell(name, 'starts')
  return {
    name,
    clock,
    get isAlive() {
      return sender.isAlive
    },
    async stop() {
      trace.tell(name, 'is told to end')
      stopping.abort()
      await running
      end()
      trace.tell(name, 'has ended')
    },
    kill() {
      end()
      trace.tell(name, 'is killed')
    },
  }
}

async function optionsOf({ syncTargetUid }: AgentOptions): Promise<SyncerOptions> {
  const args = ['--from-kubeconfig=none', '--from-cluster=root:locations', `--sync-target-name=${syncTargetName}`]
  const parsed = await parseOptions([...args, `--sync-target-uid=${syncTargetUid}`, '--v=4'], { NAMESPACE: 'syncer' })
  if (!parsed) throw new Error('no options')
  return parsed
}
