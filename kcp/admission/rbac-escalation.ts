// Nobody grants what he does not hold: rules of roles, and roles named by bindings, unless `escalate` or `bind` is allowed.
import { equalJson, type JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { forbidden, notFound } from '../../api/status-error.ts'
import type { UserInfo } from '../../api/user.ts'
import type { AdmissionRequest } from '../registry/resource.ts'
import { type AdmissionDeps, isSystem, type Plugin } from './plugin.ts'

const group = 'rbac.authorization.k8s.io'

export interface RbacFacts {
  /** Of the rules wanted, those the user does not hold there, as Go prints them. */
  missingRules(question: {
    user: UserInfo
    cluster: string
    namespace: string
    rules: readonly JsonObject[]
  }): Promise<readonly string[]>
  /** Rules of a role; cluster roles of the shared policy are seen everywhere. undefined: there is none. */
  rulesOf(
    cluster: string,
    role: { kind: string; name: string; namespace: string },
  ): Promise<readonly JsonObject[] | undefined>
}

interface Role extends KubeObject {
  rules?: JsonObject[] | null
}
interface Binding extends KubeObject {
  roleRef?: { kind: string; name: string }
  subjects?: JsonObject[]
}

export function rbacEscalationPlugin(deps: Pick<AdmissionDeps, 'isAllowed'>, facts: RbacFacts): Plugin {
  return {
    name: 'RBACEscalation',
    handles: ({ type, operation, subresource, context }) =>
      type.group === group && operation !== 'DELETE' && subresource === '' && !isSystem(context.user),
    async validate(request) {
      if (request.type.resource.endsWith('bindings')) await checkBinding(deps, facts, request)
      else await checkRole(deps, facts, request)
    },
  }
}

type Ask = Pick<AdmissionDeps, 'isAllowed'>

async function checkRole({ isAllowed }: Ask, facts: RbacFacts, request: AdmissionRequest): Promise<void> {
  const { context, type, namespace } = request
  const { metadata, rules } = request.object as Role
  if (request.old && equalJson(rules, (request.old as Role).rules)) return
  const { user, cluster } = context
  if (await isAllowed({ user, cluster, verb: 'escalate', group, resource: type.resource, name: metadata.name })) return
  await checkRules(facts, request, { namespace, rules: rules ?? [] })
}

async function checkBinding({ isAllowed }: Ask, facts: RbacFacts, request: AdmissionRequest): Promise<void> {
  const { context, namespace } = request
  const { user, cluster } = context
  const { roleRef, subjects } = request.object as Binding
  if (roleRef === undefined) return
  if (request.old && equalJson(subjects, (request.old as Binding).subjects)) return
  const resource = roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles'
  if (await isAllowed({ user, cluster, verb: 'bind', group, resource, name: roleRef.name })) return
  const rules = await facts.rulesOf(cluster, { ...roleRef, namespace })
  if (rules === undefined) throw notFound({ group, resource }, roleRef.name)
  await checkRules(facts, request, { namespace, rules })
}

async function checkRules(
  facts: RbacFacts,
  request: AdmissionRequest,
  wanted: { namespace: string; rules: readonly JsonObject[] },
): Promise<void> {
  const { user, cluster } = request.context
  const missing = await facts.missingRules({ user, cluster, ...wanted })
  if (missing.length === 0) return
  const who = `user ${JSON.stringify(user.username)} (groups=[${user.groups.map(name => JSON.stringify(name)).join(' ')}])`
  const text = `${who} is attempting to grant RBAC permissions not currently held:\n${missing.join('\n')}`
  throw forbidden(request.type, request.object?.metadata.name ?? '', text)
}
