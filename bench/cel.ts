// What rules of custom resources cost: a resource of 42 fields with ten rules and without, in CPU time.
import type { JsonObject } from '../api/json.ts'
import { compileSchema } from '../kcp/schema/compile.ts'
import { printRow } from './report.ts'

const rules = [
  'self.f0 < self.f4 || self.f0 == 0',
  'has(self.f1) && self.f1.startsWith("name")',
  'self.f2 || self.f3 == "A"',
  'self.list.all(p, p.port > 0 && p.port < 65536)',
  'self.list.exists(p, p.name == "p1")',
  'self.labels.all(k, k.size() <= 63 && self.labels[k].matches("^[a-z]+$"))',
  'self.f5 != self.f9',
  'self.f8 + self.f12 <= self.f36',
  'self.f13.size() < 20 && self.f17.contains("-")',
  'self.f1 == oldSelf.f1',
]
const rounds = 20_000

function field(index: number): { schema: JsonObject; value: number | string | boolean } {
  if (index % 4 === 0) return { schema: { type: 'integer', minimum: 0 }, value: index }
  if (index % 4 === 1)
    return { schema: { type: 'string', maxLength: 63, pattern: '^[a-z0-9-]+$' }, value: `name-${index}` }
  if (index % 4 === 2) return { schema: { type: 'boolean' }, value: true }
  return { schema: { type: 'string', enum: ['A', 'B'] }, value: 'A' }
}

function resource(): { properties: JsonObject; spec: JsonObject } {
  const properties: JsonObject = {}
  const spec: JsonObject = {}
  for (let i = 0; i < 40; i++) {
    const { schema, value } = field(i)
    properties[`f${i}`] = schema
    spec[`f${i}`] = value
  }
  const text = { type: 'string', maxLength: 63 }
  const port = { type: 'object', properties: { name: text, port: { type: 'integer' } } }
  properties.list = { type: 'array', maxItems: 20, items: port }
  properties.labels = { type: 'object', maxProperties: 20, additionalProperties: text }
  spec.list = [1, 2, 3].map(i => ({ name: `p${i}`, port: 8000 + i }))
  spec.labels = { app: 'x', tier: 'y' }
  return { properties, spec }
}

function cpuMicros(work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return user + system
}

export async function run(): Promise<void> {
  const { properties, spec } = resource()
  const object = { apiVersion: 'ex.io/v1', kind: 'Foo', metadata: { name: 'x' }, spec }
  for (const [name, entries] of [
    ['without rules', []],
    [`with ${rules.length} rules`, rules.map(rule => ({ rule }))],
  ] as const) {
    const validations = entries.length === 0 ? {} : { 'x-kubernetes-validations': [...entries] }
    const schema = compileSchema({
      type: 'object',
      properties: { spec: { type: 'object', properties, ...validations } },
    })
    const first = cpuMicros(() => schema.validate(object, object))
    const repeat = () => {
      for (let i = 0; i < rounds; i++) schema.validate(object, object)
    }
    repeat()
    const each = cpuMicros(repeat) / rounds
    printRow({ [`validation of 42 fields, ${name}`]: '', 'CPU µs': each, 'the first ms': first / 1000 })
  }
}
