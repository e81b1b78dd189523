// The simulated cluster, and kcp, beside what a kube-apiserver 1.31 serves: discovery in both forms, paths and components
// of OpenAPI v3. What is left out, and why, is in the tables below.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readText } from '../../api-client/resources/response.ts'
import { discoveryRows } from '../harness/discovery-rows.ts'
import { openapiFacts } from '../harness/openapi-facts.ts'
import { startTestPcluster, type TestPcluster } from '../harness/pcluster.ts'
import { setDifferences } from '../harness/recorded-walk.ts'
import { kubernetesComponents, kubernetesDiscovery, kubernetesPaths } from '../harness/recordings.ts'

let pcluster: TestPcluster
before(async () => {
  pcluster = await startTestPcluster()
})
after(() => pcluster[Symbol.asyncDispose]())

async function get(path: string, accept = 'application/json'): Promise<unknown> {
  const response = await pcluster.transport({ method: 'GET', path, headers: { accept } })
  const text = await readText(response)
  return text.startsWith('{') ? JSON.parse(text) : text
}

const aggregatedForm = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
/** Aggregation of API servers, and priority and fairness, are of a server with other servers behind it, or with many users. */
const unservedGroups = /^(\/apis\/)?(apiregistration|flowcontrol\.apiserver)\.k8s\.io\b/

const leftOut: Readonly<Record<string, RegExp>> = {
  'discovery documents are no operations': /^- \/apis?\/([^{ ]*\/)? get$/,
  'watches by path are served, and deprecated': /^- \/apis?\/.*\/watch\/.* get$/,
  'the simulated cluster connects to nothing': /\/(attach|exec|portforward|proxy(\/\{path\})?) /,
}

for (const [form, documents] of Object.entries(kubernetesDiscovery())) {
  test(`discovery, ${form}`, async () => {
    for (const [path, rows] of Object.entries(documents)) {
      if (unservedGroups.test(path)) continue
      const body = await get(path, form === 'aggregated' ? aggregatedForm : undefined)
      const wanted = rows.filter(row => !unservedGroups.test(row))
      assert.deepEqual(setDifferences(wanted, discoveryRows({ [path]: body })[path] ?? []), [], path)
    }
  })
}

test('paths of OpenAPI v3', async () => {
  for (const [document, paths] of Object.entries(kubernetesPaths())) {
    if (unservedGroups.test(`/${document}`)) continue
    const { paths: ours } = openapiFacts(await get(`/openapi/v3/${document}`))
    const found = setDifferences(paths, ours)
    assert.deepEqual(
      found.filter(each => !Object.values(leftOut).some(pattern => pattern.test(each))),
      [],
      document,
    )
  }
})

test('components of OpenAPI v3', async () => {
  // The recording leaves it out everywhere.
  const managedFields = ' managedFields:[v1.ManagedFieldsEntry]'
  const recorded = kubernetesComponents()
  let compared = 0
  for (const document of Object.keys(kubernetesPaths())) {
    if (unservedGroups.test(`/${document}`)) continue
    const { components } = openapiFacts(await get(`/openapi/v3/${document}`))
    for (const [name, shape] of Object.entries(components)) {
      if (name.endsWith('.ManagedFieldsEntry') || name.endsWith('.FieldsV1')) continue
      assert.equal(shape.replace(managedFields, ''), recorded[name], name)
      compared += 1
    }
  }
  assert.ok(compared > 500, `${compared} compared`)
})
