// How answers to the recorded walk may differ from those of Go kcp v0.11, and why.
import type { WalkStep } from './recordings.ts'

interface Difference {
  readonly reason: string
  readonly method: string
  readonly path: RegExp
  readonly code?: number
  readonly what: RegExp
}

const differences: readonly Difference[] = [
  {
    reason: 'the home workspace is answered when it is ready, not asked for again',
    method: 'GET',
    path: /\/workspaces\/~$/,
    code: 429,
    what: /^code 429 → 200/,
  },
  {
    reason: 'the syncer workspace serves what a binding brought before the schemas of the cluster were compared',
    method: 'GET',
    path: /^\/api\/v1\/services\?/,
    code: 404,
    what: /^code 404 → 200/,
  },
  {
    reason: 'admission sets what the controller of Go adds a moment later',
    method: 'POST',
    path: /\/apibindings$/,
    what: /^\+ metadata\.(annotations\.extra\.apis\.kcp\.io|labels\.claimed\.internal\.apis\.kcp\.io)/,
  },
  {
    reason: 'the view of the syncer is a step ahead: deletion requested, content counted, object gone',
    method: 'GET',
    path: /\/(deployments|namespaces)[/?]/,
    what: /^\+ (items\[\]\.)?(metadata\.annotations\.deletion\.internal|status\.conditions\[\]\.(message|reason))/,
  },
  {
    reason: 'same, for a second write of the syncer about the object that its first one released',
    method: 'PUT',
    path: /\/namespaces\/two\/deployments\/d2$/,
    code: 409,
    what: /^code 409 → 404/,
  },
]

/** Go refuses to bind by the name that its `kubectl ws .` prints; ours does not, and everything after would be bound. */
export const isRefusedName = ({ method, path, code }: WalkStep) =>
  method === 'POST' && /apibindings$/.test(path) && code === 403

export const isListed = (step: WalkStep, what: string) =>
  differences.some(
    ({ method, path, code = step.code, what: pattern }) =>
      method === step.method && path.test(step.path) && code === step.code && pattern.test(what),
  )
