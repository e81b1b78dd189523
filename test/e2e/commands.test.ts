// Commands of every day with kubectl of three generations and helm, as they come from registries, against kcp and a
// simulated cluster: one table each, both servers at a time.
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe } from 'node:test'
import { bundledHelm, bundledKubectl, type Generation, generations } from '../../scripts/kubectl.ts'
import { seedNames, walkSteps } from '../../scripts/walk/steps.ts'
import { accessRows } from '../harness/commands/access.ts'
import { customResourceRows, discoveryRows } from '../harness/commands/discovery.ts'
import { helmRows, helmSyncedRows, helmTestPodRows, helmWorkloadRows } from '../harness/commands/helm.ts'
import { lastRows, namespaceRows, objectRows } from '../harness/commands/objects.ts'
import { type Lane, laneFolder, performRows } from '../harness/commands/perform.ts'
import type { CommandRow } from '../harness/commands/row.ts'
import { boundRows, nodeRows, workloadRows } from '../harness/commands/workloads.ts'
import { openStage, placesOf, type Stage } from '../harness/walk.ts'

const helm = bundledHelm()
const skip = helm === undefined && 'the programs inside the dev dependencies are for linux/amd64'
let stage: Stage

before(async () => {
  if (skip) return
  stage = openStage()
  await Promise.all([stage.startKcp(), stage.startPcluster('kind', ['--fail-image', 'broken'])])
})
after(() => stage?.[Symbol.asyncDispose]())

interface LaneSetup {
  readonly generation: Generation
  /** In the stage's folder, after `prepare`; the lane has a copy. */
  readonly kubeconfig: string
  readonly prepare?: () => Promise<unknown>
}

/** A suite whose rows run one after the other in a folder of their own. */
function inLane(name: string, setup: LaneSetup, ...tables: (readonly CommandRow[])[]): void {
  describe(name, { concurrency: 1 }, () => {
    let lane: Lane
    before(async () => {
      await setup.prepare?.()
      const cwd = join(stage.cwd, name.replaceAll(/\W+/g, '-'))
      const own = await laneFolder(cwd, readFileSync(join(stage.cwd, setup.kubeconfig), 'utf8'))
      const programs = [bundledKubectl(setup.generation), helm].map(file => dirname(file ?? ''))
      const path = [...programs, stage.env.PATH].join(delimiter)
      lane = { cwd, env: { ...stage.env, ...own, PATH: path }, signal: stage.signal }
    })
    performRows(tables.flat(), () => lane, setup.generation)
  })
}

const everywhere = [...namespaceRows, ...objectRows, ...discoveryRows, ...customResourceRows, ...accessRows]
const kcp = '.kcp/admin.kubeconfig'
const cluster = '.pcluster/kind/admin.kubeconfig'

describe('clients', { skip, concurrency: 2 }, () => {
  describe('of kcp', { concurrency: 1 }, () => {
    for (const generation of generations) {
      const prepare = () => stage.ok(`kubectl ws root && kubectl ws create commands-${generation} --enter`)
      const setup = { generation, kubeconfig: kcp, prepare }
      inLane(`kubectl 1.${generation}, in kcp`, setup, everywhere, boundRows, lastRows)
    }
    const prepare = async () => {
      await stage.ok('kubectl ws')
      const steps = walkSteps(seedNames, placesOf('kind'))
      // The walk up to the first deployment: kcp has a syncer, and a workspace that it serves.
      const ends = steps.findIndex(step => step.command.includes('create deployment'))
      for (const step of steps.slice(0, ends)) await stage.step(step)
    }
    const setup = { generation: generations[1], kubeconfig: kcp, prepare }
    inLane('helm, in kcp', setup, namespaceRows, helmRows, helmSyncedRows, lastRows)
  })

  describe('of a cluster', { concurrency: 1 }, () => {
    for (const generation of generations) {
      const setup = { generation, kubeconfig: cluster }
      inLane(`kubectl 1.${generation}, in a cluster`, setup, everywhere, workloadRows, nodeRows, lastRows)
    }
    const setup = { generation: generations[1], kubeconfig: cluster }
    inLane('helm, in a cluster', setup, namespaceRows, helmRows, helmWorkloadRows, helmTestPodRows, lastRows)
  })
})
