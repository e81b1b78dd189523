import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as errors from './status-error.ts'

const deployments = { group: 'apps', resource: 'deployments' }
const secrets = { group: '', resource: 'secrets' }
const denied = 'User "user-1" cannot get resource "secrets" in API group "" in the namespace "default": access denied'

const table: [error: errors.StatusError, code: number, reason: string, message: string, details?: object][] = [
  [errors.badRequest('name must be provided'), 400, 'BadRequest', 'name must be provided'],
  [errors.unauthorized(), 401, 'Unauthorized', 'Unauthorized'],
  [
    errors.forbidden(secrets, 'foo', denied),
    403,
    'Forbidden',
    `secrets "foo" is forbidden: ${denied}`,
    { name: 'foo', kind: 'secrets' },
  ],
  [
    errors.forbidden(deployments, '', 'no'),
    403,
    'Forbidden',
    'deployments.apps is forbidden: no',
    { group: 'apps', kind: 'deployments' },
  ],
  [
    errors.forbidden({ group: '', resource: '' }, '', 'User "u" cannot get path "/api": access denied'),
    403,
    'Forbidden',
    'forbidden: User "u" cannot get path "/api": access denied',
    {},
  ],
  [
    errors.notFound(deployments, 'web'),
    404,
    'NotFound',
    'deployments.apps "web" not found',
    { name: 'web', group: 'apps', kind: 'deployments' },
  ],
  [errors.resourceNotFound(), 404, 'NotFound', 'the server could not find the requested resource', {}],
  [
    errors.methodNotAllowed(deployments, 'patch'),
    405,
    'MethodNotAllowed',
    'patch is not supported on resources of kind "deployments.apps"',
    { group: 'apps', kind: 'deployments' },
  ],
  [
    errors.notAcceptable(['application/json', 'application/yaml']),
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
  ],
  [
    errors.alreadyExists(secrets, 'x'),
    409,
    'AlreadyExists',
    'secrets "x" already exists',
    { name: 'x', kind: 'secrets' },
  ],
  [
    errors.conflict(secrets, 'x'),
    409,
    'Conflict',
    'Operation cannot be fulfilled on secrets "x": the object has been modified; please apply your changes to the latest version and try again',
    { name: 'x', kind: 'secrets' },
  ],
  [errors.expired('too old'), 410, 'Expired', 'too old'],
  [errors.requestEntityTooLarge(3145728), 413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728'],
  [
    errors.unsupportedMediaType(['application/json', 'application/yaml']),
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
  ],
  [
    errors.invalid({ group: 'tenancy.kcp.io', kind: 'Workspace' }, 'x', [
      { field: 'spec.type', type: 'FieldValueInvalid', message: 'Invalid value: "object": name is immutable' },
    ]),
    422,
    'Invalid',
    'Workspace.tenancy.kcp.io "x" is invalid: spec.type: Invalid value: "object": name is immutable',
    {
      name: 'x',
      group: 'tenancy.kcp.io',
      kind: 'Workspace',
      causes: [
        { reason: 'FieldValueInvalid', message: 'Invalid value: "object": name is immutable', field: 'spec.type' },
      ],
    },
  ],
  [
    errors.invalid({ group: '', kind: 'Secret' }, 'x', [
      { field: 'a', type: 'FieldValueRequired', message: 'Required value' },
      { field: 'b', type: 'FieldValueForbidden', message: 'Forbidden: no' },
    ]),
    422,
    'Invalid',
    'Secret "x" is invalid: [a: Required value, b: Forbidden: no]',
    {
      name: 'x',
      kind: 'Secret',
      causes: [
        { reason: 'FieldValueRequired', message: 'Required value', field: 'a' },
        { reason: 'FieldValueForbidden', message: 'Forbidden: no', field: 'b' },
      ],
    },
  ],
  [errors.tooManyRequests('slow down', 1), 429, 'TooManyRequests', 'slow down', { retryAfterSeconds: 1 }],
  [
    errors.internalError('boom'),
    500,
    'InternalError',
    'Internal error occurred: boom',
    { causes: [{ message: 'boom' }] },
  ],
  [errors.serviceUnavailable('later'), 503, 'ServiceUnavailable', 'later'],
  [errors.timeout('Timeout: x', 2), 504, 'Timeout', 'Timeout: x', { retryAfterSeconds: 2 }],
  [errors.failure(500, '', 'plain'), 500, '', 'plain'],
]
for (const [error, code, reason, message, details] of table) {
  test(`${code} ${message}`, () => {
    const want = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code }
    const named = reason === '' ? want : { ...want, reason }
    assert.deepEqual(error.status, details === undefined ? named : { ...named, details })
    assert.deepEqual([error.code, error.reason, error.message], [code, reason, message])
  })
}

test('a finding twice is two causes and one text; no finding leaves the colon out', () => {
  const found = { field: 'a', type: 'FieldValueForbidden', message: 'Forbidden: no' } as const
  const twice = errors.invalid({ group: '', kind: 'Secret' }, 'x', [found, found])
  assert.equal(twice.message, 'Secret "x" is invalid: a: Forbidden: no')
  assert.equal(twice.status.details?.causes?.length, 2)
  assert.equal(errors.invalid({ group: '', kind: 'Secret' }, 'x', []).message, 'Secret "x" is invalid')
})

test('questions tell errors apart', () => {
  const asks = {
    isNotFound: errors.isNotFound,
    isAlreadyExists: errors.isAlreadyExists,
    isConflict: errors.isConflict,
    isForbidden: errors.isForbidden,
    isUnauthorized: errors.isUnauthorized,
    isInvalid: errors.isInvalid,
    isGone: errors.isGone,
  }
  const answers = (error: unknown) => Object.entries(asks).flatMap(([name, ask]) => (ask(error) ? [name] : []))
  assert.deepEqual(answers(errors.notFound(secrets, 'x')), ['isNotFound'])
  assert.deepEqual(answers(errors.alreadyExists(secrets, 'x')), ['isAlreadyExists'])
  assert.deepEqual(answers(errors.conflict(secrets, 'x')), ['isConflict'])
  assert.deepEqual(answers(errors.forbidden(secrets, 'x', 'no')), ['isForbidden'])
  assert.deepEqual(answers(errors.unauthorized()), ['isUnauthorized'])
  assert.deepEqual(answers(errors.expired('x')), ['isGone'])
  assert.deepEqual(answers(errors.invalid({ group: '', kind: 'Secret' }, 'x', [])), ['isInvalid'])
  assert.deepEqual(answers(new Error('x')), [])
})

test('members come in the order of Go, so that answers have its bytes', () => {
  assert.equal(
    JSON.stringify(errors.notFound({ group: 'apps', resource: 'deployments' }, 'x').status),
    '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"deployments.apps \\"x\\" not found","reason":"NotFound","details":{"name":"x","group":"apps","kind":"deployments"},"code":404}',
  )
})
