// All functions rules may call: those Kubernetes 1.31 has for rules of custom resources, by name.
import type { Overload } from './functions.ts'
import { conversions } from './library-conversions.ts'
import { namedFormats } from './library-formats.ts'
import { lists } from './library-lists.ts'
import { net } from './library-net.ts'
import { operators } from './library-operators.ts'
import { quantities } from './library-quantity.ts'
import { strings } from './library-strings.ts'

export const library: ReadonlyMap<string, readonly Overload[]> = gather()

function gather(): Map<string, readonly Overload[]> {
  const found = new Map<string, readonly Overload[]>()
  for (const { name, overloads } of [
    ...operators,
    ...conversions,
    ...strings,
    ...lists,
    ...net,
    ...quantities,
    ...namedFormats,
  ]) {
    found.set(name, [...(found.get(name) ?? []), ...overloads])
  }
  return found
}
