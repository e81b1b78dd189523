// Reads the Go types of Kubernetes and writes kcp/http/generated/protobuf-messages.json: field numbers and JSON names of
// every kind we serve. Usage: scripts/node.sh scripts/generate-protobuf.ts <k8s.io/api> <k8s.io/apimachinery>
// <k8s.io/apiextensions-apiserver>
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { nativeResources } from '../kcp/apis/generated-tables.ts'

type Field = [number: number, name: string, type: string, marks: string]
interface GoStruct {
  readonly package: string
  readonly imports: ReadonlyMap<string, string>
  readonly lines: readonly string[]
}

const [apiDirectory, machineryDirectory, extensionsDirectory] = process.argv.slice(2)
if (apiDirectory === undefined || machineryDirectory === undefined || extensionsDirectory === undefined)
  throw new Error('name the three module directories')

const structs = new Map<string, GoStruct>()
const aliases = new Map<string, { package: string; imports: ReadonlyMap<string, string>; type: string }>()
const groupPackages = new Map<string, string>()
readModule(apiDirectory, 'k8s.io/api', '*/*/*.go')
readModule(machineryDirectory, 'k8s.io/apimachinery', 'pkg/apis/meta/v1/*.go')
readModule(extensionsDirectory, 'k8s.io/apiextensions-apiserver', 'pkg/apis/apiextensions/v1/*.go')

/** Types that are encoded by hand in Go; the decoder knows them by these names. */
const special: Readonly<Record<string, string>> = {
  'k8s.io/apimachinery/pkg/apis/meta/v1.Time': 'time',
  'k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime': 'microTime',
  'k8s.io/apimachinery/pkg/apis/meta/v1.Duration': 'duration',
  'k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1': 'raw',
  'k8s.io/apimachinery/pkg/apis/meta/v1.Verbs': 'items',
  'k8s.io/apimachinery/pkg/api/resource.Quantity': 'quantity',
  'k8s.io/apimachinery/pkg/util/intstr.IntOrString': 'intOrString',
  'k8s.io/apimachinery/pkg/runtime.RawExtension': 'raw',
  'k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSON': 'raw',
  'k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrArray': 'schemaOrArray',
  'k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrBool': 'schemaOrBool',
  'k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrStringArray': 'schemaOrTexts',
  'k8s.io/apimachinery/pkg/types.UID': 'string',
  'k8s.io/apimachinery/pkg/types.NodeName': 'string',
}
const scalars = new Set(['string', 'bool', 'int32', 'int64', 'uint8', 'float64', 'float32', 'int', 'uint32', 'uint64'])
const messages: Record<string, Field[]> = {}
const kinds: Record<string, string> = {}

for (const { group, version, kind } of [
  ...nativeResources,
  { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  { group: 'policy', version: 'v1', kind: 'Eviction' },
  { group: '', version: 'v1', kind: 'Binding' },
  { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
]) {
  const name = `${groupPackages.get(`${group}/${version}`)}.${kind}`
  if (structs.has(name)) kinds[`${group === '' ? version : `${group}/${version}`}/${kind}`] = addMessage(name)
}
// Of any group version.
for (const kind of ['DeleteOptions', 'Status', 'PartialObjectMetadata', 'ListMeta']) {
  kinds[kind] = addMessage(`k8s.io/apimachinery/pkg/apis/meta/v1.${kind}`)
}
const rows = Object.entries(messages).map(([name, fields]) => `${JSON.stringify(name)}:${JSON.stringify(fields)}`)
const text = `{"kinds":${JSON.stringify(kinds)},\n"messages":{\n${rows.join(',\n')}\n}}\n`
writeFileSync(new URL('../kcp/http/generated/protobuf-messages.json', import.meta.url), text)

function readModule(directory: string, module: string, pattern: string): void {
  for (const file of globSync(join(directory, pattern))) {
    if (/zz_generated|generated\.pb|_test\.go$/.test(file)) continue
    const goPackage = `${module}/${relative(directory, dirname(file))}`
    readFile(readFileSync(file, 'utf8'), goPackage)
  }
}

function readFile(text: string, goPackage: string): void {
  const group = /^const GroupName = "(.*)"/m.exec(text)?.[1]
  if (group !== undefined) groupPackages.set(`${group}/${goPackage.split('/').at(-1)}`, goPackage)
  const imports = new Map<string, string>()
  for (const [, alias, path = ''] of text.matchAll(/^\s+(?:(\w+) )?"(k8s\.io\/[^"]+)"$/gm)) {
    imports.set(alias ?? path.split('/').at(-1) ?? '', path)
  }
  for (const [, name = '', body = ''] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    structs.set(`${goPackage}.${name}`, { package: goPackage, imports, lines: body.split('\n') })
  }
  for (const [, name = ''] of text.matchAll(/^type (\w+) struct ?\{\}/gm)) {
    structs.set(`${goPackage}.${name}`, { package: goPackage, imports, lines: [] })
  }
  for (const [, name = '', type = ''] of text.matchAll(/^type (\w+) ([\w.[\]*]+)$/gm)) {
    aliases.set(`${goPackage}.${name}`, { package: goPackage, imports, type })
  }
}

function shortName(name: string): string {
  return name.replace(/^k8s\.io\/(api|(apimachinery|apiextensions-apiserver)\/pkg\/apis)\//, '')
}

function addMessage(name: string): string {
  const short = shortName(name)
  const struct = structs.get(name)
  if (struct === undefined) throw new Error(`no Go struct ${name}`)
  if (messages[short] !== undefined) return short
  const fields: Field[] = []
  messages[short] = fields
  for (const line of struct.lines) {
    const field = /^\s+(?:(\w+)\s+)?([\w.[\]*]+)\s+`(.*)`/.exec(line)
    const [, , type = '', tags = ''] = field ?? []
    const number = /protobuf:"\w+,(\d+),/.exec(tags)?.[1]
    const json = /json:"([^"]*)"/.exec(tags)?.[1]
    if (number === undefined || json === undefined) continue
    const [jsonName = '', ...jsonOptions] = json.split(',')
    const marks = (type.startsWith('*') ? '*' : '') + (jsonOptions.includes('omitempty') ? '?' : '')
    const isInline = jsonName === '' && jsonOptions.includes('inline')
    fields.push([Number(number), isInline ? '' : jsonName, wireType(type.replace(/^\*/, ''), struct), marks])
  }
  return short
}

/** `[]x`, `{}x` (a map from strings), a scalar, a special type or the name of a message. */
function wireType(type: string, from: Pick<GoStruct, 'package' | 'imports'>): string {
  if (type === '[]byte') return 'bytes'
  if (type.startsWith('[]')) return `[]${wireType(type.slice(2).replace(/^\*/, ''), from)}`
  const value = /^map\[[\w.]+\](.+)$/.exec(type)?.[1]
  if (value !== undefined) return `{}${wireType(value, from)}`
  if (scalars.has(type)) return type.startsWith('int') || type.startsWith('uint') ? 'int' : type
  const [first = '', second] = type.split('.')
  const name = second === undefined ? `${from.package}.${first}` : `${from.imports.get(first)}.${second}`
  const known = special[name]
  if (known !== undefined) return known
  if (name.endsWith('.ExtraValue')) return 'items'
  const alias = aliases.get(name)
  return alias === undefined ? addMessage(name) : wireType(alias.type, alias)
}
