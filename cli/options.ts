// Flags shared by the commands, and how their texts are read. Pure.
import type { Argv } from 'yargs'

export const connectionOptions = {
  kubeconfig: { type: 'string', describe: 'path to the kubeconfig file; default: $KUBECONFIG, else ~/.kube/config' },
  context: { type: 'string', describe: 'name of the kubeconfig context to use' },
  server: { type: 'string', describe: 'address of the Kubernetes API server, e.g. https://host:6443/clusters/root' },
  token: { type: 'string', describe: 'bearer token for authentication' },
  user: { type: 'string', describe: 'name of the kubeconfig user to use' },
  'certificate-authority': { type: 'string', describe: 'path to a file with the certificate authority' },
  'insecure-skip-tls-verify': {
    type: 'boolean',
    describe: 'do not check the server certificate; this makes HTTPS connections insecure',
  },
} as const

export function withConnectionOptions<T>(args: Argv<T>): Argv<T> {
  return args.options(connectionOptions).group(Object.keys(connectionOptions), 'Connection:') as Argv<T>
}

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A Go duration such as 30s, 1m30s, 500ms; throws with the flag's name. */
export function parseDurationMs(text: string, flag: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(p => p[0]).join('') !== text) {
    throw new Error(`invalid argument "${text}" for "--${flag}" flag: a duration such as 30s or 1m is expected`)
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (unitMs[unit ?? ''] ?? 0), 0)
}

/** Lists may be repeated and comma separated; an empty text gives no item. */
export function splitList(values: readonly string[] | undefined): string[] {
  return (values ?? []).flatMap(value => value.split(',')).filter(value => value !== '')
}

/** `k=v` items; throws one error that names all bad ones. */
export function parseLabels(values: readonly string[] | undefined): Record<string, string> {
  const items = splitList(values)
  const bad = items.filter(item => !/^[^=]+=[^=]*$/.test(item))
  if (bad.length > 0) throw new Error(bad.map(item => `label '${item}' is not in the format of key=value`).join(', '))
  return Object.fromEntries(items.map(item => item.split('=', 2) as [string, string]))
}
