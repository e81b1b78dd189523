// What a kube-apiserver 1.31 says about CRDs beside their schemas. Rows say what differs from a good one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { customResourceDefinitionRules } from './custom-resource-definitions.ts'

const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } }

interface Row {
  readonly title: string
  readonly metadata?: JsonObject
  readonly spec: JsonObject
  /** Members of the only version. */
  readonly version?: JsonObject
  readonly want: readonly string[]
}

const label =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

const rows: Row[] = [
  {
    title: 'status root type',
    version: {
      subresources: { status: {} },
      schema: { openAPIV3Schema: { type: 'array', items: { type: 'string' } } },
    },
    spec: {},
    want: [
      'spec.validation.openAPIV3Schema.type: Invalid value: "array": only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
      'spec.validation.openAPIV3Schema.type: Invalid value: "array": must be object at the root',
    ],
  },
  {
    title: 'scale empty',
    version: { subresources: { scale: {} } },
    spec: {},
    want: [
      'spec.subresources.scale.specReplicasPath: Required value',
      'spec.subresources.scale.statusReplicasPath: Required value',
    ],
  },
  {
    title: 'scale bad',
    version: {
      subresources: {
        scale: { specReplicasPath: 'spec.x', statusReplicasPath: '.spec.x', labelSelectorPath: '.foo.x' },
      },
    },
    spec: {},
    want: [
      'spec.subresources.scale.specReplicasPath: Invalid value: "spec.x": must be a simple json path starting with .',
      'spec.subresources.scale.statusReplicasPath: Invalid value: ".spec.x": should be a json path under .status',
      'spec.subresources.scale.labelSelectorPath: Invalid value: ".foo.x": should be a json path under either .spec or .status',
    ],
  },
  {
    title: 'scale bad2',
    version: {
      subresources: { scale: { specReplicasPath: '.status.x', statusReplicasPath: 'x', labelSelectorPath: 'x' } },
    },
    spec: {},
    want: [
      'spec.subresources.scale.specReplicasPath: Invalid value: ".status.x": should be a json path under .spec',
      'spec.subresources.scale.statusReplicasPath: Invalid value: "x": must be a simple json path starting with .',
      'spec.subresources.scale.labelSelectorPath: Invalid value: "x": must be a simple json path starting with .',
    ],
  },
  {
    title: 'columns',
    version: {
      additionalPrinterColumns: [
        {},
        { name: 'A', type: 'foo', format: 'bar', jsonPath: 'x' },
        { name: 'B', type: 'string', jsonPath: '.a[?(@.x=="y")].z' },
      ],
    },
    spec: {},
    want: [
      'spec.additionalPrinterColumns[0].name: Required value',
      'spec.additionalPrinterColumns[0].type: Required value: must be one of boolean,date,integer,number,string',
      'spec.additionalPrinterColumns[0].JSONPath: Required value',
      'spec.additionalPrinterColumns[1].type: Invalid value: "foo": must be one of boolean,date,integer,number,string',
      'spec.additionalPrinterColumns[1].format: Invalid value: "bar": must be one of byte,date,date-time,double,float,int32,int64,password',
      'spec.additionalPrinterColumns[1].JSONPath: Invalid value: "x": must be a simple json path starting with .',
    ],
  },
  {
    title: 'columns bad path',
    version: { additionalPrinterColumns: [{ name: 'B', type: 'string', jsonPath: '.a[?(@.x==' }] },
    spec: {},
    want: [],
  },
  {
    title: 'names',
    spec: {
      names: {
        plural: 'as',
        kind: 'K_',
        singular: 'A_',
        listKind: 'K_',
        shortNames: ['A', 'ok'],
        categories: ['B', 'ok'],
      },
    },
    want: [
      `spec.names.singular: Invalid value: "A_": ${label}`,
      `spec.names.kind: Invalid value: "K_": may have mixed case, but should otherwise match: ${label}`,
      `spec.names.listKind: Invalid value: "K_": may have mixed case, but should otherwise match: ${label}`,
      `spec.names.shortNames[0]: Invalid value: "A": ${label}`,
      'spec.names.listKind: Invalid value: "K_": kind and listKind may not be the same',
      `spec.names.categories[0]: Invalid value: "B": ${label}`,
    ],
  },
  {
    title: 'names kind=list',
    spec: { names: { plural: 'as', kind: 'Same', listKind: 'Same' } },
    want: ['spec.names.listKind: Invalid value: "Same": kind and listKind may not be the same'],
  },
  { title: 'scope missing', spec: { scope: '' }, want: ['spec.scope: Required value'] },
  {
    title: 'scope bad',
    spec: { scope: 'Foo' },
    want: ['spec.scope: Unsupported value: "Foo": supported values: "Cluster", "Namespaced"'],
  },
  {
    title: 'group bad',
    spec: { group: 'Foo.io' },
    want: [
      'metadata.name: Invalid value: "as.ex.io": must be spec.names.plural+"."+spec.group',
      `spec.group: Invalid value: "Foo.io": ${subdomain}`,
    ],
  },
  {
    title: 'group one',
    spec: { group: 'foo' },
    want: [
      'metadata.name: Invalid value: "as.ex.io": must be spec.names.plural+"."+spec.group',
      'spec.group: Invalid value: "foo": should be a domain with at least one dot',
    ],
  },
  {
    title: 'group none',
    spec: { group: '' },
    want: [
      'metadata.name: Invalid value: "as.ex.io": must be spec.names.plural+"."+spec.group',
      'spec.group: Required value',
    ],
  },
  {
    title: 'no versions',
    spec: { versions: [] },
    want: [
      'spec.versions: Invalid value: []apiextensions.CustomResourceDefinitionVersion{}: must have exactly one version marked as storage version',
      'status.storedVersions: Invalid value: []string(nil): must have at least one stored version',
    ],
  },
  {
    title: 'no schema',
    spec: { versions: [{ name: 'v1', served: true, storage: true }] },
    want: ['spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required'],
  },
  {
    title: 'identical',
    spec: {
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
        },
        {
          name: 'v2',
          served: true,
          storage: false,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
        },
      ],
    },
    want: [],
  },
  {
    title: 'deprecation',
    spec: {
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
          deprecationWarning: 'x',
        },
        {
          name: 'v2',
          served: true,
          storage: false,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
          deprecated: true,
          deprecationWarning: '',
        },
      ],
    },
    want: [
      'spec.versions[0].deprecationWarning: Invalid value: "x": can only be set for deprecated versions',
      'spec.versions[1].deprecationWarning: Invalid value: "": must not be an empty string',
    ],
  },
  {
    title: 'deprecation long',
    spec: {
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
          deprecated: true,
          deprecationWarning:
            'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        },
        {
          name: 'v2',
          served: true,
          storage: false,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
          deprecated: true,
          deprecationWarning: 'a\nb',
        },
      ],
    },
    want: [
      'spec.versions[0].deprecationWarning: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be <= 256 characters long',
      'spec.versions[1].deprecationWarning: Invalid value: "a\\nb": must only contain printable UTF-8 characters; non-printable character found at index 1',
    ],
  },
  {
    title: 'preserveUnknown true',
    spec: { preserveUnknownFields: true },
    want: [
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  },
  {
    title: 'preserveUnknown true default',
    version: {
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec: { type: 'object', properties: { a: { type: 'string', default: 'x' } } } },
        },
      },
    },
    spec: { preserveUnknownFields: true },
    want: [
      'spec.preserveUnknownFields: Invalid value: true: must be false in order to use defaults in the schema',
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  },
  {
    title: 'conversion bad',
    spec: { conversion: { strategy: 'Foo' } },
    want: ['spec.conversion.strategy: Unsupported value: "Foo": supported values: "None", "Webhook"'],
  },
  {
    title: 'conversion none+webhook',
    spec: {
      conversion: {
        strategy: 'None',
        webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://x' } },
      },
    },
    want: [
      'spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook',
      'spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook',
    ],
  },
  {
    title: 'conversion webhook empty',
    spec: { conversion: { strategy: 'Webhook' } },
    want: [
      'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
      'spec.conversion.conversionReviewVersions: Required value',
    ],
  },
  {
    title: 'conversion webhook no cc',
    spec: { conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'] } } },
    want: ['spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook'],
  },
  {
    title: 'conversion webhook both',
    spec: {
      conversion: {
        strategy: 'Webhook',
        webhook: {
          conversionReviewVersions: ['v1'],
          clientConfig: { url: 'https://x', service: { name: 'a', namespace: 'b' } },
        },
      },
    },
    want: ['spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required'],
  },
  {
    title: 'conversion webhook url http',
    spec: {
      conversion: {
        strategy: 'Webhook',
        webhook: { conversionReviewVersions: ['v3', 'v3'], clientConfig: { url: 'http://x:1/a?b#c' } },
      },
    },
    want: [
      'spec.conversion.webhookClientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme; desired format: https://host[/path]',
      'spec.conversion.webhookClientConfig.url: Invalid value: "c": fragments are not permitted in the URL',
      'spec.conversion.webhookClientConfig.url: Invalid value: "b": query parameters are not permitted in the URL',
      'spec.conversion.conversionReviewVersions[1]: Invalid value: "v3": duplicate version',
      'spec.conversion.conversionReviewVersions: Invalid value: []string{"v3", "v3"}: must include at least one of v1, v1beta1',
    ],
  },
  {
    title: 'conversion webhook service',
    spec: {
      conversion: {
        strategy: 'Webhook',
        webhook: {
          conversionReviewVersions: ['v1'],
          clientConfig: { service: { name: '', namespace: '', path: 'x', port: 99999999 } },
        },
      },
    },
    want: [
      'spec.conversion.webhookClientConfig.service.name: Required value: service name is required',
      'spec.conversion.webhookClientConfig.service.namespace: Required value: service namespace is required',
      'spec.conversion.webhookClientConfig.service.port: Invalid value: 99999999: port is not valid: must be between 1 and 65535, inclusive',
      'spec.conversion.webhookClientConfig.service.path: Invalid value: "x": must start with a \'/\'',
      'spec.conversion.webhookClientConfig.service.path: Invalid value: "x": segment[0] may not be empty',
    ],
  },
  {
    title: 'conversion webhook review none',
    spec: {
      conversion: {
        strategy: 'Webhook',
        webhook: { conversionReviewVersions: [], clientConfig: { url: 'https://u:p@x/' } },
      },
    },
    want: [
      'spec.conversion.webhookClientConfig.url: Invalid value: "u:p": user information is not permitted in the URL',
      'spec.conversion.conversionReviewVersions: Required value',
    ],
  },
  {
    title: 'selectable ok',
    version: {
      selectableFields: [{ jsonPath: '.spec.a' }, { jsonPath: '.spec.n' }, { jsonPath: '.spec.b' }],
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: {
            spec: {
              type: 'object',
              properties: { a: { type: 'string' }, n: { type: 'integer' }, b: { type: 'boolean' } },
            },
          },
        },
      },
    },
    spec: {},
    want: [],
  },
  {
    title: 'selectable bad',
    version: {
      selectableFields: [
        { jsonPath: '' },
        { jsonPath: '.spec.zz' },
        { jsonPath: '.metadata.name' },
        { jsonPath: '.spec.o' },
        { jsonPath: '.spec.l[0]' },
        { jsonPath: 'spec.a' },
        { jsonPath: '.spec.a' },
        { jsonPath: '.spec.a' },
        { jsonPath: '.spec.l' },
      ],
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: {
            spec: {
              type: 'object',
              properties: {
                a: { type: 'string' },
                o: { type: 'object' },
                l: { type: 'array', items: { type: 'string' } },
              },
            },
          },
        },
      },
    },
    spec: {},
    want: [
      'spec.selectableFields[0].jsonPath: Required value',
      'spec.selectableFields[1].jsonPath: Invalid value: ".spec.zz": is an invalid path: does not refer to a valid field',
      'spec.selectableFields[2].jsonPath: Invalid value: ".metadata.name": is an invalid path: does not refer to a valid field',
      'spec.selectableFields[3].jsonPath: Invalid value: ".spec.o": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      'spec.selectableFields[4].jsonPath: Invalid value: ".spec.l[0]": is an invalid path: array notation is not allowed',
      'spec.selectableFields[5].jsonPath: Invalid value: "spec.a": is an invalid path: expected [ or . but got: spec',
      'spec.selectableFields[7].jsonPath: Duplicate value: ".spec.a"',
      'spec.selectableFields[8].jsonPath: Invalid value: ".spec.l": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
    ],
  },
  {
    title: 'selectable many',
    version: {
      selectableFields: [
        { jsonPath: '.spec.a' },
        { jsonPath: '.spec.b' },
        { jsonPath: '.spec.c' },
        { jsonPath: '.spec.d' },
        { jsonPath: '.spec.e' },
        { jsonPath: '.spec.f' },
        { jsonPath: '.spec.g' },
        { jsonPath: '.spec.h' },
        { jsonPath: '.spec.i' },
      ],
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: {
            spec: {
              type: 'object',
              properties: {
                a: { type: 'string' },
                b: { type: 'string' },
                c: { type: 'string' },
                d: { type: 'string' },
                e: { type: 'string' },
                f: { type: 'string' },
                g: { type: 'string' },
                h: { type: 'string' },
                i: { type: 'string' },
              },
            },
          },
        },
      },
    },
    spec: {},
    want: ['spec.selectableFields: Too many: 9: must have at most 8 items'],
  },
  {
    title: 'name mismatch',
    metadata: { name: 'foo.ex.io' },
    spec: {},
    want: ['metadata.name: Invalid value: "foo.ex.io": must be spec.names.plural+"."+spec.group'],
  },
  {
    title: 'approval missing',
    metadata: { name: 'as.ex.k8s.io' },
    spec: { group: 'ex.k8s.io' },
    want: [
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  },
  {
    title: 'approval bad',
    metadata: { name: 'as.ex.k8s.io', annotations: { 'api-approved.kubernetes.io': 'foo' } },
    spec: { group: 'ex.k8s.io' },
    want: [
      'metadata.annotations[api-approved.kubernetes.io]: Invalid value: "foo": protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  },
  {
    title: 'approval url',
    metadata: {
      name: 'as.ex.k8s.io',
      annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/enhancements/pull/1' },
    },
    spec: { group: 'ex.k8s.io' },
    want: [],
  },
  {
    title: 'approval unapproved',
    metadata: { name: 'as.ex.k8s.io', annotations: { 'api-approved.kubernetes.io': 'unapproved, x' } },
    spec: { group: 'ex.k8s.io' },
    want: [],
  },
  {
    title: 'approval ftp',
    metadata: { name: 'as.ex.k8s.io', annotations: { 'api-approved.kubernetes.io': 'ftp://x/y' } },
    spec: { group: 'ex.k8s.io' },
    want: [],
  },
  {
    title: 'approval http',
    metadata: { name: 'as.ex.k8s.io', annotations: { 'api-approved.kubernetes.io': 'http://' } },
    spec: { group: 'ex.k8s.io' },
    want: [
      'metadata.annotations[api-approved.kubernetes.io]: Invalid value: "http://": protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  },
  {
    title: 'approval path',
    metadata: { name: 'as.ex.k8s.io', annotations: { 'api-approved.kubernetes.io': '/a/b' } },
    spec: { group: 'ex.k8s.io' },
    want: [
      'metadata.annotations[api-approved.kubernetes.io]: Invalid value: "/a/b": protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  },
  {
    title: 'no spec.names',
    metadata: { name: 'w140s.ex.io' },
    spec: { names: {} },
    want: [
      'metadata.name: Invalid value: "w140s.ex.io": must be spec.names.plural+"."+spec.group',
      'spec.names.plural: Required value',
      'spec.names.singular: Required value',
      'spec.names.kind: Required value',
      'spec.names.listKind: Required value',
    ],
  },
]

function definitionOf({ metadata = {}, spec, version = {} }: Row): KubeObject {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'as.ex.io', ...metadata },
    spec: {
      group: 'ex.io',
      scope: 'Namespaced',
      names: { plural: 'as', kind: 'A' },
      versions: [{ name: 'v1', served: true, storage: true, schema, ...version }],
      ...spec,
    },
  }
  customResourceDefinitionRules.defaults?.(definition)
  return definition
}

for (const row of rows) {
  test(row.title, () => {
    const definition = definitionOf(row)
    const { strategy } = customResourceDefinitionRules
    const context = {
      cluster: 'root',
      user: { username: '', groups: [] },
      userAgent: '',
      now: new Date(0),
      dryRun: false,
      warn: () => undefined,
    }
    strategy?.prepareForCreate?.(definition, context)
    const errors = strategy?.validate?.(definition) ?? []
    assert.deepEqual(
      errors.map(({ field, message }) => `${field}: ${message}`),
      row.want,
    )
  })
}
