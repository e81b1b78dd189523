// `npm run bench` asks every question below, `npm run bench -- NAME …` some of them. Prints figures, judges none.
import { cpus } from 'node:os'
import { printTitle } from './report.ts'

const questions: Record<string, () => Promise<{ run(): Promise<void> }>> = {
  start: () => import('./start.ts'),
  plugin: () => import('./plugin.ts'),
  objects: () => import('./objects.ts'),
  watch: () => import('./watch.ts'),
  apply: () => import('./apply.ts'),
  definitions: () => import('./definitions.ts'),
  workspaces: () => import('./workspaces.ts'),
  'workspace-memory': () => import('./workspace-memory.ts'),
  'start-many': () => import('./start-many.ts'),
  syncer: () => import('./syncer.ts'),
  'syncer-memory': () => import('./syncer-memory.ts'),
  store: () => import('./store.ts'),
  cel: () => import('./cel.ts'),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(questions, name))
if (unknown.length > 0) {
  process.stderr.write(
    `error: no such question: ${unknown.join(', ')}; there are ${Object.keys(questions).join(', ')}\n`,
  )
  process.exit(1)
}
const [cpu] = cpus()
console.log(`${new Date().toISOString()} · ${cpus().length} × ${cpu?.model ?? 'unknown'} · Node ${process.version}`)
for (const [name, load] of Object.entries(questions)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  printTitle(name)
  const { run } = await load()
  await run()
}
