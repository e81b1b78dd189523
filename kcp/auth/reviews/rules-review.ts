// SelfSubjectRulesReview: all that RBAC grants the caller in a namespace; `kubectl auth can-i --list` prints it.
import type { JsonObject } from '../../../api/json.ts'
import { failure } from '../../../api/status-error.ts'
import type { PolicyRule } from '../authorizers/rbac.ts'
import { grantedRules, type RbacScope } from '../authorizers/rbac-authorizer.ts'
import type { RbacReader } from '../rbac-source.ts'
import { answer, type Review, specOf, textOf } from './review.ts'

export function createSelfSubjectRulesReview(
  reader: RbacReader,
  scopesOf: (cluster: string) => readonly RbacScope[],
): Review {
  return async ({ user, cluster, body }) => {
    const namespace = textOf(specOf(body).namespace)
    if (namespace === '') throw failure(400, 'BadRequest', 'no namespace on request')
    const rules: PolicyRule[] = []
    for (const scope of scopesOf(cluster)) {
      for await (const granted of grantedRules(reader, scope, { user, namespace })) rules.push(...granted)
    }
    return answer(body, {
      incomplete: false,
      nonResourceRules: rules.filter(rule => rule.nonResourceUrls.length > 0).map(pathRule),
      resourceRules: rules.filter(rule => rule.resources.length > 0).map(resourceRule),
    })
  }
}

function pathRule({ verbs, nonResourceUrls }: PolicyRule): JsonObject {
  return { nonResourceURLs: [...nonResourceUrls], verbs: [...verbs] }
}

function resourceRule({ verbs, apiGroups, resources, resourceNames }: PolicyRule): JsonObject {
  return {
    apiGroups: [...apiGroups],
    ...(resourceNames.length > 0 ? { resourceNames: [...resourceNames] } : {}),
    resources: [...resources],
    verbs: [...verbs],
  }
}
