// Continue tokens of paged lists: unpadded base64 of `{"v":"meta.k8s.io/v1","rv":<revision>,"start":"<key part>"}`.
import { Buffer } from 'node:buffer'
import { goSyntaxError } from '../../api/go-json-syntax.ts'
import { goKind, isJsonObject, type JsonValue } from '../../api/json.ts'
import { badRequest } from '../../api/status-error.ts'

export interface Continuation {
  readonly revision: number
  /** First key of the next page, relative to the prefix of the list. */
  readonly start: string
}

const tokenVersion = 'meta.k8s.io/v1'

export function encodeContinue({ revision, start }: Continuation): string {
  return Buffer.from(JSON.stringify({ v: tokenVersion, rv: revision, start })).toString('base64url')
}

export function decodeContinue(token: string): Continuation {
  checkBase64(token)
  const text = Buffer.from(token, 'base64').toString('latin1')
  const value = parse(text) ?? {}
  if (!isJsonObject(value))
    throw invalidToken(`json: cannot unmarshal ${goKind(value)} into Go value of type storage.continueToken`)
  const { v = '', rv = 0, start = '' } = value
  if (typeof v !== 'string') throw wrongType(v, 'v', 'string')
  if (v !== tokenVersion) throw invalidToken(`server does not recognize this encoded version ${v}`)
  if (typeof rv !== 'number') throw wrongType(rv, 'rv', 'int64')
  if (typeof start !== 'string') throw wrongType(start, 'start', 'string')
  if (rv === 0) throw invalidToken('incorrect encoded start resourceVersion (version meta.k8s.io/v1)')
  if (start === '') throw invalidToken('encoded start key empty (version meta.k8s.io/v1)')
  if (start.split('/').includes('..')) throw invalidToken(start)
  return { revision: rv, start }
}

/** Go's decoder names the first byte that does not belong there; a text that ends too early is wrong at its last group. */
function checkBase64(token: string): void {
  const wrong = token.search(/[^\w-]/)
  const end = token.length % 4 === 1 ? token.length - 1 : -1
  if (wrong >= 0 || end >= 0) throw invalidToken(`illegal base64 data at input byte ${wrong >= 0 ? wrong : end}`)
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidToken(goSyntaxError(text))
    throw error
  }
}

function wrongType(value: JsonValue, member: string, type: string) {
  return invalidToken(
    `json: cannot unmarshal ${goKind(value)} into Go struct field continueToken.${member} of type ${type}`,
  )
}

function invalidToken(text: string) {
  return badRequest(`invalid continue token: continue key is not valid: ${text}`)
}
