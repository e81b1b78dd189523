// Reads the record of an APIBinding out of stored bytes. All workspaces of a type have the same bindings but for names and
// times, so what was read once is known by its text.
import { LRUCache } from 'lru-cache'
import { type BindingRecord, bindingRecord } from './api-record.ts'
import { parseStored } from './stored-object.ts'

/** Most writes of a binding come before it is bound; those are not even parsed. */
const boundMark = Buffer.from('"apiExportClusterName"')
/** Where metadata ends: what follows is all the record is made of, unless the binding is being deleted. */
const contentMark = Buffer.from('},"spec":{')
const deletionMark = Buffer.from('"deletionTimestamp":')
const transitionTime = /"lastTransitionTime":"[^"]*"/g
const textsKeptMax = 1000

/** All but metadata, without times; undefined: metadata matters. */
export function bindingText(bytes: Buffer): string | undefined {
  const start = bytes.indexOf(contentMark)
  if (start < 0 || bytes.includes(deletionMark)) return undefined
  return bytes.toString('latin1', start).replaceAll(transitionTime, '')
}

export function createBindingReader(): (value: Uint8Array | undefined) => BindingRecord | undefined {
  const known = new LRUCache<string, { record: BindingRecord | undefined }>({ max: textsKeptMax })
  return value => {
    const bytes = value && Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    if (!bytes?.includes(boundMark)) return undefined
    const text = bindingText(bytes)
    if (text === undefined) return bindingRecord(parseStored(bytes))
    const found = known.get(text) ?? { record: bindingRecord(parseStored(bytes)) }
    known.set(text, found)
    return found.record
  }
}
