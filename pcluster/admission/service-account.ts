// Pods get the ServiceAccount they run as, and its token, CA and namespace mounted where clients look for them.
import type { KubeObject } from '../../api/objects.ts'
import { forbidden } from '../../api/status-error.ts'
import type { AdmissionRequest } from '../../kcp/registry/resource.ts'
import { type Pod, pods, serviceAccountMountPath, type Volume } from '../workloads.ts'

const tokenSeconds = 3_607
const volumeMode = 420

export interface ServiceAccountLookup {
  get(namespace: string, name: string): Promise<KubeObject | undefined>
}

/** `suffix` ends the name of the volume: five characters, as Kubernetes picks them. */
export async function admitServiceAccount(
  request: AdmissionRequest,
  lookup: ServiceAccountLookup,
  suffix: string,
): Promise<void> {
  const { type, operation, subresource, namespace } = request
  if (operation !== 'CREATE' || type.group !== '' || type.resource !== 'pods' || subresource !== '' || !request.object)
    return
  const pod = request.object as Pod & { spec: { automountServiceAccountToken?: boolean; serviceAccount?: string } }
  const name = pod.spec.serviceAccountName || 'default'
  const account = await lookup.get(namespace, name)
  if (!account) {
    throw forbidden(
      pods,
      pod.metadata.name,
      `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
    )
  }
  pod.spec.serviceAccountName = name
  pod.spec.serviceAccount = name
  const wanted = pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken
  if (wanted !== false) mountToken(pod, `kube-api-access-${suffix}`)
}

function mountToken(pod: Pod, volumeName: string): void {
  let mounted = false
  for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    if (container.volumeMounts?.some(mount => mount.mountPath === serviceAccountMountPath)) continue
    const mount = { name: volumeName, mountPath: serviceAccountMountPath, readOnly: true }
    container.volumeMounts = [...(container.volumeMounts ?? []), mount]
    mounted = true
  }
  if (mounted) pod.spec.volumes = [...(pod.spec.volumes ?? []), tokenVolume(volumeName)]
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      defaultMode: volumeMode,
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: tokenSeconds } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    },
  }
}
