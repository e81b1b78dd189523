// Builds one file per program into dist/, so that a plugin command starts in a blink and the image needs no node_modules.
import { existsSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const programs: Record<string, string> = {
  kcp: 'kcp/main.ts',
  syncer: 'syncer/main.ts',
  pcluster: 'pcluster/main.ts',
  'kubectl-kcp': 'cli/kubectl-kcp.ts',
  'kubectl-ws': 'cli/kubectl-ws.ts',
  'kubectl-workspace': 'cli/kubectl-workspace.ts',
}

/** Not a program: the thread of kcp/storage that writes the store, loaded from beside kcp. */
programs['commit-thread'] = 'kcp/storage/commit-thread.ts'

const missing = Object.values(programs).filter(file => !existsSync(file))
if (missing.length > 0) throw new Error(`missing entry points: ${missing.join(', ')}`)
rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: Object.fromEntries(Object.entries(programs).map(([name, file]) => [name, file])),
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: false,
  logLevel: 'warning',
  // CommonJS dependencies call require() for Node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
})
