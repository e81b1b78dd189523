// What a kube-apiserver 1.31 says about schemas of CRDs, refused and accepted.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import { checkSchema } from './check-schema.ts'

const rows: [title: string, schema: JsonObject, want: string[]][] = [
  ['ok', { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'string' } } } } }, []],
  [
    'no type root',
    { properties: { a: { type: 'string' } } },
    ['s.type: Required value: must not be empty at the root'],
  ],
  [
    'root array',
    { type: 'array', items: { type: 'string' } },
    ['s.type: Invalid value: "array": must be object at the root'],
  ],
  ['root string', { type: 'string' }, ['s.type: Invalid value: "string": must be object at the root']],
  [
    'no type field',
    { type: 'object', properties: { spec: { type: 'object', properties: { a: {} } } } },
    ['s.properties[spec].properties[a].type: Required value: must not be empty for specified object fields'],
  ],
  [
    'no type items',
    { type: 'object', properties: { spec: { type: 'array', items: {} } } },
    ['s.properties[spec].items.type: Required value: must not be empty for specified array items'],
  ],
  [
    'array no items',
    { type: 'object', properties: { spec: { type: 'array' } } },
    ['s.properties[spec].items: Required value: must be specified'],
  ],
  [
    'bad type',
    { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'foo' } } } } },
    [
      's.properties[spec].properties[a].type: Unsupported value: "foo": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  [
    'type null',
    { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'null' } } } } },
    [
      's.properties[spec].properties[a].type: Unsupported value: "null": supported values: "array", "boolean", "integer", "number", "object", "string"',
      's.properties[spec].properties[a].type: Forbidden: type cannot be set to null, use nullable as an alternative',
    ],
  ],
  [
    'ap root',
    { type: 'object', additionalProperties: { type: 'string' } },
    ['s.additionalProperties: Forbidden: must not be used at the root'],
  ],
  [
    'ap & props',
    {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
      },
    },
    ['s.properties[spec].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive'],
  ],
  [
    'ap false & props',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false } },
    },
    ['s.properties[spec].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive'],
  ],
  [
    'ap true & props',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true } },
    },
    [],
  ],
  [
    'ap no type',
    { type: 'object', properties: { spec: { type: 'object', additionalProperties: {} } } },
    ['s.properties[spec].additionalProperties.type: Required value: must not be empty for specified object fields'],
  ],
  [
    '$ref',
    { type: 'object', properties: { spec: { type: 'object', $ref: '#/a' } } },
    ['s.properties[spec].$ref: Forbidden: $ref is not supported'],
  ],
  [
    'id',
    { type: 'object', properties: { spec: { type: 'object', id: 'x' } } },
    ['s.properties[spec].id: Forbidden: id is not supported'],
  ],
  [
    'patternProperties',
    { type: 'object', properties: { spec: { type: 'object', patternProperties: { a: { type: 'string' } } } } },
    ['s.properties[spec].patternProperties: Forbidden: patternProperties is not supported'],
  ],
  [
    'definitions',
    { type: 'object', properties: { spec: { type: 'object', definitions: { a: { type: 'string' } } } } },
    ['s.properties[spec].definitions: Forbidden: definitions is not supported'],
  ],
  [
    'dependencies',
    { type: 'object', properties: { spec: { type: 'object', dependencies: { a: ['b'] } } } },
    ['s.properties[spec].dependencies: Forbidden: dependencies is not supported'],
  ],
  [
    'additionalItems',
    { type: 'object', properties: { spec: { type: 'array', items: { type: 'string' }, additionalItems: true } } },
    ['s.properties[spec].additionalItems: Forbidden: additionalItems is not supported'],
  ],
  [
    'items array',
    { type: 'object', properties: { spec: { type: 'array', items: [{ type: 'string' }] } } },
    ['s.properties[spec].items: Forbidden: items must be a schema object and not an array'],
  ],
  [
    'uniqueItems',
    { type: 'object', properties: { spec: { type: 'array', items: { type: 'string' }, uniqueItems: true } } },
    [
      's.properties[spec].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    ],
  ],
  ['nullable root', { type: 'object', nullable: true }, ['s.nullable: Forbidden: nullable cannot be true at the root']],
  [
    'preserve false',
    { type: 'object', properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': false } } },
    ['s.properties[spec].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined'],
  ],
  [
    'preserve false root',
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': false },
    ['s.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined'],
  ],
  [
    'ios+preserve',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { 'x-kubernetes-int-or-string': true, 'x-kubernetes-preserve-unknown-fields': true } },
        },
      },
    },
    [
      's.properties[spec].properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true',
    ],
  ],
  [
    'ios+embedded',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { 'x-kubernetes-int-or-string': true, 'x-kubernetes-embedded-resource': true } },
        },
      },
    },
    [
      's.properties[spec].properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      's.properties[spec].properties[a].type: Required value: must be object if x-kubernetes-embedded-resource is true',
      's.properties[spec].properties[a].x-kubernetes-embedded-resource: Invalid value: true: must be false if x-kubernetes-int-or-string is true',
    ],
  ],
  [
    'ios ok',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] } },
        },
      },
    },
    [],
  ],
  [
    'ios allOf ok',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              'x-kubernetes-int-or-string': true,
              allOf: [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, { pattern: 'x' }],
            },
          },
        },
      },
    },
    [],
  ],
  [
    'ios reversed',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'string' }, { type: 'integer' }] } },
        },
      },
    },
    [
      's.properties[spec].properties[a].anyOf[0].type: Forbidden: must be empty to be structural',
      's.properties[spec].properties[a].anyOf[1].type: Forbidden: must be empty to be structural',
    ],
  ],
  [
    'ios type',
    {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { a: { type: 'string', 'x-kubernetes-int-or-string': true } } },
      },
    },
    [],
  ],
  [
    'embedded no type',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true } },
        },
      },
    },
    ['s.properties[spec].properties[a].type: Required value: must be object if x-kubernetes-embedded-resource is true'],
  ],
  [
    'embedded string',
    {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { a: { type: 'string', 'x-kubernetes-embedded-resource': true } } },
      },
    },
    [
      's.properties[spec].properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      's.properties[spec].properties[a].type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true',
    ],
  ],
  [
    'embedded empty',
    {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { a: { type: 'object', 'x-kubernetes-embedded-resource': true } } },
      },
    },
    [
      's.properties[spec].properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    ],
  ],
  [
    'embedded ap',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: { type: 'object', 'x-kubernetes-embedded-resource': true, additionalProperties: { type: 'string' } },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].additionalProperties: Forbidden: must not be used if x-kubernetes-embedded-resource is set',
      's.properties[spec].properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    ],
  ],
  [
    'embedded ok',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
          },
        },
      },
    },
    [],
  ],
  [
    'embedded metadata string',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'object',
              'x-kubernetes-embedded-resource': true,
              properties: { metadata: { type: 'string' }, kind: { type: 'integer' } },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].properties[kind].type: Invalid value: "integer": must be string',
      's.properties[spec].properties[a].properties[metadata].type: Invalid value: "string": must be object',
    ],
  ],
  [
    'anyOf type',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'string', anyOf: [{ type: 'string' }] } } } },
    },
    ['s.properties[spec].properties[a].anyOf[0].type: Forbidden: must be empty to be structural'],
  ],
  [
    'anyOf all forbidden',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'object',
              properties: { x: { type: 'string' } },
              anyOf: [
                {
                  description: 'd',
                  title: 't',
                  default: {},
                  nullable: true,
                  'x-kubernetes-preserve-unknown-fields': true,
                  'x-kubernetes-embedded-resource': true,
                  'x-kubernetes-int-or-string': true,
                  'x-kubernetes-list-type': 'atomic',
                  'x-kubernetes-list-map-keys': ['a'],
                  'x-kubernetes-map-type': 'atomic',
                  additionalProperties: true,
                },
              ],
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].anyOf[0].additionalProperties: Forbidden: must be undefined to be structural',
      's.properties[spec].properties[a].anyOf[0].default: Forbidden: must be undefined to be structural',
      's.properties[spec].properties[a].anyOf[0].description: Forbidden: must be empty to be structural',
      's.properties[spec].properties[a].anyOf[0].nullable: Forbidden: must be false to be structural',
      's.properties[spec].properties[a].anyOf[0].title: Forbidden: must be empty to be structural',
      's.properties[spec].properties[a].anyOf[0].x-kubernetes-embedded-resource: Forbidden: must be false to be structural',
      's.properties[spec].properties[a].anyOf[0].x-kubernetes-int-or-string: Forbidden: must be false to be structural',
      's.properties[spec].properties[a].anyOf[0].x-kubernetes-list-map-keys: Forbidden: must be empty to be structural',
      's.properties[spec].properties[a].anyOf[0].x-kubernetes-list-type: Forbidden: must be undefined to be structural',
      's.properties[spec].properties[a].anyOf[0].x-kubernetes-map-type: Forbidden: must be undefined to be structural',
      's.properties[spec].properties[a].anyOf[0].x-kubernetes-preserve-unknown-fields: Forbidden: must be false to be structural',
      's.properties[spec].properties[a].anyOf[0].type: Required value: must be object if x-kubernetes-map-type is specified',
      's.properties[spec].properties[a].anyOf[0].type: Required value: must be array if x-kubernetes-list-type is specified',
      's.properties[spec].properties[a].anyOf[0].x-kubernetes-list-type: Invalid value: "atomic": must be map if x-kubernetes-list-map-keys is non-empty',
    ],
  ],
  [
    'not additional props',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { type: 'object', not: { additionalProperties: { type: 'string' } } } },
        },
      },
    },
    ['s.properties[spec].properties[a].not.additionalProperties: Forbidden: must be undefined to be structural'],
  ],
  [
    'completeness',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'object',
              oneOf: [{ required: ['b'], properties: { b: { minLength: 1 } } }],
              allOf: [{ items: { minimum: 1 } }],
            },
          },
        },
      },
    },
    [],
  ],
  [
    'nested metadata',
    { type: 'object', properties: { a: { type: 'object' } }, anyOf: [{ properties: { metadata: {} } }] },
    [
      's.anyOf[0].properties[metadata]: Forbidden: must not be specified in a nested context',
      's.properties[metadata]: Required value: because it is defined in s.anyOf[0].properties[metadata]',
    ],
  ],
  [
    'metadata label pattern',
    {
      type: 'object',
      properties: {
        metadata: {
          type: 'object',
          properties: { labels: { type: 'object', additionalProperties: { type: 'string' } } },
        },
      },
    },
    [
      's.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ],
  [
    'metadata name ok',
    {
      type: 'object',
      properties: { metadata: { type: 'object', properties: { name: { type: 'string', maxLength: 3 } } } },
    },
    [],
  ],
  [
    'metadata both ok',
    {
      type: 'object',
      properties: {
        metadata: {
          type: 'object',
          properties: { name: { type: 'string', maxLength: 3 }, generateName: { type: 'string' } },
        },
      },
    },
    [],
  ],
  [
    'metadata desc',
    { type: 'object', properties: { metadata: { type: 'object', description: 'x' } } },
    [
      's.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ],
  [
    'metadata string',
    { type: 'object', properties: { metadata: { type: 'string' } } },
    ['s.properties[metadata].type: Invalid value: "string": must be object'],
  ],
  [
    'kind int',
    { type: 'object', properties: { kind: { type: 'integer' }, apiVersion: { type: 'boolean' } } },
    [
      's.properties[apiVersion].type: Invalid value: "boolean": must be string',
      's.properties[kind].type: Invalid value: "integer": must be string',
    ],
  ],
  [
    'pattern',
    { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'string', pattern: '(a' } } } } },
    [
      's.properties[spec].properties[a].pattern: Invalid value: "(a": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(a`',
    ],
  ],
  [
    'pattern lookahead',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'string', pattern: '^(?=x)' } } } },
    },
    [
      's.properties[spec].properties[a].pattern: Invalid value: "^(?=x)": must be a valid regular expression, but isn\'t: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
    ],
  ],
  [
    'pattern backref',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'string', pattern: '(a)\\1' } } } },
    },
    [
      's.properties[spec].properties[a].pattern: Invalid value: "(a)\\\\1": must be a valid regular expression, but isn\'t: error parsing regexp: invalid escape sequence: `\\1`',
    ],
  ],
  [
    'pattern repeat',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'string', pattern: 'a{2000}' } } } },
    },
    [
      's.properties[spec].properties[a].pattern: Invalid value: "a{2000}": must be a valid regular expression, but isn\'t: error parsing regexp: invalid repeat count: `{2000}`',
    ],
  ],
  [
    'pattern star',
    { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'string', pattern: 'a**' } } } } },
    [
      's.properties[spec].properties[a].pattern: Invalid value: "a**": must be a valid regular expression, but isn\'t: error parsing regexp: invalid nested repetition operator: `**`',
    ],
  ],
  [
    'pattern class',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'string', pattern: '[z-a]' } } } },
    },
    [
      's.properties[spec].properties[a].pattern: Invalid value: "[z-a]": must be a valid regular expression, but isn\'t: error parsing regexp: invalid character class range: `z-a`',
    ],
  ],
  [
    'list-type obj',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'object', 'x-kubernetes-list-type': 'set' } } } },
    },
    [
      's.properties[spec].properties[a].type: Invalid value: "object": must be array if x-kubernetes-list-type is specified',
    ],
  ],
  [
    'list-type none',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-list-type': 'set' } },
        },
      },
    },
    ['s.properties[spec].properties[a].type: Required value: must be array if x-kubernetes-list-type is specified'],
  ],
  [
    'list-type bad',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'foo' } },
        },
      },
    },
    [
      's.properties[spec].properties[a].x-kubernetes-list-type: Unsupported value: "foo": supported values: "atomic", "set", "map"',
    ],
  ],
  [
    'map-type bad',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'object', 'x-kubernetes-map-type': 'foo' } } } },
    },
    [
      's.properties[spec].properties[a].x-kubernetes-map-type: Unsupported value: "foo": supported values: "atomic", "granular"',
    ],
  ],
  [
    'map-type arr',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { type: 'array', items: { type: 'string' }, 'x-kubernetes-map-type': 'atomic' } },
        },
      },
    },
    [
      's.properties[spec].properties[a].type: Invalid value: "array": must be object if x-kubernetes-map-type is specified',
    ],
  ],
  [
    'map-type none',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-map-type': 'atomic' } },
        },
      },
    },
    ['s.properties[spec].properties[a].type: Required value: must be object if x-kubernetes-map-type is specified'],
  ],
  [
    'set of obj',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object' } } },
        },
      },
    },
    [
      's.properties[spec].properties[a].items.x-kubernetes-map-type: Invalid value: "null": must be atomic as item of a list with x-kubernetes-list-type=set',
    ],
  ],
  [
    'set of obj atomic',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              items: { type: 'object', 'x-kubernetes-map-type': 'atomic' },
            },
          },
        },
      },
    },
    [],
  ],
  [
    'set of arr set',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              items: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].items.x-kubernetes-list-type: Invalid value: "set": must be atomic as item of a list with x-kubernetes-list-type=set',
    ],
  ],
  [
    'set nullable',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string', nullable: true } },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set',
    ],
  ],
  [
    'map no keys',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object' } } },
        },
      },
    },
    [
      's.properties[spec].properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map',
    ],
  ],
  [
    'keys no map',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { type: 'array', 'x-kubernetes-list-map-keys': ['x'], items: { type: 'object' } } },
        },
      },
    },
    [
      's.properties[spec].properties[a].x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty',
    ],
  ],
  [
    'keys set',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              'x-kubernetes-list-map-keys': ['x'],
              items: { type: 'string' },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].x-kubernetes-list-type: Invalid value: "set": must be map if x-kubernetes-list-map-keys is non-empty',
    ],
  ],
  [
    'map string items',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['x'],
              items: { type: 'string' },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].items.type: Invalid value: "string": must be object if parent array\'s x-kubernetes-list-type is map',
    ],
  ],
  [
    'map no items',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['x'] } },
        },
      },
    },
    [
      's.properties[spec].properties[a].items: Required value: must be specified',
      's.properties[spec].properties[a].items: Required value: must have a schema if x-kubernetes-list-type is map',
    ],
  ],
  [
    'map unknown key',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['x', 'x'],
              items: { type: 'object', properties: { y: { type: 'string' } } },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].x-kubernetes-list-map-keys: Invalid value: []string{"x", "x"}: entries must all be names of item properties',
      's.properties[spec].properties[a].x-kubernetes-list-map-keys: Invalid value: []string{"x", "x"}: entries must all be names of item properties',
      's.properties[spec].properties[a].x-kubernetes-list-map-keys: Invalid value: []string{"x", "x"}: must not contain duplicate entries',
    ],
  ],
  [
    'map not required',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['x'],
              items: { type: 'object', properties: { x: { type: 'string' } } },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].items.properties[x].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
    ],
  ],
  [
    'map nullable key obj',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['x', 'o'],
              items: {
                type: 'object',
                properties: { x: { type: 'string', nullable: true }, o: { type: 'object' } },
                required: ['x', 'o'],
                nullable: true,
              },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].items.properties[o].type: Invalid value: "object": must be a scalar type if parent array\'s x-kubernetes-list-type is map',
      's.properties[spec].properties[a].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is map',
      's.properties[spec].properties[a].items.properties[x].nullable: Forbidden: this property is in x-kubernetes-list-map-keys, so it cannot be nullable',
    ],
  ],
  [
    'map dup key',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['x', 'x'],
              items: { type: 'object', properties: { x: { type: 'string' } }, required: ['x'] },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].x-kubernetes-list-map-keys: Invalid value: []string{"x", "x"}: must not contain duplicate entries',
    ],
  ],
  [
    'default ok',
    { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'string', default: 'x' } } } } },
    [],
  ],
  [
    'default wrong type',
    { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'string', default: 1 } } } } },
    ['s.properties[spec].properties[a].default: Invalid value: "integer":  in body must be of type string: "integer"'],
  ],
  [
    'default enum',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'string', enum: ['a', 'b'], default: 'c' } } } },
    },
    ['s.properties[spec].properties[a].default: Unsupported value: "c": supported values: "a", "b"'],
  ],
  [
    'default unpruned',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { type: 'object', default: { b: 1 }, properties: { c: { type: 'string' } } } },
        },
      },
    },
    [
      's.properties[spec].properties[a].default: Invalid value: map[string]interface {}{"b":1}: must not have unknown fields',
    ],
  ],
  [
    'default nested required',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { type: 'object', default: {}, required: ['c'], properties: { c: { type: 'string' } } } },
        },
      },
    },
    ['s.properties[spec].properties[a].default.c: Required value'],
  ],
  [
    'default in metadata',
    {
      type: 'object',
      properties: { metadata: { type: 'object', properties: { name: { type: 'string', default: 'x' } } } },
    },
    ['s.properties[metadata].properties[name].default: Forbidden: must not be set in top-level metadata'],
  ],
  [
    'default in items',
    {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { a: { type: 'array', items: { type: 'integer', default: 'x' } } } },
      },
    },
    [
      's.properties[spec].properties[a].items.default: Invalid value: "string":  in body must be of type integer: "string"',
    ],
  ],
  [
    'default in ap',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { a: { type: 'object', additionalProperties: { type: 'integer', default: 'x' } } },
        },
      },
    },
    [],
  ],
  [
    'default embedded',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'object',
              'x-kubernetes-embedded-resource': true,
              'x-kubernetes-preserve-unknown-fields': true,
              default: { a: 1 },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].default.apiVersion: Required value: must not be empty',
      's.properties[spec].properties[a].default.kind: Required value: must not be empty',
    ],
  ],
  [
    'default embedded kind',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'object',
              'x-kubernetes-embedded-resource': true,
              'x-kubernetes-preserve-unknown-fields': true,
              default: { apiVersion: 'v1', kind: '_x', metadata: { name: 1 } },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].default.metadata: Invalid value: map[string]interface {}{"name":1}: json: cannot unmarshal number into Go struct field ObjectMeta.name of type string',
    ],
  ],
  [
    'default embedded meta',
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            a: {
              type: 'object',
              'x-kubernetes-embedded-resource': true,
              properties: {
                metadata: { type: 'object', default: { name: '%' }, properties: { name: { type: 'string' } } },
              },
            },
          },
        },
      },
    },
    [
      's.properties[spec].properties[a].properties[metadata].default: Invalid value: map[string]interface {}{"name":"%"}: must result in valid metadata: metadata.name: Invalid value: "%": may not contain \'%\'',
    ],
  ],
  [
    'bad version name',
    { type: 'object', properties: { spec: { type: 'object' } } },
    [
      "spec.versions[0].name: Invalid value: \"V1\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      "spec.version: Invalid value: \"V1\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'enum dup & formats',
    {
      type: 'object',
      properties: { spec: { type: 'object', properties: { a: { type: 'string', format: 'foo', enum: ['a', 'a'] } } } },
    },
    [],
  ],
  [
    'many errors',
    {
      properties: {
        a: {},
        b: { type: 'array' },
        c: { type: 'object', anyOf: [{ type: 'string' }] },
        d: { type: 'string', pattern: '(' },
      },
    },
    [
      's.properties[a].type: Required value: must not be empty for specified object fields',
      's.properties[b].items: Required value: must be specified',
      's.properties[c].anyOf[0].type: Forbidden: must be empty to be structural',
      's.properties[d].pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(`',
      's.type: Required value: must not be empty at the root',
    ],
  ],
  [
    'bad keyword bounds',
    {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { a: { type: 'string', minLength: -1, maxLength: -5, multipleOf: 0 } } },
      },
    },
    [],
  ],
]

for (const [title, schema, want] of rows) {
  test(title, () => {
    const errors = checkSchema({ schema, path: 's', hasStatus: false })
    assert.deepEqual(errors.map(({ field, message }) => `${field}: ${message}`).sort(), [...want].sort())
  })
}
