// `-o json|name|yaml`: what a command made or found as objects on standard output; its sentences go to standard error then.
import { stringify } from 'yaml'
import { isRawNumber } from '../api/json.ts'
import type { KubeObject } from '../api/objects.ts'
import { type CommandContext, CommandError } from './command.ts'

export const outputFormats = ['json', 'name', 'yaml'] as const
export type OutputFormat = (typeof outputFormats)[number]

export const outputOption = {
  alias: 'o',
  type: 'string',
  describe: `print objects instead of sentences: ${outputFormats.join('|')}`,
} as const

/** Undefined: sentences. Throws kubectl's words for a format there is none of. */
export function readOutputFormat(text: string | undefined): OutputFormat | undefined {
  const format = outputFormats.find(known => known === text)
  if (format !== undefined || text === undefined || text === '') return format
  throw new CommandError(
    `unable to match a printer suitable for the output format "${text}", allowed formats are: ${outputFormats.join(',')}`,
  )
}

/** Where a command's sentences go when objects are asked for. */
export function besideObjects(context: CommandContext, format: OutputFormat | undefined): CommandContext {
  return format === undefined ? context : { ...context, out: context.err }
}

export function formatObject(format: OutputFormat, object: KubeObject): string {
  if (format === 'name') return `${nameOf(object)}\n`
  return formatDocument(format, withoutManagedFields(object))
}

/** A List, as `kubectl get` prints several objects. */
export function formatList(format: OutputFormat, objects: readonly KubeObject[]): string {
  if (format === 'name') return objects.map(object => `${nameOf(object)}\n`).join('')
  const items = objects.map(withoutManagedFields)
  return formatDocument(format, { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } })
}

function formatDocument(format: 'json' | 'yaml', document: object): string {
  if (format === 'yaml') return stringify(document, { lineWidth: 0, indentSeq: false, sortMapEntries: true })
  return `${JSON.stringify(document, sortMembers, 4)}\n`
}

/** kubectl prints the members of an object in the order of their names. */
function sortMembers(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isRawNumber(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** `workspace.tenancy.kcp.io/name`. */
function nameOf({ apiVersion, kind, metadata }: KubeObject): string {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : []
  return `${kind.toLowerCase()}${group === undefined ? '' : `.${group}`}/${metadata.name}`
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
