// Deployment → ReplicaSets. Woken by both; writes what decide.ts says.
import { formatKey } from '../../../api/objects.ts'
import { isAlreadyExists } from '../../../api/status-error.ts'
import { type Loop, type LoopDeps, patchRead, startLoop } from '../../../kcp/controllers/loop.ts'
import { byNamespace, byOwner, type ClusterCache, controllerKey } from '../../cluster-cache.ts'
import { type Deployment, deployments, replicaSets } from '../../workloads.ts'
import { adopt, adoptersOf, orphansFor } from '../adoption.ts'
import { type Action, decide, revisionAnnotation } from './decide.ts'

export function startDeploymentController(deps: LoopDeps, cache: ClusterCache): Loop {
  const loop = startLoop(deps, { name: 'deployment', reconcile })
  cache.deployments.onChange(key => loop.add(formatKey(key)))
  cache.replicaSets.onChange((_, after, before) => {
    const object = after ?? before
    const owner = object && controllerKey(object, 'Deployment')
    if (owner !== undefined) loop.add(owner)
    else if (after) {
      const inNamespace = cache.deployments.byIndex(byNamespace, after.metadata.namespace ?? '')
      for (const key of adoptersOf(after, inNamespace)) loop.add(key)
    }
  })
  return loop

  async function reconcile(key: string): Promise<void> {
    const deployment = cache.deployments.get(key)
    if (!deployment || deployment.metadata.deletionTimestamp) return
    const orphans = orphansFor(deployment, cache.replicaSets.byIndex(byOwner, ''))
    for (const orphan of orphans) await adopt(deps.client, replicaSets, { owner: deployment, orphan })
    // Their events wake this key.
    if (orphans.length > 0) return
    const owned = cache.replicaSets.byIndex(byOwner, deployment.metadata.uid ?? '')
    const { actions, status, revision } = decide(deployment, owned, new Date(deps.clock.now()))
    for (const action of actions) await perform(deps, action)
    if (deployment.metadata.annotations?.[revisionAnnotation] !== String(revision)) {
      await annotate(deps, deployment, revision)
    } else if (status) await writeStatus(deps, { ...deployment, status })
  }
}

async function perform({ client }: LoopDeps, action: Action): Promise<void> {
  const { replicaSet } = action
  const { name, namespace = '', uid = '' } = replicaSet.metadata
  switch (action.type) {
    case 'create':
      try {
        await client.create(replicaSets, replicaSet)
      } catch (error) {
        // Its event is on the way: the name is derived from the template.
        if (!isAlreadyExists(error)) throw error
      }
      return
    case 'scale':
      await patchRead(client, replicaSets, { object: replicaSet, body: { spec: { replicas: action.replicas } } })
      return
    case 'set-revision':
      await client.patch(
        replicaSets,
        { name, namespace },
        { type: 'merge', body: { metadata: { annotations: { [revisionAnnotation]: String(action.revision) } } } },
      )
      return
    case 'delete':
      await client.delete(replicaSets, { name, namespace }, { uid, propagationPolicy: 'Background' })
  }
}

async function annotate({ client }: LoopDeps, deployment: Deployment, revision: number): Promise<void> {
  const { name, namespace = '' } = deployment.metadata
  const body = { metadata: { annotations: { [revisionAnnotation]: String(revision) } } }
  await client.patch(deployments, { name, namespace }, { type: 'merge', body })
}

async function writeStatus({ client }: LoopDeps, deployment: Deployment): Promise<void> {
  await client.update(deployments, deployment, { subresource: 'status' })
}
