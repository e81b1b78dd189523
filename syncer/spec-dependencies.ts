// What the spec reconciler needs of the other folders, as functions.

import { namespaceLocatorAnnotation } from '../api/names/kcp-keys.ts'
import { equalNamespaceLocators, formatNamespaceLocator } from '../api/names/namespace-locator.ts'
import { formatKey, type KubeObject, type ObjectKey } from '../api/objects.ts'
import type { Client } from '../api-client/client.ts'
import type { Log } from '../api-client/log.ts'
import { gvrId, type SyncTargetIdentity, secretsGvr } from './identity.ts'
import { readLocator } from './namespaces/decide.ts'
import type { DownstreamNamespaces } from './namespaces/downstream-namespaces.ts'
import { contentHash, member, ownedFields } from './objects/managed-content.ts'
import type { SpecDependencies } from './spec/dependencies.ts'
import type { SyncedKind } from './synced-object.ts'
import { downstreamObject } from './transforms/downstream-object.ts'
import { possibleDownstreamNames } from './transforms/names.ts'
import { chooseTokenSecret } from './transforms/token-secret.ts'

export interface SpecSurroundings {
  readonly syncTarget: SyncTargetIdentity
  readonly upstreamUrl: string
  readonly upstreamClient: Client
  readonly downstreamClient: Client
  readonly log: Log
  readonly namespaces: DownstreamNamespaces
  kindOf(id: string): SyncedKind | undefined
  mayWrite(): boolean
  settled(specKey: string): void
  emptied(namespace: string): void
}

export type SpecParts = SpecDependencies & {
  downstreamKey(kind: SyncedKind, key: ObjectKey): ObjectKey | undefined
}

export function specDependencies(surroundings: SpecSurroundings): SpecParts {
  const { syncTarget, upstreamClient, downstreamClient, log, namespaces, kindOf, mayWrite, settled, emptied } =
    surroundings
  return {
    syncTarget,
    upstreamClient,
    downstreamClient,
    log,
    kindOf,
    mayWrite,
    settled,
    emptied,
    findNamespace: namespaces.find,
    askForNamespace: namespaces.ask,
    ensureNamespace: namespaces.ensure,
    contentHash,
    compared: actual => ({ owned: ownedFields(actual), member }),
    downstreamNameOfGone,
    transform: (kind, view, key, at) =>
      downstreamObject(view, {
        gvr: kind.gvr,
        syncTargetKey: syncTarget.key,
        name: at.name,
        namespace: at.namespace,
        locator: namespaces.locatorFor(key.cluster, key.namespace),
        surroundings: {
          upstreamUrl: surroundings.upstreamUrl,
          upstreamNamespace: key.namespace,
          upstreamCluster: key.cluster,
          tokenSecret: account => tokenSecret(kindOf(gvrId(secretsGvr)), key, account),
        },
      }),
    collisionOf: (_kind, object, key) => collisionOf(object, namespaces.locatorFor(key.cluster, '')),
    downstreamKey(kind, key) {
      const namespace = kind.namespaced ? namespaces.find(key.cluster, key.namespace) : ''
      if (namespace === undefined) return undefined
      const record = kind.upstream.get(formatKey(key))
      return { cluster: '', namespace, name: record?.downstreamName ?? downstreamNameOfGone(kind, key, namespace) }
    },
  }
}

function downstreamNameOfGone(kind: SyncedKind, key: ObjectKey, namespace: string): string {
  const names = possibleDownstreamNames(kind.gvr, key.name)
  const found = names.find(name => kind.downstream.get(formatKey({ cluster: '', namespace, name })))
  return found ?? names[0] ?? key.name
}

function tokenSecret(secrets: SyncedKind | undefined, key: ObjectKey, serviceAccount: string): string | undefined {
  const keys = secrets?.upstream.keysInNamespace(`${key.cluster}|${key.namespace}`) ?? []
  const tokens = keys.flatMap(text => {
    const record = secrets?.upstream.get(text)
    return record?.token ? [{ ...record.token, downstreamName: record.downstreamName }] : []
  })
  return chooseTokenSecret(tokens, serviceAccount)
}

/** A cluster-scoped object that exists downstream is written only when its locator says that it is this very one. */
function collisionOf(object: KubeObject, wanted: ReturnType<DownstreamNamespaces['locatorFor']>): string | undefined {
  const { name, annotations } = object.metadata
  const located = readLocator(annotations?.[namespaceLocatorAnnotation])
  if (located.type === 'none') return `(cluster-wide resource collision) resource ${name} has no namespace locator`
  if (located.type === 'unreadable')
    return `(possible cluster-wide resource collision) resource ${name}: ${located.problem}`
  if (equalNamespaceLocators(located.locator, wanted)) return undefined
  const other = formatNamespaceLocator(located.locator)
  return `(cluster-wide resource collision) resource ${name} already exists, but has a different namespace locator annotation: ${other}`
}
