// Continue tokens of paged lists: unpadded base64 of `{"v":"meta.k8s.io/v1","rv":<revision>,"start":"<key part>"}`.
import { Buffer } from 'node:buffer'
import { goSyntaxProblem } from '../../api/go-json.ts'
import { isJsonObject, type JsonValue } from '../../api/json.ts'
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
  const text = Buffer.from(token, 'base64').toString('latin1')
  const value = parse(text)
  if (!isJsonObject(value)) throw invalidToken(goSyntaxProblem(text, 'invalid character in the token'))
  const { v, rv, start } = value
  if (v !== tokenVersion) throw invalidToken(`server does not recognize this encoded version ${JSON.stringify(v)}`)
  if (typeof rv !== 'number' || rv === 0)
    throw invalidToken('incorrect encoded start resourceVersion (version meta.k8s.io/v1)')
  if (typeof start !== 'string' || start === '') throw invalidToken('encoded start key empty (version meta.k8s.io/v1)')
  if (start.split('/').includes('..')) throw invalidToken(start)
  return { revision: rv, start }
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function invalidToken(text: string) {
  return badRequest(`invalid continue token: continue key is not valid: ${text}`)
}
