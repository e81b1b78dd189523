// RBAC as Kubernetes defines it, decided purely: which rules a user has by bindings, and whether a rule covers a request.
// Leaves out: where bindings and roles come from (rbac-source.ts).
import type { UserInfo } from '../../../api/user.ts'
import type { Attributes } from '../authorizer.ts'

export interface PolicyRule {
  readonly verbs: readonly string[]
  readonly apiGroups: readonly string[]
  // `pods`, `pods/log`, `*`, `*/scale`.
  readonly resources: readonly string[]
  /** Empty: all names. */
  readonly resourceNames: readonly string[]
  readonly nonResourceUrls: readonly string[]
}

export interface RoleRef {
  readonly kind: string
  readonly name: string
}

/** Key of a subject in an index of bindings: `User:<name>`, `Group:<name>`; ServiceAccounts are users. */
export function subjectKey(subject: {
  readonly kind: string
  readonly name: string
  readonly namespace: string
}): string {
  if (subject.kind !== 'ServiceAccount') return `${subject.kind}:${subject.name}`
  return `User:system:serviceaccount:${subject.namespace}:${subject.name}`
}

/** Keys under which bindings apply to the user. */
export function subjectKeysOf(user: UserInfo): string[] {
  return [`User:${user.username}`, ...user.groups.map(group => `Group:${group}`)]
}

export function ruleCovers(rule: PolicyRule, attributes: Attributes): boolean {
  if (!holds(rule.verbs, attributes.verb)) return false
  if (!attributes.isResource) return rule.nonResourceUrls.some(url => urlMatches(url, attributes.path))
  return (
    holds(rule.apiGroups, attributes.group) &&
    rule.resources.some(resource => resourceMatches(resource, attributes)) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(attributes.name))
  )
}

function holds(list: readonly string[], value: string): boolean {
  return list.includes(value) || list.includes('*')
}

function resourceMatches(ruled: string, { resource, subresource }: Attributes): boolean {
  if (ruled === '*') return true
  if (subresource === '') return ruled === resource
  return ruled === `${resource}/${subresource}` || ruled === `*/${subresource}`
}

function urlMatches(ruled: string, path: string): boolean {
  return ruled === path || ruled === '*' || (ruled.endsWith('*') && path.startsWith(ruled.slice(0, -1)))
}

/** Whether every request the wanted rule covers is covered by what is held: the escalation check of roles and bindings. */
export function uncoveredRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(breakDown).filter(single => !held.some(rule => coversSingle(rule, single)))
}

/** One rule for each verb, group, resource and name. */
function breakDown(rule: PolicyRule): PolicyRule[] {
  const singles: PolicyRule[] = []
  const empty = { apiGroups: [], resources: [], resourceNames: [], nonResourceUrls: [] }
  for (const verb of rule.verbs) {
    for (const url of rule.nonResourceUrls) singles.push({ ...empty, verbs: [verb], nonResourceUrls: [url] })
    for (const group of rule.apiGroups) {
      for (const resource of rule.resources) {
        const single = { ...empty, verbs: [verb], apiGroups: [group], resources: [resource] }
        if (rule.resourceNames.length === 0) singles.push(single)
        for (const name of rule.resourceNames) singles.push({ ...single, resourceNames: [name] })
      }
    }
  }
  return singles
}

function coversSingle(held: PolicyRule, single: PolicyRule): boolean {
  const coversAll = (list: readonly string[], wanted: readonly string[]): boolean =>
    list.includes('*') || wanted.every(value => list.includes(value))
  if (!coversAll(held.verbs, single.verbs)) return false
  const [url] = single.nonResourceUrls
  if (url !== undefined) return held.nonResourceUrls.some(ruled => urlMatches(ruled, url))
  const named = held.resourceNames.length === 0 || single.resourceNames.some(name => held.resourceNames.includes(name))
  return coversAll(held.apiGroups, single.apiGroups) && coversResources(held.resources, single.resources) && named
}

function coversResources(held: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every(resource => {
    const slash = resource.indexOf('/')
    return held.includes('*') || held.includes(resource) || (slash > 0 && held.includes(`*${resource.slice(slash)}`))
  })
}
