// Commands in every-day use, with a real kubectl (and helm where there is one), against kcp and a simulated cluster.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findHelm } from '../../scripts/kubectl.ts'
import { kubectlFiles } from '../harness/kubectl-files.ts'
import {
  accessRows,
  apiRows,
  boundRows,
  type CommandRow,
  everydayRows,
  helmRows,
  workloadRows,
} from '../harness/kubectl-rows.ts'
import { openStage, type Stage } from '../harness/walk.ts'

let stage: Stage
before(async () => {
  stage = openStage()
  for (const [name, text] of Object.entries(kubectlFiles)) {
    const file = join(stage.cwd, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  await Promise.all([stage.startKcp(), stage.startPcluster('kind')])
  await stage.ok('kubectl ws create commands --enter')
})
after(() => stage[Symbol.asyncDispose]())

const kcp = ''
const cluster = 'export KUBECONFIG=.pcluster/kind/admin.kubeconfig; '

function perform(rows: readonly CommandRow[], where: string): void {
  for (const [command, want, code = 0] of rows) {
    test(`$ ${command}`, async () => {
      const result = await stage.run(`${where}${command}`)
      assert.match(result.output, want)
      assert.equal(result.code, code, result.output)
    })
  }
}

describe('every day, in kcp', () => perform(everydayRows, kcp))
describe('every day, in a cluster', () => perform(everydayRows, cluster))
describe('discovery and custom resources, in kcp', () => perform(apiRows, kcp))
describe('discovery and custom resources, in a cluster', () => perform(apiRows, cluster))
describe('users and permissions, in kcp', () => perform(accessRows, kcp))
describe('users and permissions, in a cluster', () => perform(accessRows, cluster))
describe('bound types, in kcp', () => perform(boundRows, kcp))
describe('workloads, in a cluster', () => perform(workloadRows, cluster))

const helm = findHelm()
describe('helm, in kcp', { skip: helm === undefined && 'there is no helm: install one to run this' }, () => {
  const path = helm === undefined ? '' : `export PATH=${dirname(helm)}:$PATH; `
  perform(helmRows, path)
})
