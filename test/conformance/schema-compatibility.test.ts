// The schemas a syncer imports from any Kubernetes must fit the schemas of the compute export, which are 1.24's. The
// documents are those of kube-apiservers 1.24.17, 1.31.14 and 1.36.3, and our own, which simulated clusters publish.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { computeSchemas } from '../../kcp/apis/generated-tables.ts'
import { objectAt, objectsAt, textAt } from '../../kcp/apis/members.ts'
import { findComponent } from '../../kcp/apis/native-schema.ts'
import { clusterTypes } from '../../kcp/apis/native-types.ts'
import { compareSchemas, formatErrors } from '../../kcp/schema/compatibility.ts'
import { openApiV2Document, openApiV3Document } from '../../kcp/schema/openapi.ts'
import { convertDefinition, type Definitions } from '../../syncer/sync-target/convert-schema.ts'
import { computeDefinitions } from '../harness/recordings.ts'

const components: Readonly<Record<string, string>> = {
  deployments: 'io.k8s.api.apps.v1.Deployment',
  ingresses: 'io.k8s.api.networking.v1.Ingress',
  pods: 'io.k8s.api.core.v1.Pod',
  services: 'io.k8s.api.core.v1.Service',
}
const options = { findComponent, version: 'v1.31.0' }

function definitionsOf(document: JsonObject | undefined, ...path: string[]): Definitions {
  const schemas = objectAt(document, ...path)
  return name => (isJsonObject(schemas[name]) ? schemas[name] : undefined)
}

const v2 = definitionsOf(openApiV2Document(clusterTypes(), options), 'definitions')
const v3 = (group: string) => {
  const types = clusterTypes().filter(type => type.group === group && type.version === 'v1')
  return definitionsOf(openApiV3Document(types, options), 'components', 'schemas')
}

const recorded = computeDefinitions()

function recordedDefinitions(document: string): Definitions {
  const found = new Map(
    recorded.filter(([, documents]) => documents.includes(document)).map(([name, , d]) => [name, d]),
  )
  return name => found.get(name)
}

const published: [string, (group: string) => Definitions][] = [
  ['our OpenAPI v2', () => v2],
  ['our OpenAPI v3', v3],
  ...['1.24 v2', '1.24 v3', '1.31 v2', '1.31 v3', '1.36 v2', '1.36 v3'].map((document): [string, () => Definitions] => [
    `Kubernetes ${document}`,
    () => recordedDefinitions(document),
  ]),
]

describe('imported schemas are accepted', () => {
  for (const { name, spec } of computeSchemas) {
    const existing = objectAt(objectsAt(spec, 'versions')[0], 'schema')
    const component = components[textAt(spec, 'names', 'plural')] ?? ''
    for (const [document, definitionsOf] of published) {
      test(`${name} from ${document}`, () => {
        const incoming = convertDefinition(component, definitionsOf(textAt(spec, 'group')))
        const { errors } = compareSchemas({ existing, incoming, narrow: false })
        assert.equal(formatErrors(errors), '[]')
      })
    }
    // Go's check is stricter than ours: what its syncer and ours import from the same cluster is the same.
    test(`${name} is what is imported from Kubernetes 1.24`, () => {
      const incoming = convertDefinition(component, recordedDefinitions('1.24 v2'))
      assert.deepEqual(withoutDescriptions(incoming), withoutDescriptions(existing ?? null))
    })
  }
})

test('newer documents say more than those of 1.24', () => {
  const size = (document: string) => {
    const schema = convertDefinition('io.k8s.api.core.v1.Pod', recordedDefinitions(document))
    return JSON.stringify(withoutDescriptions(schema)).length
  }
  assert.ok(size('1.24 v3') < size('1.31 v3') && size('1.31 v3') < size('1.36 v3'))
})

function withoutDescriptions(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutDescriptions)
  if (!isJsonObject(value)) return value
  const kept = Object.entries(value).filter(([key, member]) => key !== 'description' || typeof member !== 'string')
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutDescriptions(member ?? null)]))
}
