// Values of custom resources as a kube-apiserver 1.31 takes, completes and refuses them, recorded.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { isJsonObject, type JsonObject, parseJson } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { typesOfCrd } from '../../kcp/apis/custom-type.ts'
import { objectAt, textAt } from '../../kcp/apis/members.ts'
import { startTestServer, type TestServer } from '../harness/api-server.ts'

interface Row {
  readonly title: string
  /** Index of the CRD. */
  readonly crd: number
  /** As text: integers and floats beyond doubles count. */
  readonly spec: string
  readonly fieldValidation?: string
  readonly code: number
  /** Causes of a 422, sorted. */
  readonly want?: readonly string[]
  /** Of another refusal. */
  readonly message?: string
  /** The spec as it was stored. */
  readonly got?: JsonObject
  readonly warning?: string
}

const path = join(import.meta.dirname, '../fixtures/recordings/custom-values.json')
const recorded: { crds: JsonObject[]; rows: Row[] } = JSON.parse(readFileSync(path, 'utf8'))

describe('custom values', () => {
  let server: TestServer
  before(() => {
    server = startTestServer({
      types: recorded.crds.flatMap(spec => typesOfCrd({ metadata: { name: 'x' }, spec }, '')),
    })
  })
  recorded.rows.forEach((row, index) => {
    test(`${index} ${row.title}`, async () => check(server, row))
  })
})

async function check(server: TestServer, row: Row): Promise<void> {
  const spec = recorded.crds[row.crd] ?? {}
  const [group, names] = [textAt(spec, 'group'), objectAt(spec, 'names')]
  const options = row.fieldValidation === undefined ? '' : `&fieldValidation=${row.fieldValidation}`
  const target = `/clusters/root/apis/${group}/v1/namespaces/default/${textAt(names, 'plural')}?dryRun=All${options}`
  const head = JSON.stringify({ apiVersion: `${group}/v1`, kind: textAt(names, 'kind'), metadata: { name: 'a' } })
  const answer = await server.send('POST', target, {
    body: `${head.slice(0, -1)},"spec":${row.spec}}`,
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(answer.status, row.code, answer.text)
  if (row.want) assert.deepEqual(causesOf(answer.text), row.want)
  else if (row.message !== undefined) assert.equal(answer.json.message, row.message)
  else {
    const object: KubeObject = JSON.parse(answer.text)
    assert.deepEqual(object.spec, row.got)
    assert.equal(answer.headers.warning, row.warning)
  }
}

function causesOf(text: string): string[] {
  const status = parseJson(text)
  const causes = isJsonObject(status) && isJsonObject(status.details) ? status.details.causes : []
  const list = Array.isArray(causes) ? causes.filter(isJsonObject) : []
  return list.map(cause => `${String(cause.field)}: ${String(cause.message)}`).sort()
}
