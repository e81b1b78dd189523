// A pod knows only its token and a plain server address: the token says which logical cluster its requests are for.
// The token is not verified here; authentication does that, and authorization asks for the cluster put into the path.
import { Buffer } from 'node:buffer'
import { getOwn, isJsonObject, type JsonValue } from '../../../api/json.ts'
import { bearerTokenOf } from '../../auth/authenticator.ts'
import type { Filter } from '../exchange.ts'

export function withServiceAccountCluster(): Filter {
  return next => request => {
    const { path, headers } = request
    if (path.startsWith('/clusters/') || path.startsWith('/services/')) return next(request)
    if (headers['x-kubernetes-sharded-request'] !== undefined) return next(request)
    const cluster = clusterOfToken(bearerTokenOf(headers.authorization))
    return next(cluster === undefined ? request : { ...request, path: `/clusters/${cluster}${path}` })
  }
}

/** The logical cluster a service account token names, in its bound or its legacy form. */
export function clusterOfToken(token: string): string | undefined {
  const [, payload, signature, ...more] = token.split('.')
  if (payload === undefined || signature === undefined || more.length > 0) return undefined
  const claims = parse(Buffer.from(payload, 'base64url').toString('utf8'))
  if (!isJsonObject(claims)) return undefined
  const bound = getOwn(claims, 'kubernetes.io')
  const cluster = isJsonObject(bound) ? bound.clusterName : getOwn(claims, 'kubernetes.io/serviceaccount/clusterName')
  return typeof cluster === 'string' && cluster !== '' ? cluster : undefined
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
