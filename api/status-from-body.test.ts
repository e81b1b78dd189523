import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notFound } from './status-error.ts'
import { statusFromBody } from './status-from-body.ts'

const configMap = { group: '', resource: 'configmaps' }

test('a Status comes back as it was sent, with members we do not know', () => {
  const sent = { ...notFound(configMap, 'x').status, extra: 1 }
  assert.deepEqual(statusFromBody(404, JSON.stringify(sent)).status, sent)
  const bare = statusFromBody(409, '{"kind":"Status","status":"Failure","reason":"Conflict","message":"m"}')
  assert.equal(bare.code, 409)
  assert.equal(bare.status.apiVersion, 'v1')
  assert.equal(bare.message, 'm')
})

const cases: [
  code: number,
  body: string,
  request: Parameters<typeof statusFromBody>[2],
  reason: string,
  message: string,
][] = [
  [404, '404 page not found', {}, 'NotFound', 'the server could not find the requested resource'],
  [
    404,
    '<html>',
    { method: 'GET', resource: { group: 'apps', resource: 'deployments' }, name: 'web', contentType: 'text/html' },
    'NotFound',
    'the server could not find the requested resource (get deployments.apps web)',
  ],
  [
    404,
    '',
    { method: 'GET', resource: configMap },
    'NotFound',
    'the server could not find the requested resource (get configmaps)',
  ],
  [409, '', { method: 'POST' }, 'AlreadyExists', 'the server reported a conflict'],
  [409, '', { method: 'PUT' }, 'Conflict', 'the server reported a conflict'],
  [403, ' no \n', {}, 'Forbidden', 'no'],
  [403, '{}', { contentType: 'application/json' }, 'Forbidden', 'unknown'],
  [
    500,
    'say "x"',
    {},
    'InternalError',
    'an error on the server ("say \\"x\\"") has prevented the request from succeeding',
  ],
  [
    502,
    '{"kind":"Status"',
    {},
    'InternalError',
    'an error on the server ("{\\"kind\\":\\"Status\\"") has prevented the request from succeeding',
  ],
  [
    429,
    'Creating the home workspace\n',
    { retryAfterSeconds: 1 },
    'TooManyRequests',
    'the server has received too many requests and has asked us to try again later',
  ],
  [418, '', {}, '', 'the server responded with the status code 418 but did not return more information'],
]
for (const [code, body, request, reason, message] of cases) {
  test(`${code} ${JSON.stringify(body)}`, () => {
    const error = statusFromBody(code, body, request)
    assert.deepEqual([error.code, error.reason, error.message], [code, reason, message])
    assert.equal(error.status.details?.retryAfterSeconds, request?.retryAfterSeconds)
  })
}
