// The flags of `workload sync`, and what is wrong with them. All findings are reported together, as kubectl plugins do.
import type { Argv } from 'yargs'
import { CommandError } from './command.ts'
import type { SyncOptions } from './commands/workload-sync.ts'
import { parseLabels, splitList } from './options.ts'

const flags = {
  'syncer-image': { type: 'string', default: '', describe: 'image of the syncer (required)' },
  'output-file': {
    alias: 'o',
    type: 'string',
    default: '',
    describe: 'file for the manifest, - for standard output (required)',
  },
  resources: {
    type: 'string',
    array: true,
    describe: 'resources of the physical cluster to offer as well, plural[.group]',
  },
  apiexports: {
    type: 'string',
    array: true,
    default: ['root:compute:kubernetes'],
    describe: 'APIExports the cluster supports, path:name',
  },
  replicas: { type: 'number', default: 1, describe: 'replicas of the syncer: 0 or 1' },
  'kcp-namespace': { type: 'string', default: 'default', describe: "namespace in kcp of the syncer's service account" },
  namespace: {
    alias: 'n',
    type: 'string',
    default: '',
    describe: "namespace in the physical cluster; default: the syncer's id",
  },
  qps: { type: 'number', default: 20, describe: 'requests per second of the syncer; negative: no limit' },
  burst: { type: 'number', default: 30, describe: 'requests at once of the syncer' },
  'api-import-poll-interval': {
    type: 'string',
    default: '1m0s',
    describe: 'how often the syncer looks for changed APIs',
  },
  'downstream-namespace-clean-delay': {
    type: 'string',
    default: '30s',
    describe: 'time before an empty downstream namespace is deleted',
  },
  'feature-gates': { type: 'string', default: '', describe: 'feature gates of the syncer, e.g. KCPSyncerTunnel=true' },
  labels: { type: 'string', array: true, describe: 'labels of the SyncTarget, key=value' },
  'server-url': {
    type: 'string',
    default: '',
    describe: 'address under which the physical cluster reaches kcp; default: the server of the kubeconfig',
  },
} as const

export function withSyncOptions<T>(args: Argv<T>) {
  return args.options(flags)
}

interface SyncFlags {
  name: string
  syncerImage: string
  outputFile: string
  resources: string[] | undefined
  apiexports: readonly string[]
  replicas: number
  kcpNamespace: string
  namespace: string
  qps: number
  burst: number
  apiImportPollInterval: string
  downstreamNamespaceCleanDelay: string
  featureGates: string
  labels: string[] | undefined
  serverUrl: string
}

// The syncer's id, `kcp-syncer-<name>-<8 characters>`, is a label value and a name in the physical cluster.
const nameLengthMax = 233

export function readSyncOptions(flags: SyncFlags): SyncOptions {
  const problems = [
    flags.syncerImage === '' ? '--syncer-image is required' : '',
    flags.kcpNamespace === '' ? '--kcp-namespace is required' : '',
    flags.replicas < 0 ? '--replicas cannot be negative' : '',
    flags.replicas > 1 || !Number.isInteger(flags.replicas) ? 'only 0 and 1 are valid values for --replicas' : '',
    flags.outputFile === '' ? '--output-file is required' : '',
    flags.name.length > nameLengthMax ? `the maximum length of the sync-target-name is ${nameLengthMax}` : '',
    flags.serverUrl !== '' && !/^https?:\/\/[^/]/.test(flags.serverUrl)
      ? `--server-url "${flags.serverUrl}" is not a URL such as https://host:6443`
      : '',
  ].filter(problem => problem !== '')
  let labels: Record<string, string> = {}
  try {
    labels = parseLabels(flags.labels)
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
  }
  if (problems.length > 0) throw new CommandError(problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`)
  const { name, apiexports, ...rest } = flags
  return { ...rest, labels, resources: splitList(flags.resources), apiExports: splitList(apiexports) }
}
