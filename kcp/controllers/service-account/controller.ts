// ServiceAccounts: the default one of each namespace, and tokens in Secrets. A Secret is named in its account only once
// it has its token. Leaves out: tokens by TokenRequest (kcp/auth).
import { formatKey, type KubeObject, parseKey } from '../../../api/objects.ts'
import { isAlreadyExists, isConflict, isForbidden, isNotFound } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { listAll } from '../../../api-client/resources/list-all.ts'
import { clientFor, clusterOf, getOrUndefined, type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { secrets, serviceAccounts } from '../resources.ts'
import {
  accountOf,
  accountUidAnnotation,
  decideSecret,
  type Secret,
  type ServiceAccount,
  type TokenFacts,
  tokenData,
  tokenSecretName,
  tokenSecretOf,
  tokenSecretType,
} from './decide.ts'
import { startNamespaceDefaults } from './namespace-defaults.ts'

export interface ServiceAccountDeps extends LoopDeps {
  /** Reads all logical clusters; the same as `client` on a plain Kubernetes server. */
  readonly everywhere: Client
  /** PEM that clients of this server trust. */
  readonly certificateAuthority: string
  readonly issueToken: (
    account: { cluster: string; namespace: string; name: string; uid: string },
    secretName: string,
  ) => Promise<string>
  /** Make a token Secret for every account, as Kubernetes did before 1.24. */
  readonly generatesSecrets: boolean
}

const attemptsMax = 5

export function startServiceAccountController(deps: ServiceAccountDeps): Loop[] {
  const defaults = startNamespaceDefaults(deps)
  const loops = [defaults.loop, startTokenSecrets(deps), ...(deps.generatesSecrets ? [startGeneration(deps)] : [])]
  const running = defaults.informer.run(deps.signal)
  return [...loops, { ...defaults.loop, done: running }]
}

/** Gives accounts without a Secret their first one. */
function startGeneration(deps: ServiceAccountDeps): Loop {
  const { client, informers } = deps
  const loop = startLoop(deps, {
    name: 'serviceaccount-tokens',
    workers: 16,
    reconcile: text =>
      ignoringRaces(loopAgain(text), async () => {
        const key = parseKey(text)
        const account = await getOrUndefined<ServiceAccount>(client, serviceAccounts, key)
        if (account === undefined || account.metadata.deletionTimestamp || account.secrets?.length) return
        const name = await createTokenSecret(deps, account)
        await patchRead(client, serviceAccounts, { object: account, body: { secrets: [{ name }] } })
      }),
  })
  const loopAgain = (text: string) => () => loop.add(text)
  informers.keysOf(serviceAccounts).onChange((key, after, _before, object) => {
    if (after !== undefined && !(object as ServiceAccount | undefined)?.secrets?.length) loop.add(formatKey(key))
  })
  return loop
}

async function createTokenSecret(deps: ServiceAccountDeps, account: ServiceAccount): Promise<string> {
  const { name, namespace = '', uid = '' } = account.metadata
  const cluster = clusterOf(account)
  const local = clientFor(deps.client, cluster)
  for (let attempt = 0; ; attempt++) {
    const secretName = tokenSecretName(name, uid, attempt)
    const secret = tokenSecretOf({ name, uid }, secretName, await factsFor(deps, account, secretName))
    try {
      await local.create(secrets, secret)
      return secretName
    } catch (error) {
      if (!isAlreadyExists(error) || attempt >= attemptsMax) throw error
      const other = await local.get<Secret>(secrets, { namespace, name: secretName })
      if (accountOf(other)?.uid === uid) return secretName
    }
  }
}

async function factsFor(
  { issueToken, certificateAuthority }: ServiceAccountDeps,
  account: ServiceAccount,
  secretName: string,
): Promise<TokenFacts> {
  const { name, namespace = '', uid = '' } = account.metadata
  const token = await issueToken({ cluster: clusterOf(account), namespace, name, uid }, secretName)
  return { token, certificateAuthority, namespace }
}

/** Fills token Secrets made by hand, and removes those whose account is gone. */
function startTokenSecrets(deps: ServiceAccountDeps): Loop {
  const { client, informers } = deps
  const loop = startLoop(deps, {
    name: 'token-secrets',
    reconcile: text =>
      ignoringRaces(
        () => loop.add(text),
        async () => {
          const key = parseKey(text)
          const secret = await getOrUndefined<Secret>(client, secrets, key)
          const wanted = secret && accountOf(secret)
          if (secret === undefined || wanted === undefined) return
          const account = await getOrUndefined<ServiceAccount>(client, serviceAccounts, { ...key, name: wanted.name })
          const decision = decideSecret(secret, account)
          const { name, namespace = '', uid = '' } = secret.metadata
          if (decision === 'delete') await clientFor(client, key.cluster).delete(secrets, { name, namespace }, { uid })
          if (decision !== 'fill' || account === undefined) return
          const annotations = { [accountUidAnnotation]: account.metadata.uid }
          const body = { metadata: { annotations }, data: tokenData(await factsFor(deps, account, name)) }
          await patchRead(client, secrets, { object: secret, body })
        },
      ),
  })
  informers.keysOf(secrets).onChange((key, after, _before, object) => {
    if (after !== undefined && isUnfilled(object)) loop.add(formatKey(key))
  })
  informers.keysOf(serviceAccounts).onChange((key, after) => {
    if (after !== undefined) return
    // The account is gone: its tokens are worth nothing, so this may happen in its own time.
    void tokensOf(client, key).then(
      names => {
        for (const name of names) loop.add(formatKey({ ...key, name }))
      },
      error =>
        deps.log.warn({ error: String(error), account: formatKey(key) }, 'cannot list tokens of a deleted account'),
    )
  })
  return loop
}

function isUnfilled(object: KubeObject | undefined): boolean {
  const secret = object as Secret | undefined
  return secret?.type === tokenSecretType && !secret.data?.token
}

async function tokensOf(client: Client, key: { cluster: string; namespace: string; name: string }): Promise<string[]> {
  const { namespace } = key
  const fieldSelector = `type=${tokenSecretType}`
  const { items } = await listAll<Secret>(clientFor(client, key.cluster), secrets, { namespace, fieldSelector })
  return items.filter(secret => accountOf(secret)?.name === key.name).map(secret => secret.metadata.name)
}

/** Somebody else wrote first, or the namespace ends: the next event tells what is left to do. */
async function ignoringRaces(again: () => void, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (isConflict(error)) again()
    else if (!isNotFound(error) && !isForbidden(error)) throw error
  }
}
