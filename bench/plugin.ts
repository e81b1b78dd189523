// How long `kubectl ws .` takes, beside Node alone.
import { spawnSync } from 'node:child_process'
import { printRow, quantile } from './report.ts'
import { startBenchedKcp } from './servers.ts'

const runs = 9

export async function run(): Promise<void> {
  await using kcp = await startBenchedKcp()
  const { cwd, env } = kcp.place
  const time = (command: string, args: readonly string[]) => {
    const times = Array.from({ length: runs }, () => {
      const startedMs = performance.now()
      const { status, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
      if (status !== 0) throw new Error(`${command}: ${stderr}`)
      return performance.now() - startedMs
    })
    return quantile(times, 0.5)
  }
  printRow({
    'node alone, ms': time(process.execPath, ['-e', '']),
    'kubectl-ws ., ms': time('kubectl-ws', ['.']),
    'kubectl ws . (kubectl finds the plugin), ms': time('kubectl', ['ws', '.']),
  })
}
