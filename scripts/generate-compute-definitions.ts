// Makes test/fixtures/recordings/compute-definitions.json: how kube-apiservers of several versions publish the types of the
// compute export, in OpenAPI v2 and v3. A folder holds openapi-v2.json and openapi-v3/<group version, `/` as `_`>.json.
// Usage: scripts/node.sh scripts/generate-compute-definitions.ts 1.24=<folder> 1.31=<folder> …
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Schemas = Record<string, unknown>

const kinds = ['apps.v1.Deployment', 'networking.v1.Ingress', 'core.v1.Pod', 'core.v1.Service']
const groupVersions = ['api_v1', 'apis_apps_v1', 'apis_networking.k8s.io_v1']
const output = join(import.meta.dirname, '../test/fixtures/recordings/compute-definitions.json')

/** Definition and its text → the documents that have it so: most are the same in several versions. */
const rows = new Map<string, { name: string; documents: string[]; schema: unknown }>()
for (const argument of process.argv.slice(2)) {
  const [version = '', folder = ''] = argument.split('=')
  const read = (file: string) => JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8'))
  const v3 = groupVersions.map(name => read(`openapi-v3/${name}`).components.schemas as Schemas)
  add(`${version} v2`, read('openapi-v2').definitions)
  add(`${version} v3`, Object.assign({}, ...v3))
}
const lines = [...rows.values()].map(({ name, documents, schema }) => JSON.stringify([name, documents, schema]))
writeFileSync(output, `[\n${lines.sort().join(',\n')}\n]\n`)

function add(document: string, schemas: Schemas): void {
  const reached = new Set<string>()
  const reach = (name: string) => {
    if (reached.has(name)) return
    reached.add(name)
    const schema = withoutDescriptions(schemas[name])
    const text = JSON.stringify(schema)
    const row = rows.get(name + text) ?? { name, documents: [], schema }
    rows.set(name + text, row)
    row.documents.push(document)
    for (const [, reference = ''] of text.matchAll(/"\$ref":"[^"]*\/([^"/]+)"/g)) reach(reference)
  }
  for (const kind of kinds) reach(`io.k8s.api.${kind}`)
}

/** A property may be called description: there it is an object. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key, member]) => key !== 'description' || typeof member !== 'string')
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutDescriptions(member)]))
}
