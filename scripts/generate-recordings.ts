// Makes the fact tables of test/fixtures/recordings from recordings of Go kcp v0.11 and Kubernetes 1.31: names, types,
// codes, sets of field paths; no descriptions. What is in a table is said where it is read, in test/harness/recordings.ts.
// Usage: scripts/node.sh scripts/generate-recordings.ts <folder with kubernetes-1.31 and kcp-0.11>
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { discoveryRows } from '../test/harness/discovery-rows.ts'
import { fieldPaths, stableName } from '../test/harness/field-paths.ts'
import { openapiFacts } from '../test/harness/openapi-facts.ts'
import { walkSteps } from './recordings/walk-steps.ts'

interface Recorded {
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

const [dataFolder] = process.argv.slice(2)
if (dataFolder === undefined) throw new Error('usage: generate-recordings.ts <data folder>')
const kcpFolder = join(dataFolder, 'kcp-0.11')
const kubernetesFolder = join(dataFolder, 'kubernetes-1.31')
const outputFolder = join(import.meta.dirname, '../test/fixtures/recordings')

mkdirSync(outputFolder, { recursive: true })
const trace = readFileSync(join(kcpFolder, 'trace.jsonl'), 'utf8').trim().split('\n')
const walk = walkSteps(trace.map(line => JSON.parse(line)))
write('kcp-walk.json', { shapes: walk.shapes, steps: walk.steps })
write('kcp-walk-schemas.json', walk.schemas)
write('kcp-discovery.json', ofWorkspaces('discovery', discoveryRows))
write('kcp-objects.json', ofWorkspaces('objects', objectShapes))
write('kubernetes-discovery.json', kubernetesDiscovery())
const { paths, components } = kubernetesOpenapi()
write('kubernetes-paths.json', paths)
write('kubernetes-components.json', components)

/** One line an entry, so that a difference of two versions can be read. */
function write(file: string, tables: object): void {
  const parts = Object.entries(tables).map(([name, value]) => {
    if (!Array.isArray(value)) return `${JSON.stringify(name)}:${JSON.stringify(value)}`
    return `${JSON.stringify(name)}:[\n${value.map(row => JSON.stringify(row)).join(',\n')}\n]`
  })
  writeFileSync(join(outputFolder, file), `{\n${parts.join(',\n')}\n}\n`)
}

function ofWorkspaces<T>(kind: string, factsOf: (recorded: Record<string, never>) => T): Record<string, T> {
  const files = readdirSync(kcpFolder).filter(file => file.startsWith(`${kind}-`) && !file.includes('crds'))
  return Object.fromEntries(
    files.sort().map(file => {
      const recorded = JSON.parse(readFileSync(join(kcpFolder, file), 'utf8'))
      return [file.slice(kind.length + 1, -'.json'.length), factsOf(recorded)]
    }),
  )
}

/** Path of a list → name of an object → its field paths; equal sets are written once, below `shapes`. */
function objectShapes(lists: Record<string, readonly Recorded[]>) {
  const known = new Map<string, number>()
  const objects = Object.entries(lists).map(([path, items]) => [
    path,
    Object.fromEntries(
      items.map(item => {
        const shape = fieldPaths(item).join(' ')
        const index = known.get(shape) ?? known.set(shape, known.size).size - 1
        const { namespace, name } = item.metadata
        return [`${namespace === undefined ? '' : `${namespace}/`}${stableName(name)}`, index]
      }),
    ),
  ])
  return { objects: Object.fromEntries(objects), shapes: [...known.keys()] }
}

function kubernetesDiscovery() {
  const documents: Record<string, never> = {}
  const aggregated: Record<string, never> = {}
  for (const file of readdirSync(kubernetesFolder).filter(each => each.startsWith('discovery_'))) {
    const document = JSON.parse(readFileSync(join(kubernetesFolder, file), 'utf8'))
    const [part = '', form] = file.slice('discovery_'.length, -'.json'.length).split('_')
    if (form === 'aggregated') aggregated[`/${part}`] = document as never
    else if (form === undefined) documents[`/${part}`] = document as never
    else documents[part === 'api' ? `/api/${form}` : `/apis/${part}/${form}`] = document as never
  }
  return { legacy: discoveryRows(documents), aggregated: discoveryRows(aggregated) }
}

function kubernetesOpenapi() {
  const folder = join(kubernetesFolder, 'openapi-v3')
  const paths: Record<string, string[]> = {}
  const components: Record<string, string> = {}
  for (const file of readdirSync(folder).sort()) {
    const facts = openapiFacts(JSON.parse(readFileSync(join(folder, file), 'utf8')))
    paths[file.slice(0, -'.json'.length).replaceAll('_', '/')] = facts.paths
    Object.assign(components, facts.components)
  }
  return { paths, components }
}
