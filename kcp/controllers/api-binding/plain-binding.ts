// Which APIBindings no controller has anything to do with: bound and up to date, without claims, without annotations of
// their export. Nearly all are, and equal but for names and times; so the text of one tells about all others.
import { LRUCache } from 'lru-cache'
import { extraAnnotationPrefix } from '../../../api/names/kcp-keys.ts'
import { bindingText } from '../../workspaces/binding-reader.ts'
import { parseStored } from '../../workspaces/stored-object.ts'
import type { ApiBinding } from './api-binding.ts'

const extraMark = Buffer.from(`"${extraAnnotationPrefix}`)
const textsKeptMax = 1000

export function createPlainBindings(): (value: Uint8Array) => boolean {
  const known = new LRUCache<string, boolean>({ max: textsKeptMax })
  return value => {
    const text = bindingText(value)
    if (text === undefined || text.metadata.includes(extraMark)) return false
    const isPlain = known.get(text.content) ?? isSettled(parseStored(value) as unknown as ApiBinding)
    known.set(text.content, isPlain)
    return isPlain
  }
}

export function isSettled(binding: ApiBinding): boolean {
  if (binding.metadata.deletionTimestamp || binding.spec.permissionClaims?.length) return false
  const { phase, conditions = [], appliedPermissionClaims } = binding.status ?? {}
  return phase === 'Bound' && !appliedPermissionClaims?.length && conditions.every(({ status }) => status === 'True')
}
