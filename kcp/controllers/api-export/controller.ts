// Gives every APIExport an identity and the URL of its virtual workspace, and endpoint slices their URLs.
// Leaves out: what bindings make of it (api-binding/), and clean-up of identity secrets (owners keep them).
import { formatKey, parseKey } from '../../../api/objects.ts'
import { getOrUndefined, type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { apiExports, secrets } from '../resources.ts'
import { type ApiExport, decide } from './decide.ts'
import { createIdentity, readIdentity } from './perform.ts'

export interface ApiExportDeps extends LoopDeps {
  readonly now: () => Date
  readonly randomBytes: (size: number) => Uint8Array
  /** Base of virtual workspace URLs, of every shard. */
  readonly virtualWorkspaceBases: () => readonly string[]
}

export function startApiExportController(deps: ApiExportDeps): Loop {
  const { client, informers } = deps
  const exports = informers.objectsOf(apiExports)
  const loop = startLoop(deps, {
    name: 'kcp-apiexport',
    reconcile: async text => {
      const key = parseKey(text)
      const apiExport = await getOrUndefined<ApiExport>(client, apiExports, key)
      if (apiExport === undefined || apiExport.metadata.deletionTimestamp) return
      const identity = await readIdentity(client, apiExport)
      const paths = `/services/apiexport/${key.cluster}/${key.name}`
      const virtualWorkspaceUrls = deps.virtualWorkspaceBases().map(base => base + paths)
      const decision = decide({ apiExport, identity, virtualWorkspaceUrls, now: deps.now() })
      if (decision.type === 'create-identity') await createIdentity(client, apiExport, deps.randomBytes(32))
      if (decision.type === 'write-status') {
        await patchRead(client, apiExports, {
          object: apiExport,
          body: { status: decision.status },
          subresource: 'status',
        })
      }
    },
  })
  exports.onChange(key => loop.add(formatKey(key)))
  informers.keysOf(secrets).onChange((key, _after, _before, object) => {
    if (object?.type === 'kubernetes.io/service-account-token') return
    for (const [text, apiExport] of exports.entries()) {
      const reference = (apiExport as ApiExport).spec.identity?.secretRef
      const named = reference?.name === key.name && reference.namespace === key.namespace
      if (parseKey(text).cluster === key.cluster && named) loop.add(text)
    }
  })
  return loop
}
