// Rules of a ClusterRole that collects those of others. Pure.
import { equalJson, type JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { type LabelSelectorObject, labelSelectorOf, matchesLabels } from '../../../api/selectors/label-selector.ts'

export interface ClusterRole extends KubeObject {
  rules?: JsonObject[] | null
  aggregationRule?: { clusterRoleSelectors?: LabelSelectorObject[] }
}

/** Selector by selector, role by role in order of names, each rule once; undefined when that is what it has. */
export function aggregatedRules(role: ClusterRole, others: readonly ClusterRole[]): JsonObject[] | undefined {
  const byName = [...others].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  const rules: JsonObject[] = []
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const labels = labelSelectorOf(selector)
    for (const other of byName) {
      if (other.metadata.name === role.metadata.name || !matchesLabels(labels, other.metadata.labels)) continue
      for (const rule of other.rules ?? []) if (!rules.some(known => equalJson(known, rule))) rules.push(rule)
    }
  }
  return equalJson(rules, role.rules ?? []) ? undefined : rules
}
