// The one node of the simulated cluster.
import type { KubeObject } from '../../api/objects.ts'

export const hostIP = '10.0.0.1'

export function nodeName(cluster: string): string {
  return `${cluster}-simulated-node`
}

export function newNode(cluster: string, now: Date, kubeletVersion: string): KubeObject {
  const name = nodeName(cluster)
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z')
  const resources = { cpu: '64', memory: '256Gi', pods: '10000', 'ephemeral-storage': '1Ti' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': 'simulated',
      },
    },
    spec: {},
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'the simulated kubelet runs no containers',
          lastHeartbeatTime: time,
          lastTransitionTime: time,
        },
      ],
      addresses: [
        { type: 'InternalIP', address: hostIP },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        machineID: '',
        systemUUID: '',
        bootID: '',
        kernelVersion: 'simulated',
        osImage: 'simulated',
        containerRuntimeVersion: 'simulated://0',
        kubeletVersion,
        kubeProxyVersion: kubeletVersion,
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  }
}
