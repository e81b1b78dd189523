// Lays an applied object over the live one: its leaves win, what only the live object has stays.
import { getOwn, isJsonObject, type JsonObject, type JsonValue, setOwn } from '../../json.ts'
import { memberTopology } from '../strategic-topology.ts'
import type { Topology } from '../topology.ts'
import { indexList, shapeOf } from './typed-value.ts'

export function mergeApplied(live: JsonObject, applied: JsonObject, topology: Topology | undefined): JsonObject {
  const merged: JsonObject = {}
  for (const name of Object.keys(live)) setOwn(merged, name, live[name])
  for (const name of Object.keys(applied)) {
    const value = applied[name]
    if (value === undefined) continue
    setOwn(merged, name, mergeValues(getOwn(live, name), value, memberTopology(topology, name)))
  }
  return merged
}

function mergeValues(live: JsonValue | undefined, applied: JsonValue, topology: Topology | undefined): JsonValue {
  if (live === undefined || live === applied) return applied
  const shape = shapeOf(applied, topology)
  if (shape === 'leaf' || shape !== shapeOf(live, topology)) return applied
  if (shape === 'map' && isJsonObject(live)) {
    // Null applied to a map with parts leaves them alone.
    if (!isJsonObject(applied)) return Object.keys(live).length === 0 ? applied : live
    return mergeApplied(live, applied, topology)
  }
  if (shape === 'list' && Array.isArray(live) && topology !== undefined) {
    if (!Array.isArray(applied)) return live.length === 0 ? applied : live
    return mergeLists(live, applied, topology)
  }
  return applied
}

/** Applied elements in their order; those that only the live list has keep their places between them. */
function mergeLists(live: JsonValue[], applied: JsonValue[], topology: Topology): JsonValue[] {
  const old = indexList(live, topology)
  const young = indexList(applied, topology)
  if (old === undefined || young === undefined) return applied
  const liveKeys = [...old.keys()]
  const shared = [...young.keys()].filter(key => old.has(key))
  const merged: JsonValue[] = []
  let nextLive = 0
  let nextShared = 0
  for (const [key, value] of young) {
    // Live-only elements go before the applied element they stood in front of.
    for (; nextLive < liveKeys.length && liveKeys[nextLive] !== key; nextLive++) {
      const liveKey = liveKeys[nextLive] ?? ''
      if (!young.has(liveKey)) merged.push(old.get(liveKey) ?? null)
      else if (liveKey === shared[nextShared]) break
    }
    if (liveKeys[nextLive] === key) nextLive++
    if (key === shared[nextShared]) nextShared++
    merged.push(mergeValues(old.get(key), value, topology.items))
  }
  for (; nextLive < liveKeys.length; nextLive++) {
    const liveKey = liveKeys[nextLive] ?? ''
    if (!young.has(liveKey)) merged.push(old.get(liveKey) ?? null)
  }
  return merged
}
