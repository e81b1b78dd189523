// Records what the store asks of the file system (strace) and shows that each acknowledgement follows the sync of the
// log that holds its write. It cannot show that the disk keeps what it confirmed. Without strace it is skipped; the
// order of commit and acknowledgement, and SQLite's own settings, are checked in kcp/storage/ everywhere.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const skip = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0 ? false : 'no strace here'

test('each acknowledgement follows the sync of the log', { skip }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'store-sync-'))
  try {
    const trace = join(directory, 'trace')
    const program = join(import.meta.dirname, 'store-crash-load.ts')
    const calls = ['-f', '-y', '-s', '100', '-e', 'trace=fsync,fdatasync,pwrite64,write', '-o', trace]
    const load = [process.execPath, program, join(directory, 'store'), join(directory, 'acknowledged'), '0', '3', '12']
    const child = spawnSync('strace', [...calls, ...load], { encoding: 'utf8' })
    assert.equal(child.status, 0, child.stderr)
    const steps = readFileSync(trace, 'utf8').split('\n').flatMap(stepsOf)
    assert.equal(steps.filter(step => step.type === 'acknowledge').length, 36)
    let synced = 0
    for (const [i, step] of steps.entries()) {
      if (step.type === 'mark') {
        const before = steps.slice(0, i).findLast(each => each.type === 'write' || each.type === 'sync')
        assert.equal(before?.type, 'sync', `revision ${step.revision} was marked before its sync`)
        synced = step.revision
      }
      if (step.type === 'acknowledge') assert.ok(step.revision <= synced, `revision ${step.revision} after ${synced}`)
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
})

interface FileStep {
  readonly type: 'write' | 'sync' | 'mark' | 'acknowledge'
  readonly revision: number
}

/** A call that was interrupted by another thread counts where it ends if it is a sync, else where it begins. */
function stepsOf(line: string): FileStep[] {
  if (/pwrite64\(\d+<[^>]*store\.db-wal>/.test(line)) return [{ type: 'write', revision: 0 }]
  if (/(fsync|fdatasync)\(\d+<[^>]*store\.db-wal>\)\s+= 0/.test(line)) return [{ type: 'sync', revision: 0 }]
  if (/<\.\.\. (fsync|fdatasync) resumed>\)\s+= 0/.test(line)) return [{ type: 'sync', revision: 0 }]
  const mark = /pwrite64\(\d+<[^>]*store\.mark>, "kcp store, acknowledged up to revision (\d+)/.exec(line)
  if (mark) return [{ type: 'mark', revision: Number(mark[1]) }]
  const acknowledgement = /write\(\d+<[^>]*>, "ack \d+ \d+ (\d+)/.exec(line)
  return acknowledgement ? [{ type: 'acknowledge', revision: Number(acknowledgement[1]) }] : []
}
