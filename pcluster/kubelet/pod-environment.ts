// What a pod that runs as a local process sees: paths of its mounts inside its folder, and its environment. Pure.
import { join } from 'node:path'
import { type Container, type EnvVar, type Pod, serviceAccountMountPath } from '../workloads.ts'

/** Where the agent looks for its service account when there is no container; documented in README.md. */
export const serviceAccountDirectoryVariable = 'KCP_SERVICE_ACCOUNT_DIRECTORY'

export interface Mount {
  mountPath: string
  /** Folder or file of this machine. */
  path: string
}

export function mountsOf(container: Container, volumePath: (volume: string) => string): Mount[] {
  return (container.volumeMounts ?? []).map(({ name, mountPath, subPath }) => ({
    mountPath: mountPath.replace(/(.)\/+$/, '$1'),
    path: subPath ? join(volumePath(name), subPath) : volumePath(name),
  }))
}

/** Replaces every mount path in a text; `/kcp` matches in `--from=/kcp/x` and `/kcp`, not in `/kcpx` or `/a/kcp`. */
export function rewritePaths(text: string, mounts: readonly Mount[]): string {
  return mounts
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length)
    .reduce((result, { mountPath, path }) => {
      const escaped = mountPath.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      return result.replace(
        new RegExp(`(^|[^\\w/.-])${escaped}(?=/|$|[^\\w.-])`, 'g'),
        (_, before: string) => before + path,
      )
    }, text)
}

export interface EnvSources {
  /** Data of Secrets and ConfigMaps of the pod's namespace, decoded; undefined when there is no such object. */
  secret(name: string): Record<string, string> | undefined
  configMap(name: string): Record<string, string> | undefined
  /** Listener of this cluster. */
  apiServer: { host: string; port: number }
}

export class MissingReference extends Error {}

/** Only what the pod asks for, plus what every kubelet adds for the API server. Throws MissingReference. */
export function environmentOf(
  pod: Pod,
  container: Container,
  sources: EnvSources & { mounts: readonly Mount[] },
): Record<string, string> {
  const { host, port } = sources.apiServer
  const env: Record<string, string> = {
    KUBERNETES_SERVICE_HOST: host,
    KUBERNETES_SERVICE_PORT: String(port),
    KUBERNETES_SERVICE_PORT_HTTPS: String(port),
    HOSTNAME: pod.metadata.name,
  }
  for (const variable of container.env ?? []) {
    const value = valueOfVariable(pod, variable, sources)
    if (value === undefined) continue
    const expanded = value.replace(/\$\((\w+)\)/g, (whole, name: string) => env[name] ?? whole)
    env[variable.name] = rewritePaths(expanded, sources.mounts)
  }
  const account = sources.mounts.find(mount => mount.mountPath === serviceAccountMountPath)
  if (account) env[serviceAccountDirectoryVariable] = account.path
  return env
}

function valueOfVariable(pod: Pod, { name, value, valueFrom }: EnvVar, sources: EnvSources): string | undefined {
  if (!valueFrom) return value ?? ''
  const { fieldRef, secretKeyRef, configMapKeyRef } = valueFrom
  if (fieldRef) return fieldOf(pod, fieldRef.fieldPath)
  const reference = secretKeyRef ?? configMapKeyRef
  if (!reference) return undefined
  const kind = secretKeyRef ? 'secret' : 'configmap'
  const found = (secretKeyRef ? sources.secret : sources.configMap)(reference.name)?.[reference.key]
  if (found !== undefined || reference.optional) return found
  throw new MissingReference(
    `couldn't find key ${reference.key} in ${kind} ${pod.metadata.namespace}/${reference.name} for ${name}`,
  )
}

/** The downward API, as far as pods use it. */
export function fieldOf(pod: Pod, fieldPath: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath)
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] ?? ''] ?? ''
  const fields: Record<string, string | undefined> = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace,
    'metadata.uid': pod.metadata.uid,
    'spec.nodeName': pod.spec.nodeName,
    'spec.serviceAccountName': pod.spec.serviceAccountName,
    'status.podIP': pod.status?.podIP,
    'status.hostIP': '127.0.0.1',
  }
  return fields[fieldPath] ?? ''
}
