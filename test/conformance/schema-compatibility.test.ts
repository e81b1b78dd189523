// The schemas a syncer imports from Kubernetes 1.31 must fit the schemas of the compute export, which are 1.24's.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isJsonObject, type JsonObject } from '../../api/json.ts'
import { computeSchemas } from '../../kcp/apis/generated-tables.ts'
import { objectAt, objectsAt, textAt } from '../../kcp/apis/members.ts'
import { findComponent } from '../../kcp/apis/native-schema.ts'
import { clusterTypes } from '../../kcp/apis/native-types.ts'
import { compareSchemas, formatErrors } from '../../kcp/schema/compatibility.ts'
import { openApiV2Document, openApiV3Document } from '../../kcp/schema/openapi.ts'
import { convertDefinition, type Definitions } from '../../syncer/sync-target/convert-schema.ts'

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

describe('schemas imported from Kubernetes 1.31 are accepted', () => {
  for (const { name, spec } of computeSchemas) {
    const existing = objectAt(objectsAt(spec, 'versions')[0], 'schema')
    const component = components[textAt(spec, 'names', 'plural')] ?? ''
    for (const [form, definitions] of [
      ['v2', v2],
      ['v3', v3(textAt(spec, 'group'))],
    ] as const) {
      test(`${name} from OpenAPI ${form}`, () => {
        const incoming = convertDefinition(component, definitions)
        const { errors } = compareSchemas({ existing, incoming, narrow: false })
        assert.equal(formatErrors(errors), '[]')
      })
    }
  }
})
