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

export function createBindingReader(): (value: Uint8Array | undefined) => BindingRecord | undefined {
  const known = new LRUCache<string, { record: BindingRecord | undefined }>({ max: textsKeptMax })
  return value => {
    const bytes = value && Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    if (!bytes?.includes(boundMark)) return undefined
    const start = bytes.indexOf(contentMark)
    if (start < 0 || bytes.includes(deletionMark)) return bindingRecord(parseStored(bytes))
    const text = bytes.toString('latin1', start).replaceAll(transitionTime, '')
    const found = known.get(text) ?? { record: bindingRecord(parseStored(bytes)) }
    known.set(text, found)
    return found.record
  }
}
