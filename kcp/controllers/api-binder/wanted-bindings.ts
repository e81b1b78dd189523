// The default bindings of a workspace type, and what they are once bound when nothing stands in their way. Pure.
import { exportHash } from '../../../api/names/derived-names.ts'
import { holdBinding, labelBinding } from '../../admission/api-binding.ts'
import type { ApiBinding } from '../api-binding/api-binding.ts'
import { decideStatus, type ExportFacts } from '../api-binding/decide.ts'
import type { TakenNames } from '../api-binding/naming-conflict.ts'
import type { ApiExport } from '../api-export/decide.ts'
import { annotationChange } from '../extra-annotation-sync/annotations.ts'

export function defaultBinding(name: string, path: string, apiExport: ApiExport): ApiBinding {
  const claims = (apiExport.spec.permissionClaims ?? []).map(claim => ({ ...claim, state: 'Accepted' }))
  return {
    apiVersion: 'apis.kcp.io/v1alpha1',
    kind: 'APIBinding',
    metadata: { name },
    spec: {
      reference: { export: { path, name: apiExport.metadata.name } },
      ...(claims.length === 0 ? {} : { permissionClaims: claims }),
    },
  } as ApiBinding
}

export interface BoundExport {
  readonly path: string
  readonly apiExport: ApiExport
  readonly facts: ExportFacts
}

/** A binding of any new workspace of the type; only its name is its own. */
export interface BindingPattern {
  readonly path: string
  readonly exportName: string
  readonly binding: ApiBinding
}

/** undefined: one cannot be bound at once, or claims objects that must be labelled first. */
export function boundPatterns(exports: readonly BoundExport[], now: Date): BindingPattern[] | undefined {
  const taken: TakenNames[] = []
  const patterns: BindingPattern[] = []
  for (const { path, apiExport, facts } of exports) {
    if (apiExport.spec.permissionClaims?.length) return undefined
    const exportName = apiExport.metadata.name
    const binding = defaultBinding(exportName, path, apiExport)
    labelBinding(binding, exportHash(facts.cluster, exportName))
    holdBinding(binding)
    const extra = annotationChange(binding, apiExport) as Record<string, string> | undefined
    if (extra) binding.metadata.annotations = extra
    const status = decideStatus({ binding, apiExport: facts, taken: () => taken, now })
    if (status.phase !== 'Bound') return undefined
    patterns.push({ path, exportName, binding: { ...binding, status } })
    const owner = { type: 'binding', name: exportName, exportPath: path, exportName } as const
    for (const schema of facts.schemas) {
      if (typeof schema !== 'string') taken.push({ group: schema.group, owner, names: schema.names })
    }
  }
  return patterns
}
