// A new logical cluster as the controllers would have made it step by step, in one go: what each of them decides is
// decided on what the others will have written. Pure. Leaves out: initializers of other programs, which stay.
import type { JsonValue } from '../../../api/json.ts'
import { defaultBindingName } from '../../../api/names/derived-names.ts'
import { createOnlyAnnotation } from '../../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { applyMergePatch } from '../../../api/patch/merge-patch.ts'
import { apiBindingsInitializer } from '../../admission/workspace-type-graph.ts'
import { decide as decideInitializers, universalInitializer } from '../api-binder/decide.ts'
import type { BindingPattern } from '../api-binder/wanted-bindings.ts'
import type { ApiBinding } from '../api-binding/api-binding.ts'
import { decide as decideLogicalCluster } from '../logical-cluster/decide.ts'
import { clusterAdminBinding } from '../logical-cluster/workspace-admin.ts'
import { decide as decideScheduling } from '../namespace-scheduler/decide.ts'
import type { NewObject } from '../own-writes.ts'
import { apiBindings, clusterRoleBindings, logicalClusters, namespaces } from '../resources.ts'
import { initialStatus } from './initial-status.ts'
import type { LogicalCluster } from './workspace.ts'

export interface Birth {
  readonly cluster: string
  readonly url: string
  /** As it starts: with its initializers, without a status. */
  readonly logicalCluster: LogicalCluster
  readonly patterns: readonly BindingPattern[]
  /** Of the namespace `default`. */
  readonly namespaceContent: readonly NewObject[]
  readonly now: Date
}

export function needsBindings({ spec }: LogicalCluster): boolean {
  return spec.initializers?.includes(apiBindingsInitializer) ?? false
}

export function needsNamespace({ spec }: LogicalCluster): boolean {
  return spec.initializers?.includes(universalInitializer) ?? false
}

/** The logical cluster comes last: without it the rest is nothing, and is found when the birth is tried again. */
export function bornObjects(birth: Birth): NewObject[] {
  const { cluster, logicalCluster, patterns, namespaceContent, now } = birth
  const bindings = needsBindings(logicalCluster) ? patterns.map(pattern => bindingOf(pattern, cluster)) : []
  const admin = clusterAdminBinding(logicalCluster)
  const born = settled(birth, bindings)
  return [
    ...(admin ? [{ gvr: clusterRoleBindings, object: admin, shape: 'born' }] : []),
    ...(needsNamespace(logicalCluster)
      ? [{ gvr: namespaces, object: defaultNamespace(now), shape: 'born' }, ...namespaceContent]
      : []),
    ...bindings.map(object => ({ gvr: apiBindings, object })),
    { gvr: logicalClusters, object: born, shape: shapeOf(born) },
  ]
}

function shapeOf({ metadata, spec, status }: LogicalCluster): string {
  const { annotations = {}, labels = {}, finalizers = [] } = metadata
  const keys = [annotations, labels, spec, spec.owner ?? {}, status ?? {}].map(part => Object.keys(part))
  return JSON.stringify([...keys, finalizers])
}

function bindingOf({ path, exportName, binding }: BindingPattern, cluster: string): ApiBinding {
  const name = defaultBindingName({ cluster, path, exportName })
  return { ...binding, metadata: { ...binding.metadata, name } }
}

function defaultNamespace(now: Date): KubeObject {
  const metadata = { name: 'default', annotations: { [createOnlyAnnotation]: 'true' } }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata }
  const { status } = decideScheduling({ namespace, placements: [], now })
  return { ...namespace, status: { ...status, phase: 'Active' } }
}

const stepsMax = 8

/** Through the decisions of the controllers until none of them wants more. */
function settled({ logicalCluster, url, now }: Birth, existing: readonly ApiBinding[]): LogicalCluster {
  const status = initialStatus(logicalCluster, { url, now })
  const started: LogicalCluster = { ...logicalCluster, status }
  const wanted = existing.map(binding => ({ name: binding.metadata.name, binding }))
  const observed = { logicalCluster: started, url, wanted, existing, hasNamespace: true, isLate: false, now }
  const initialized = decideInitializers(observed)
  let current = initialized?.type === 'write-status' ? merged(started, { status: initialized.status }) : started
  for (let step = 0; step < stepsMax; step++) {
    const action = decideLogicalCluster({ logicalCluster: current, url, now })
    if (action === undefined) return current
    const body = action.type === 'write-status' ? { status: action.status } : { metadata: { labels: action.labels } }
    current = merged(current, body)
  }
  return current
}

function merged(object: LogicalCluster, body: Record<string, unknown>): LogicalCluster {
  const document = object as unknown as JsonValue
  return applyMergePatch(document, body as JsonValue) as unknown as LogicalCluster
}
