// Builds one file per program into dist/, so that a plugin command starts in a blink and the image needs no node_modules.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { type BuildOptions, build, type Plugin } from 'esbuild'

const programs: Record<string, string> = {
  kcp: 'kcp/main.ts',
  syncer: 'syncer/main.ts',
  pcluster: 'pcluster/main.ts',
  'kubectl-kcp': 'cli/kubectl-kcp.ts',
  'kubectl-ws': 'cli/kubectl-ws.ts',
  'kubectl-workspace': 'cli/kubectl-workspace.ts',
  // Not a program: the thread of kcp/storage that writes the store, loaded from beside kcp.
  'commit-thread': 'kcp/storage/commit-thread.ts',
}

/** Large and asked for rarely (exec plugins of kubeconfigs): beside the programs, read only when imported. */
const rarelyUsed = { package: '@kubernetes/client-node', file: 'kubernetes-client-node' }

const keepApart: Plugin = {
  name: 'keep rarely used packages apart',
  setup(setup) {
    setup.onResolve({ filter: new RegExp(`^${rarelyUsed.package}$`) }, () => ({
      path: `./${rarelyUsed.file}.mjs`,
      external: true,
    }))
  },
}

// Built beside and moved file by file: programs that start meanwhile find the old bundle or the new one.
const draft = `.dist-${process.pid}`

const options: BuildOptions = {
  outdir: draft,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
  // CommonJS dependencies call require() for Node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
}

const missing = Object.values(programs).filter(file => !existsSync(file))
if (missing.length > 0) throw new Error(`missing entry points: ${missing.join(', ')}`)
await build({ ...options, entryPoints: programs, plugins: [keepApart] })
await build({ ...options, entryPoints: { [rarelyUsed.file]: rarelyUsed.package } })
mkdirSync('dist', { recursive: true })
const built = readdirSync(draft)
for (const file of built) renameSync(`${draft}/${file}`, `dist/${file}`)
for (const file of readdirSync('dist')) if (!built.includes(file)) rmSync(`dist/${file}`, { recursive: true })
rmSync(draft, { recursive: true })
