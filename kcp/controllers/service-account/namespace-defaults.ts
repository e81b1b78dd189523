// What every namespace has: the ServiceAccount `default` and the ConfigMap with the server's certificate authority.
import { formatKey, type KubeObject, type ObjectKey, parseKey } from '../../../api/objects.ts'
import { isAlreadyExists, isForbidden, isNotFound } from '../../../api/status-error.ts'
import { createInformer } from '../../../api-client/cache/create-informer.ts'
import type { Informer } from '../../../api-client/cache/informer.ts'
import { clientFor, known, type Loop, startLoop } from '../loop.ts'
import { configMaps, namespaces, serviceAccounts } from '../resources.ts'
import type { ServiceAccountDeps } from './controller.ts'
import { rootCaConfigMap, rootCaName } from './decide.ts'

export interface NamespaceDefaults {
  readonly loop: Loop
  readonly informer: Informer<string>
}

export function startNamespaceDefaults(deps: ServiceAccountDeps): NamespaceDefaults {
  const { client, informers, certificateAuthority } = deps
  const accounts = informers.keysOf(serviceAccounts)
  const bundles = createInformer<string>({
    client: deps.everywhere,
    gvr: configMaps,
    clock: deps.clock,
    random: deps.random,
    log: deps.log,
    selectors: { fieldSelector: `metadata.name=${rootCaName}` },
    project: object => bundleState(object, certificateAuthority),
  })
  const loop = startLoop(deps, {
    name: 'namespace-defaults',
    workers: 16,
    async reconcile(text, signal) {
      await known(Promise.all([accounts.synced, bundles.synced]), signal)
      const { cluster, name: namespace } = parseKey(text)
      const local = clientFor(client, cluster)
      const writes: Promise<unknown>[] = []
      if (!accounts.get(formatKey({ cluster, namespace, name: 'default' }))) {
        const metadata = { name: 'default', namespace }
        writes.push(local.create(serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata }))
      }
      const state = bundles.get(formatKey({ cluster, namespace, name: rootCaName }))
      const bundle = rootCaConfigMap(namespace, certificateAuthority)
      if (state === undefined) writes.push(local.create(configMaps, bundle))
      if (state === 'differs') {
        const target = { namespace, name: rootCaName }
        writes.push(local.patch(configMaps, target, { type: 'merge', body: { data: bundle.data } }))
      }
      await allButHindered(writes)
    },
  })
  const wake = ({ cluster, namespace }: ObjectKey) => loop.add(formatKey({ cluster, namespace: '', name: namespace }))
  informers.keysOf(namespaces).onChange((key, after) => after && loop.add(formatKey(key)))
  accounts.onChange((key, after) => {
    if (after === undefined && key.name === 'default') wake(key)
  })
  bundles.onChange((key, after) => {
    if (after !== 'same') wake(key)
  })
  return { loop, informer: bundles }
}

function bundleState(object: KubeObject, certificateAuthority: string): 'same' | 'differs' {
  const { data } = object as KubeObject & { data?: Record<string, string> }
  return data?.['ca.crt'] === certificateAuthority ? 'same' : 'differs'
}

/** In a namespace that ends or has ended there is nothing to do; what exists already is as good. */
async function allButHindered(writes: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(writes)) {
    if (result.status === 'fulfilled') continue
    const { reason } = result
    if (!isAlreadyExists(reason) && !isForbidden(reason) && !isNotFound(reason)) throw reason
  }
}
