// Sets of field paths in the form of fieldsV1, which is also how they are stored: a member without members below it is
// `{}`, one with members below holds `.`. Keys are `f:name`, `k:{"key":value}`, `v:value`, `i:index`.
// Everything is pure and shares what does not change; a set that stays the same is returned as it is.
import { goJson } from '../../go-json.ts'
import { isJsonObject, type JsonObject, parseJson } from '../../json.ts'
import { compareKeys } from './key-order.ts'

/** The root of a set, or what is below one of its paths. `{}` as a root is the empty set, below it a leaf. */
export type Fields = JsonObject

export const noFields: Fields = Object.freeze({})
export const leaf: Fields = Object.freeze({})

export function isEmpty(fields: Fields): boolean {
  for (const _ in fields) return false
  return true
}

export function isMember(node: Fields): boolean {
  return node['.'] !== undefined || isEmpty(node)
}

export function childOf(fields: Fields, key: string): Fields | undefined {
  return fields[key] as Fields | undefined
}

/** A node from whether it is a member itself and what is below it; undefined when it is nothing. */
export function nodeOf(member: boolean, below: Fields | undefined): Fields | undefined {
  if (below === undefined || isEmpty(below)) return member ? leaf : undefined
  return member ? { '.': leaf, ...below } : below
}

/** Keys below a node, without the sign that it is a member. */
export function keysBelow(node: Fields): string[] {
  return Object.keys(node).filter(key => key !== '.')
}

export function union(a: Fields, b: Fields): Fields {
  let result: Fields | undefined
  for (const key of keysBelow(b)) {
    const inA = childOf(a, key)
    const inB = childOf(b, key) ?? leaf
    const joined = inA === undefined ? inB : joinNodes(inA, inB)
    if (joined === inA) continue
    result ??= below(a)
    result[key] = joined
  }
  return result ?? a
}

function joinNodes(a: Fields, b: Fields): Fields {
  const member = isMember(a) || isMember(b)
  const joined = union(below(a), b)
  return member === isMember(a) && equalFields(below(a), joined) ? a : (nodeOf(member, joined) ?? leaf)
}

export function intersection(a: Fields, b: Fields): Fields {
  const result: Fields = {}
  for (const key of keysBelow(a)) {
    const inA = childOf(a, key)
    const inB = childOf(b, key)
    if (inA === undefined || inB === undefined) continue
    const node = inA === inB ? inA : nodeOf(isMember(inA) && isMember(inB), intersection(inA, inB))
    if (node !== undefined) result[key] = node
  }
  return result
}

/** Members of `a` that are no members of `b`; what is below a member stays. */
export function difference(a: Fields, b: Fields): Fields {
  return subtract(a, b, false)
}

/** Members of `a` that are neither members of `b` nor below one. */
export function recursiveDifference(a: Fields, b: Fields): Fields {
  return subtract(a, b, true)
}

function subtract(a: Fields, b: Fields, recursive: boolean): Fields {
  let result: Fields | undefined
  for (const key of keysBelow(b)) {
    const inA = childOf(a, key)
    const inB = childOf(b, key)
    if (inA === undefined || inB === undefined) continue
    const left = subtractNode(inA, inB, recursive)
    if (left === inA) continue
    result ??= below(a)
    if (left === undefined) delete result[key]
    else result[key] = left
  }
  return result ?? a
}

function subtractNode(a: Fields, b: Fields, recursive: boolean): Fields | undefined {
  const isGone = isMember(b)
  if (recursive && isGone) return undefined
  const wasMember = isMember(a)
  const rest = subtract(below(a), b, recursive)
  if (equalFields(rest, below(a)) && !(wasMember && isGone)) return a
  return nodeOf(wasMember && !isGone, rest)
}

/** A copy of what is below a node. */
function below(node: Fields): Fields {
  if (node['.'] === undefined) return { ...node }
  const { '.': _, ...rest } = node
  return rest
}

/** Whether two sets hold the same paths. */
export function equalFields(a: Fields, b: Fields): boolean {
  if (a === b) return true
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every(key => {
    const other = childOf(b, key)
    return other !== undefined && equalFields(childOf(a, key) ?? leaf, other)
  })
}

/** The same set with keys in order, as they are stored; as it is when they are. */
export function sortFields(fields: Fields): Fields {
  const keys = Object.keys(fields)
  let isSorted = true
  for (let i = 1; i < keys.length && isSorted; i++) isSorted = compareKeys(keys[i - 1] ?? '', keys[i] ?? '') < 0
  if (!isSorted) keys.sort(compareKeys)
  const sorted: Fields = {}
  for (const key of keys) {
    const node = childOf(fields, key) ?? leaf
    const child = node === leaf ? leaf : sortFields(node)
    isSorted &&= child === node
    sorted[key] = child
  }
  return isSorted ? fields : sorted
}

/** A set from what a client sent: undefined when it is none. Empty nodes are leaves, keys are made canonical. */
export function readFields(value: JsonObject): Fields | undefined {
  const fields: Fields = {}
  for (const [sent, below] of Object.entries(value)) {
    const key = sent === '.' ? sent : canonicalKey(sent)
    const node = isJsonObject(below) ? readFields(below) : undefined
    if (key === undefined || node === undefined) return undefined
    fields[key] = onlyMember(node) ? leaf : node
  }
  return fields
}

function onlyMember(node: Fields): boolean {
  const [first, second] = Object.keys(node)
  return second === undefined && (first === undefined || first === '.')
}

function canonicalKey(key: string): string | undefined {
  const text = key.slice(2)
  if (key.startsWith('f:')) return key
  if (key.startsWith('i:')) return /^[+-]?\d+$/.test(text) ? `i:${Number(text)}` : undefined
  if (!key.startsWith('k:') && !key.startsWith('v:')) return undefined
  try {
    const value = parseJson(text)
    if (key.startsWith('v:')) return `v:${goJson(value)}`
    if (!isJsonObject(value)) return undefined
    return `k:${goJson(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))))}`
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
