// Reads the record of an APIBinding out of stored bytes. All workspaces of a type have the same bindings but for names and
// times, so what was read once is known by its text.
import { LRUCache } from 'lru-cache'
import { type BindingRecord, bindingRecord } from './api-record.ts'
import { parseStored } from './stored-object.ts'

/** Most writes of a binding come before it is bound; those are not even parsed. */
const boundMark = '"apiExportClusterName"'
/** Where metadata ends: what follows is all the record is made of, unless the binding is being deleted. */
const contentMark = Buffer.from('},"spec":{')
const deletionMark = Buffer.from('"deletionTimestamp":')
/** A status that was sent before spec stays before it. */
const statusMark = Buffer.from('},"status":')
const transitionTime = /"lastTransitionTime":"[^"]*"/g
const textsKeptMax = 1000

interface BindingText {
  readonly metadata: Buffer
  /** All that follows metadata, without times. */
  readonly content: string
}

let latest: { readonly value: Uint8Array; readonly text: BindingText | undefined } | undefined

/** undefined: it is being deleted, or not in the form the server writes. All readers of a value come one after the other. */
export function bindingText(value: Uint8Array): BindingText | undefined {
  if (latest?.value !== value) latest = { value, text: textOf(value) }
  return latest.text
}

function textOf(value: Uint8Array): BindingText | undefined {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  const start = bytes.indexOf(contentMark)
  const metadata = bytes.subarray(0, start)
  if (start < 0 || metadata.includes(deletionMark) || metadata.includes(statusMark)) return undefined
  return { metadata, content: bytes.toString('latin1', start).replaceAll(transitionTime, '') }
}

export function createBindingReader(): (value: Uint8Array | undefined) => BindingRecord | undefined {
  const known = new LRUCache<string, { record: BindingRecord | undefined }>({ max: textsKeptMax })
  return value => {
    if (!value) return undefined
    const text = bindingText(value)
    if (text === undefined) return bindingRecord(parseStored(value))
    if (!text.content.includes(boundMark)) return undefined
    const found = known.get(text.content) ?? { record: bindingRecord(parseStored(value)) }
    known.set(text.content, found)
    return found.record
  }
}
