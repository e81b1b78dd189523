// The command line and environment of `kcp start`, read once into one typed object. Nothing else reads argv or env.
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { type FlagValues, parseFlags, UsageError } from './flags.ts'
import { type Battery, batteries, startFlags } from './start-flags.ts'

export interface KcpOptions {
  /** Absolute. */
  readonly rootDirectory: string
  readonly storeDirectory: string
  readonly bindAddress: string
  /** 0 takes a free port. */
  readonly securePort: number
  /** '' : the address clients reach this machine at. */
  readonly externalHostname: string
  /** Both or neither; '' issues a certificate under the kept authority. */
  readonly tlsCertFile: string
  readonly tlsPrivateKeyFile: string
  readonly clientCaFile: string
  readonly tokenAuthFile: string
  readonly kubeconfigPath: string
  readonly adminTokenStorePath: string
  readonly serviceAccountKeyFile: string
  readonly alwaysAllowPaths: readonly string[]
  readonly batteries: ReadonlySet<Battery>
  readonly runControllers: boolean
  readonly runVirtualWorkspaces: boolean
  readonly homeWorkspaces: { readonly enabled: boolean; readonly creatorGroups: readonly string[] }
  /** Empty URLs are those of this server. */
  readonly shard: {
    readonly name: string
    readonly baseUrl: string
    readonly externalUrl: string
    readonly virtualWorkspaceUrl: string
  }
  readonly syncTargetHeartbeatThresholdMs: number
  readonly featureGates: Readonly<Record<string, boolean>>
  readonly logging: LoggingOptions
}

export interface LoggingOptions {
  readonly format: 'text' | 'json'
  /** 4 and more: debug messages of everything. */
  readonly verbosity: number
  /** Parts whose debug messages are wanted. */
  readonly debugParts: readonly string[]
}

export interface Surroundings {
  readonly workingDirectory: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Throws UsageError. `args` are those after `start`. */
export function parseStartOptions(args: readonly string[], surroundings: Surroundings): KcpOptions {
  const flags = parseFlags(startFlags, args)
  const rootDirectory = resolve(surroundings.workingDirectory, flags.text('root-directory'))
  const path = (name: string, fallback = ''): string => {
    const given = flags.text(name) || fallback
    return given === '' ? '' : resolve(surroundings.workingDirectory, given)
  }
  const inRoot = (name: string, file: string): string => path(name, join(rootDirectory, file))
  const options: KcpOptions = {
    rootDirectory,
    storeDirectory: inRoot('store-directory', 'store'),
    bindAddress: flags.text('bind-address'),
    securePort: flags.number('secure-port'),
    externalHostname: flags.text('external-hostname'),
    tlsCertFile: path('tls-cert-file'),
    tlsPrivateKeyFile: path('tls-private-key-file'),
    clientCaFile: path('client-ca-file'),
    tokenAuthFile: path('token-auth-file'),
    kubeconfigPath: inRoot('kubeconfig-path', 'admin.kubeconfig'),
    adminTokenStorePath: inRoot('authentication-admin-token-path', '.admin-token-store'),
    serviceAccountKeyFile: inRoot('service-account-private-key-file', 'sa.key'),
    alwaysAllowPaths: flags.list('authorization-always-allow-paths'),
    batteries: parseBatteries(flags),
    runControllers: flags.boolean('run-controllers'),
    runVirtualWorkspaces: flags.boolean('run-virtual-workspaces'),
    homeWorkspaces: {
      enabled: flags.boolean('enable-home-workspaces'),
      creatorGroups: flags.list('home-workspaces-home-creator-groups'),
    },
    shard: {
      name: flags.text('shard-name'),
      baseUrl: flags.text('shard-base-url'),
      externalUrl: flags.text('shard-external-url'),
      virtualWorkspaceUrl: flags.text('shard-virtual-workspace-url'),
    },
    syncTargetHeartbeatThresholdMs: flags.duration('sync-target-heartbeat-threshold'),
    featureGates: parseFeatureGates(flags),
    logging: {
      format: flags.text('logging-format') === 'json' ? 'json' : 'text',
      verbosity: flags.number('v'),
      debugParts: (surroundings.environment.KCP_DEBUG ?? '').split(',').filter(part => part !== ''),
    },
  }
  validate(options, flags)
  return options
}

function validate(options: KcpOptions, flags: FlagValues): void {
  const { securePort, bindAddress, tlsCertFile, tlsPrivateKeyFile } = options
  if (securePort < 0 || securePort > 65535) {
    throw new UsageError(`--secure-port ${securePort} must be between 0 and 65535, inclusive`)
  }
  if (flags.boolean('experimental-bind-free-port') && securePort !== 0) {
    throw new UsageError('--secure-port=0 required if --experimental-bind-free-port is set')
  }
  if (isIP(bindAddress) === 0)
    throw new UsageError(`--bind-address ${JSON.stringify(bindAddress)} must be an IP address`)
  if ((tlsCertFile === '') !== (tlsPrivateKeyFile === '')) {
    throw new UsageError('--tls-cert-file and --tls-private-key-file must be given together')
  }
  const format = flags.text('logging-format')
  if (format !== 'text' && format !== 'json') {
    throw new UsageError(`--logging-format ${JSON.stringify(format)} must be text or json`)
  }
  const thresholdMs = options.syncTargetHeartbeatThresholdMs
  if (thresholdMs <= 0) throw new UsageError(`--sync-target-heartbeat-threshold must be >0 (${thresholdMs / 1000}s)`)
  const servers = flags.list('etcd-servers').join(',')
  if (servers !== 'embedded') {
    throw new UsageError(`--etcd-servers ${JSON.stringify(servers)} is not supported: only "embedded" is`)
  }
}

function parseBatteries(flags: FlagValues): ReadonlySet<Battery> {
  const given = flags.list('batteries-included')
  const edits = given.filter(entry => /^[+-]/.test(entry))
  if (edits.length > 0 && edits.length < given.length) {
    throw new UsageError('--batteries-included must all be prefixed with + or - or none')
  }
  for (const entry of given)
    if (!isBattery(entry.replace(/^[+-]/, ''))) throw new UsageError(`unknown battery: ${entry}`)
  if (edits.length === 0) return new Set(given.filter(isBattery))
  const chosen = new Set<Battery>(['root-compute-workspace', 'workspace-types'])
  for (const entry of edits) {
    const battery = entry.slice(1)
    if (!isBattery(battery)) continue
    if (entry.startsWith('+')) chosen.add(battery)
    else chosen.delete(battery)
  }
  return chosen
}

function isBattery(text: string): text is Battery {
  return (batteries as readonly string[]).includes(text)
}

const featureGateDefaults: Readonly<Record<string, boolean>> = { KCPLocationAPI: true, KCPSyncerTunnel: false }

function parseFeatureGates(flags: FlagValues): Readonly<Record<string, boolean>> {
  const gates = { ...featureGateDefaults }
  for (const pair of flags.list('feature-gates')) {
    const [name = '', value = ''] = pair.split('=')
    const problem = (reason: string): UsageError =>
      new UsageError(`invalid argument ${JSON.stringify(pair)} for "--feature-gates" flag: ${reason}`)
    if (!Object.hasOwn(gates, name)) throw problem(`unrecognized feature gate: ${name}`)
    if (value !== 'true' && value !== 'false') throw problem(`invalid value of ${name}: must be true or false`)
    gates[name] = value === 'true'
  }
  return gates
}
