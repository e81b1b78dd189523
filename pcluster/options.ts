// The command line of pcluster, parsed once into a full type.
import { join, resolve } from 'node:path'
import yargs, { type Argv } from 'yargs'
import { type LocalImage, type LocalProgram, localPrograms } from './programs.ts'

export interface PclusterOptions {
  name: string
  /** Everything of this cluster is below it. */
  directory: string
  bindAddress: string
  securePort: number
  externalHostname: string
  startDelayMs: number
  failImage: RegExp | undefined
  localImages: LocalImage[]
  logFormat: 'text' | 'json'
  verbosity: number
}

const startFlags = {
  name: { type: 'string', default: 'kind', describe: 'name of the cluster; several run side by side' },
  'root-directory': {
    type: 'string',
    default: '.pcluster',
    describe: 'directory of all clusters; this one uses the folder of its name',
  },
  'bind-address': { type: 'string', default: '0.0.0.0', describe: 'IP address to listen on' },
  'secure-port': {
    type: 'number',
    default: 0,
    describe: 'port to listen on; 0 takes the port of the last start, else a free one',
  },
  'external-hostname': {
    type: 'string',
    default: '',
    describe: 'host in the kubeconfig; default: the address of this machine',
  },
  'pod-start-delay': { type: 'number', default: 500, describe: 'milliseconds until a simulated pod is Running' },
  'fail-image': {
    type: 'string',
    default: '',
    describe: 'images matching this pattern (a regular expression) are never pulled: their pods stay unready',
  },
  'local-image': {
    type: 'string',
    array: true,
    default: [] as string[],
    describe: 'IMAGE=PROGRAM: pods of this image run as a process of this machine; images named syncer always do',
  },
  'logging-format': {
    choices: ['text', 'json'] as const,
    default: 'text' as const,
    describe: 'format of the log on standard error',
  },
  v: { type: 'number', default: 2, describe: 'verbosity; 4 and above print debug messages' },
} as const

export const usage = `pcluster is a simulated physical cluster: a Kubernetes API server with the usual
workload types, small controllers and a simulated kubelet. It runs no
containers. Pods of images named syncer run as local processes of this
package's own programs: the image is not pulled, our binary runs instead.`

/** Undefined when help or the version was asked for and printed. Throws with a text for the user. */
export async function parseOptions(argv: readonly string[], version: string): Promise<PclusterOptions | undefined> {
  let options: PclusterOptions | undefined
  const args: Argv = yargs([...argv])
    .scriptName('pcluster')
    .usage(usage)
    .command(
      'start',
      'Starts a simulated cluster and writes <root>/<name>/admin.kubeconfig',
      sub => sub.options(startFlags),
      given => {
        options = {
          name: checkName(given.name),
          directory: resolve(join(given.rootDirectory, given.name)),
          bindAddress: given.bindAddress,
          securePort: checkPort(given.securePort),
          externalHostname: given.externalHostname,
          startDelayMs: Math.max(0, given.podStartDelay),
          failImage: given.failImage === '' ? undefined : parsePattern(given.failImage),
          localImages: given.localImage.map(parseLocalImage),
          logFormat: given.loggingFormat,
          verbosity: given.v,
        }
      },
    )
    .command(
      '$0',
      false,
      sub => sub,
      () => void args.showHelp('log'),
    )
    .strict()
    .version(version)
    .help()
    .alias('h', 'help')
    .locale('en')
    .fail(false)
    .exitProcess(false)
  await args.parseAsync()
  return options
}

function checkName(name: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return name
  throw new Error(`invalid argument "${name}" for "--name" flag: lower-case letters, digits and dashes are expected`)
}

function checkPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw new Error(`invalid argument "${port}" for "--secure-port" flag: a port between 0 and 65535 is expected`)
}

function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch (error) {
    throw new Error(
      `invalid argument "${text}" for "--fail-image" flag: ${error instanceof Error ? error.message : error}`,
    )
  }
}

function parseLocalImage(text: string): LocalImage {
  const at = text.lastIndexOf('=')
  const program = text.slice(at + 1)
  if (at > 0 && isLocalProgram(program)) return { image: text.slice(0, at), program }
  throw new Error(
    `invalid argument "${text}" for "--local-image" flag: IMAGE=PROGRAM is expected, PROGRAM one of ${localPrograms.join(', ')}`,
  )
}

function isLocalProgram(name: string): name is LocalProgram {
  return localPrograms.some(program => program === name)
}
