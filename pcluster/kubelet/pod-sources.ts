// Where a pod's volumes and variables come from: the API server, asked on behalf of the node.
import type { KubeObject } from '../../api/objects.ts'
import { isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import { type Container, configMaps, type Pod, secrets, serviceAccounts } from '../workloads.ts'
import type { EnvSources } from './pod-environment.ts'
import type { VolumeSources } from './volumes.ts'

export interface PodSources extends VolumeSources {
  /** Reads what the variables of a container refer to. */
  environmentData(container: Container): Promise<Pick<EnvSources, 'secret' | 'configMap'>>
}

type Data = Record<string, string>

export function createPodSources(client: Client, pod: Pod): PodSources {
  const { name: podName, namespace = '', uid = '' } = pod.metadata
  const read = async (kind: 'secret' | 'configMap', name: string): Promise<Record<string, Uint8Array> | undefined> => {
    try {
      const object = await client.get(kind === 'secret' ? secrets : configMaps, { name, namespace })
      return kind === 'secret' ? secretData(object) : configMapData(object)
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
  return {
    secret: name => read('secret', name),
    configMap: name => read('configMap', name),
    async token({ audience, expirationSeconds }) {
      const request = {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        metadata: { name: '', namespace },
        spec: {
          audiences: audience ? [audience] : [],
          expirationSeconds,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: podName, uid },
        },
      }
      const name = pod.spec.serviceAccountName ?? 'default'
      const answer = (await client.create<KubeObject>(serviceAccounts, request, {
        name,
        subresource: 'token',
      })) as KubeObject & {
        status: { token: string; expirationTimestamp: string }
      }
      return { token: answer.status.token, expiresAt: new Date(answer.status.expirationTimestamp) }
    },
    async environmentData(container) {
      const found = { secret: new Map<string, Data>(), configMap: new Map<string, Data>() }
      for (const { valueFrom } of container.env ?? []) {
        for (const [kind, name] of [
          ['secret', valueFrom?.secretKeyRef?.name],
          ['configMap', valueFrom?.configMapKeyRef?.name],
        ] as const) {
          const data = name === undefined ? undefined : await read(kind, name)
          if (name !== undefined && data) found[kind].set(name, asText(data))
        }
      }
      return { secret: name => found.secret.get(name), configMap: name => found.configMap.get(name) }
    },
  }
}

function secretData(object: KubeObject): Record<string, Uint8Array> {
  const data = (object.data ?? {}) as Record<string, string>
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]))
}

function configMapData(object: KubeObject): Record<string, Uint8Array> {
  const { data = {}, binaryData = {} } = object as {
    data?: Record<string, string>
    binaryData?: Record<string, string>
  }
  return {
    ...Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'utf8')])),
    ...Object.fromEntries(Object.entries(binaryData).map(([key, value]) => [key, Buffer.from(value, 'base64')])),
  }
}

function asText(data: Record<string, Uint8Array>): Data {
  return Object.fromEntries(Object.entries(data).map(([key, bytes]) => [key, Buffer.from(bytes).toString('utf8')]))
}
