import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRequestInfo, type RequestInfo } from './request-info.ts'
import { parseRequestTarget } from './request-target.ts'

const cases: [line: string, want: Partial<RequestInfo>][] = [
  ['GET /api', { isResource: false, verb: 'get' }],
  ['GET /api/v1', { isResource: false, verb: 'get', path: '/api/v1' }],
  ['GET /apis/apps/v1', { isResource: false }],
  ['POST /healthz', { isResource: false, verb: 'post' }],
  ['GET /api/v1/pods', { isResource: true, verb: 'list', group: '', version: 'v1', resource: 'pods', namespace: '' }],
  ['GET /api/v1/pods?watch=true', { verb: 'watch' }],
  ['GET /api/v1/pods?watch=0', { verb: 'list' }],
  ['GET /api/v1/watch/namespaces/a/pods', { verb: 'watch', namespace: 'a', resource: 'pods' }],
  ['GET /api/v1/namespaces', { verb: 'list', resource: 'namespaces', namespace: '' }],
  ['GET /api/v1/namespaces/a', { verb: 'get', resource: 'namespaces', namespace: 'a', name: 'a' }],
  ['PUT /api/v1/namespaces/a/finalize', { verb: 'update', resource: 'namespaces', name: 'a', subresource: 'finalize' }],
  ['DELETE /api/v1/namespaces/a/pods', { verb: 'deletecollection', namespace: 'a', resource: 'pods', name: '' }],
  ['DELETE /api/v1/namespaces/a/pods/p', { verb: 'delete', name: 'p' }],
  ['PATCH /apis/apps/v1/namespaces/a/deployments/d/status', { verb: 'patch', name: 'd', subresource: 'status' }],
  [
    'GET /apis/apps/v1/deployments:0a1b?watch=1',
    { verb: 'watch', group: 'apps', resource: 'deployments', identity: '0a1b' },
  ],
  ['GET /api/v1/pods?fieldSelector=metadata.name%3Dp', { verb: 'list', name: 'p' }],
  ['GET /api/v1/pods?fieldSelector=spec.x%3Dy,metadata.name%3Dp&watch=1', { verb: 'watch', name: 'p' }],
  ['GET /api/v1/namespaces/a/pods/p/proxy/x/y', { subresource: 'proxy', rest: '/x/y' }],
  ['GET //api//v1/pods/', { verb: 'list', resource: 'pods' }],
  ['GET /api/v1/namespaces/a%2Db/pods', { namespace: 'a-b' }],
]

for (const [line, want] of cases) {
  test(line, () => {
    const [method = '', target = ''] = line.split(' ')
    const info = parseRequestInfo({ method, ...parseRequestTarget(target) })
    const found = Object.fromEntries(Object.keys(want).map(key => [key, info[key as keyof RequestInfo]]))
    assert.deepEqual(found, want)
  })
}
