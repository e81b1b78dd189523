// Keeps one NegotiatedAPIResource per API that physical clusters of a workspace have imported.
// Leaves out: publishing it as a CRD, and CRDs made by hand that enforce a schema.
import { equalJson } from '../../../api/json.ts'
import { formatKey, type ObjectKey, parseKey } from '../../../api/objects.ts'
import { isAlreadyExists, isNotFound } from '../../../api/status-error.ts'
import { getOrUndefined, type Loop, patchRead } from '../loop.ts'
import { apiResourceImports, negotiatedApiResources } from '../resources.ts'
import { type SchedulingDeps, startSchedulingLoop } from '../scheduling-loop.ts'
import type { ApiResourceImport, NegotiatedApiResource } from './api-resource-import.ts'
import type { CompareSchemas } from './compare.ts'
import { type Action, decide } from './decide.ts'

export interface ApiNegotiationDeps extends SchedulingDeps {
  readonly compare: CompareSchemas
}

export function startApiNegotiationController(deps: ApiNegotiationDeps): Loop {
  const { client, scheduling } = deps
  const loop = startSchedulingLoop(deps, {
    name: 'kcp-api-negotiation',
    reconcile: async text => {
      const key = parseKey(text)
      const names = scheduling.imports.byIndex('api', text).map(({ name }) => name)
      const read = names.map(name => getOrUndefined<ApiResourceImport>(client, apiResourceImports, { ...key, name }))
      const imports = (await Promise.all(read)).filter(each => each !== undefined)
      const negotiated = await getOrUndefined<NegotiatedApiResource>(client, negotiatedApiResources, key)
      const actions = decide({ imports, negotiated, compare: deps.compare, now: deps.now() })
      for (const action of actions) await perform(deps, { key, negotiated }, action)
    },
  })
  scheduling.imports.onChange((key, after, before) => {
    if (equalJson(after, before)) return
    for (const facts of [after, before]) {
      if (facts) loop.add(formatKey({ ...key, name: facts.negotiatedName }))
    }
  })
  scheduling.negotiated.onChange((key, after, before) => {
    if ((after === undefined) !== (before === undefined)) loop.add(formatKey(key))
  })
  return loop
}

async function perform(
  { client }: ApiNegotiationDeps,
  { key, negotiated }: { key: ObjectKey; negotiated: NegotiatedApiResource | undefined },
  action: Action,
): Promise<void> {
  const local = client.cluster(key.cluster)
  switch (action.type) {
    case 'create-negotiated':
      await unless(isAlreadyExists, local.create(negotiatedApiResources, action.object))
      return
    case 'write-negotiated-spec':
      if (negotiated) await local.update(negotiatedApiResources, { ...negotiated, spec: action.spec })
      return
    case 'delete-negotiated':
      await unless(isNotFound, local.delete(negotiatedApiResources, key, { uid: negotiated?.metadata.uid ?? '' }))
      return
    case 'write-import-conditions': {
      const body = { status: { conditions: action.conditions } }
      await patchRead(client, apiResourceImports, { object: action.apiImport, body, subresource: 'status' })
    }
  }
}

async function unless(isExpected: (error: unknown) => boolean, write: Promise<unknown>): Promise<void> {
  try {
    await write
  } catch (error) {
    if (!isExpected(error)) throw error
  }
}
