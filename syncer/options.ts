// The command line and environment of the syncer, read once into one typed object. Nothing else reads argv or env.
import yargs from 'yargs'
import type { LoggingOptions } from './log.ts'

export interface SyncerOptions {
  readonly fromKubeconfig: string
  readonly fromContext: string
  /** Logical cluster name or path. */
  readonly fromCluster: string
  /** Empty: the cluster this pod runs in. */
  readonly toKubeconfig: string
  readonly toContext: string
  readonly syncTargetName: string
  readonly syncTargetUid: string
  /** `resource[.group]` to import besides those kcp asks for. */
  readonly resources: readonly string[]
  readonly apiImportPollIntervalMs: number
  readonly downstreamNamespaceCleanDelayMs: number
  /** Negative: unlimited. */
  readonly qps: number
  readonly burst: number
  readonly logging: LoggingOptions
  readonly env: Readonly<Record<string, string | undefined>>
}

export const syncerVersion = 'v1.31.0+kcp-v0.11.0'

/** Given twice, the last one counts. */
const last = <T>(value: T | T[]): T => (Array.isArray(value) ? (value.at(-1) as T) : value)
const text = { type: 'string', requiresArg: true, default: '', coerce: last<string> } as const
const number = { type: 'number', requiresArg: true, coerce: last<number> } as const

/** Undefined when help or the version was asked for and printed. Throws with the text for the user. */
export async function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<SyncerOptions | undefined> {
  const parser = parserOf(args)
  let printed = ''
  const parsed = await parser.parseAsync([...args], {}, (_error, _values, output) => {
    printed = output
  })
  if (parsed.help || parsed.version) {
    console.log(printed)
    return undefined
  }
  const options: SyncerOptions = {
    fromKubeconfig: parsed.fromKubeconfig,
    fromContext: parsed.fromContext,
    fromCluster: parsed.fromCluster,
    toKubeconfig: parsed.toKubeconfig,
    toContext: parsed.toContext,
    syncTargetName: parsed.syncTargetName,
    syncTargetUid: parsed.syncTargetUid,
    resources: parsed.resources.filter(name => name !== ''),
    apiImportPollIntervalMs: parseDuration(parsed.apiImportPollInterval, '--api-import-poll-interval'),
    downstreamNamespaceCleanDelayMs: parseDuration(
      parsed.downstreamNamespaceCleanDelay,
      '--downstream-namespace-clean-delay',
    ),
    qps: parsed.qps,
    burst: parsed.burst,
    logging: { format: parsed.loggingFormat === 'json' ? 'json' : 'text', verbosity: parsed.v },
    env,
  }
  validate(options)
  return options
}

function parserOf(args: readonly string[]) {
  return yargs([...args])
    .scriptName('syncer')
    .usage('Syncs workloads of a kcp workspace to this physical cluster.\n\nUsage: $0 [flags]')
    .version(`syncer version ${syncerVersion}`)
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message)
    })
    .parserConfiguration({ 'greedy-arrays': false, 'parse-numbers': true })
    .options({
      'from-kubeconfig': { ...text, describe: 'Kubeconfig file for kcp; its server has no /clusters/ path' },
      'from-context': { ...text, describe: 'Context in it, if not the current one' },
      'from-cluster': { ...text, describe: 'Logical cluster of the SyncTarget, name or path' },
      'to-kubeconfig': {
        ...text,
        describe: 'Kubeconfig file for the physical cluster; unset: the one this pod runs in',
      },
      'to-context': { ...text, describe: 'Context in it, if not the current one' },
      'sync-target-name': { ...text, describe: 'Name of the SyncTarget' },
      'sync-target-uid': { ...text, describe: 'UID of the SyncTarget; another one is refused' },
      resources: {
        alias: 'r',
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'Resource to import, plural[.group]; may be repeated',
      },
      'api-import-poll-interval': { ...text, default: '1m0s', describe: 'How often to look for changed APIs' },
      'downstream-namespace-clean-delay': { ...text, default: '30s', describe: 'How long an empty namespace is kept' },
      qps: { ...number, default: 30, describe: 'Requests a second to each server; negative: unlimited' },
      burst: { ...number, default: 20, describe: 'Requests at once above that' },
      'dns-image': { ...text, describe: 'Accepted and not used: pods keep the DNS settings of their cluster' },
      'feature-gates': { ...text, describe: 'Accepted; no gate has an effect yet' },
      v: { ...number, default: 2, describe: 'Log verbosity; 4 and more shows debug messages, 6 every request' },
      'logging-format': { type: 'string', choices: ['text', 'json'], default: 'text', describe: 'Form of log lines' },
    })
}

function validate(options: SyncerOptions): void {
  if (options.fromCluster === '') throw new Error('--from-cluster is required')
  if (options.fromKubeconfig === '') throw new Error('--from-kubeconfig is required')
  if (options.syncTargetUid === '') throw new Error('--sync-target-uid is required')
  if (!options.env.NAMESPACE) throw new Error('missing environment variable: NAMESPACE')
}

const unitMs: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
}

/** Go's notation: `1m0s`, `1.5h`, `300ms`, `0`. */
export function parseDuration(duration: string, flag: string): number {
  if (duration === '0') return 0
  const whole = /^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/
  if (!whole.test(duration))
    throw new Error(`invalid argument "${duration}" for "${flag}" flag: time: invalid duration "${duration}"`)
  let totalMs = 0
  for (const [, count, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)) {
    totalMs += Number(count) * (unitMs[unit ?? ''] ?? 0)
  }
  return totalMs
}
