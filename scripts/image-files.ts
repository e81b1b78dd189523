// Assembles the files of the syncer image below a folder: the Dockerfile's last stage copies them as they are.
// Usage: scripts/node.sh scripts/image-files.ts FOLDER
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('error: a folder is required: scripts/image-files.ts FOLDER')
  process.exit(1)
}

const write = (path: string, content: string, mode: number) => {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  chmodSync(file, mode)
}
// The entry point has the name Go kcp's images use; the kernel reads the first line, so no shell is needed.
write('ko-app/syncer', `#!/usr/local/bin/node\n${readFileSync(join(root, 'dist/syncer.mjs'), 'utf8')}`, 0o555)
// Read only for kubeconfigs with exec plugins.
write('ko-app/kubernetes-client-node.mjs', readFileSync(join(root, 'dist/kubernetes-client-node.mjs'), 'utf8'), 0o444)
write('ko-app/package.json', '{"type":"module"}\n', 0o444)
mkdirSync(join(folder, 'usr/local/bin'), { recursive: true })
copyFileSync(process.execPath, join(folder, 'usr/local/bin/node'))
chmodSync(join(folder, 'usr/local/bin/node'), 0o555)
