// Runs one group of tests with Node's own runner: unit (beside the code, and the tidy laws), conformance, e2e, clients.
// Extra arguments filter files by a part of their path: `npm run e2e -- walk`.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'

const groups: Record<string, { include: string[]; exclude: string[]; concurrency: number; timeoutMs: number }> = {
  unit: {
    include: ['{api,api-client,kcp,syncer,cli,pcluster,scripts}/**/*.test.ts', 'test/*.test.ts'],
    exclude: [],
    concurrency: 2,
    timeoutMs: 120_000,
  },
  conformance: {
    include: ['test/{conformance,simulation}/**/*.test.ts'],
    exclude: [],
    concurrency: 2,
    timeoutMs: 300_000,
  },
  clients: { include: ['test/clients/**/*.test.ts'], exclude: [], concurrency: 1, timeoutMs: 600_000 },
  e2e: { include: ['test/e2e/**/*.test.ts'], exclude: [], concurrency: 1, timeoutMs: 600_000 },
}

const [name = 'unit', ...filters] = process.argv.slice(2)
const group = groups[name]
if (!group) {
  console.error(`error: unknown group "${name}"; valid groups are ${Object.keys(groups).join(', ')}`)
  process.exit(1)
}
const files = globSync(group.include)
  .filter(file => filters.length === 0 || filters.some(part => file.includes(part)))
  .sort()
if (files.length === 0) {
  console.error(`error: no test file matches ${[...group.include, ...filters].join(' ')}`)
  process.exit(1)
}
const result = spawnSync(
  process.execPath,
  [
    '--disable-warning=ExperimentalWarning',
    '--test',
    `--test-concurrency=${group.concurrency}`,
    `--test-timeout=${group.timeoutMs}`,
    ...files,
  ],
  { stdio: 'inherit' },
)
process.exit(result.status ?? 1)
