import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../../api/objects.ts'
import { unauthorized } from '../../../api/status-error.ts'
import { allow, deny, noOpinion } from '../authorizer.ts'
import { createReviews } from './reviews.ts'

const eve = { username: 'eve', groups: ['system:authenticated'] }
const reviews = createReviews({
  authenticate: async ({ bearerToken }) => {
    if (bearerToken !== 'good') throw unauthorized()
    return eve
  },
  authorize: async ({ user, verb, resource, isResource }) => {
    if (verb === 'delete') return deny('')
    return user.username === 'eve' && isResource && resource === 'pods' ? allow('') : noOpinion('')
  },
  rbac: {
    clusterRoleBindings: async () => new Map([['User:eve', [{ kind: 'ClusterRole', name: 'r' }]]]),
    roleBindings: async () => new Map(),
    clusterRole: async () => [
      { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: [], nonResourceUrls: [] },
      { verbs: ['get'], apiGroups: [], resources: [], resourceNames: [], nonResourceUrls: ['/api'] },
    ],
    role: async () => undefined,
  },
  audiences: ['aud'],
  scopesOf: cluster => [{ bindings: cluster, clusterRoles: [cluster] }],
})

async function review(path: string, kind: string, spec: unknown, namespace = ''): Promise<unknown> {
  const body: KubeObject = { apiVersion: 'v1', kind, metadata: { name: '' }, spec }
  const answered = await reviews.get(path)?.({ user: eve, cluster: 'ws', namespace, body })
  return answered?.status
}

const authz = 'authorization.k8s.io'
const resource = (verb: string, namespace = '') => ({ resourceAttributes: { verb, resource: 'pods', namespace } })

test('access reviews answer for the caller or for the user they name', async () => {
  const self = (spec: unknown) => review(`${authz}/selfsubjectaccessreviews`, 'SelfSubjectAccessReview', spec)
  assert.deepEqual(await self(resource('get')), { allowed: true, reason: 'access granted' })
  assert.deepEqual(await self(resource('delete')), { allowed: false, denied: true, reason: 'access denied' })
  const other = { ...resource('get'), user: 'bob' }
  const answered = await review(`${authz}/subjectaccessreviews`, 'SubjectAccessReview', other)
  assert.deepEqual(answered, { allowed: false, reason: 'access denied' })
})

test('an access review without a question or a subject is invalid', async () => {
  await assert.rejects(review(`${authz}/selfsubjectaccessreviews`, 'SelfSubjectAccessReview', {}), { code: 422 })
  const noUser = review(`${authz}/subjectaccessreviews`, 'SubjectAccessReview', resource('get'))
  await assert.rejects(noUser, { message: /spec.user: Invalid value: "": at least one of user or group/ })
  const spec = { ...resource('get', 'b'), user: 'eve' }
  const otherNamespace = review(`${authz}/localsubjectaccessreviews`, 'LocalSubjectAccessReview', spec, 'a')
  await assert.rejects(otherNamespace, { message: /must match metadata.namespace/ })
})

test('a rules review lists what bindings grant', async () => {
  const path = `${authz}/selfsubjectrulesreviews`
  assert.deepEqual(await review(path, 'SelfSubjectRulesReview', { namespace: 'default' }), {
    incomplete: false,
    nonResourceRules: [{ nonResourceURLs: ['/api'], verbs: ['get'] }],
    resourceRules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  })
})

test('token reviews name the user of a good token, and only for our audiences', async () => {
  const path = 'authentication.k8s.io/tokenreviews'
  const user = { username: 'eve', groups: ['system:authenticated'] }
  const wrong = { error: 'invalid bearer token', user: {} }
  assert.deepEqual(await review(path, 'TokenReview', { token: 'good' }), {
    audiences: ['aud'],
    authenticated: true,
    user,
  })
  assert.deepEqual(await review(path, 'TokenReview', { token: 'bad' }), wrong)
  assert.deepEqual(await review(path, 'TokenReview', { token: 'good', audiences: ['x'] }), wrong)
})
