// Which table each native kind prints. Kinds not named here print Name and Age.
import type { TableType } from '../../registry/resource.ts'
import * as core from './core.ts'
import * as infrastructure from './infrastructure.ts'
import * as network from './network.ts'
import { podTable } from './pods.ts'
import * as policy from './policy.ts'
import { createdAtTable, defaultTable } from './table.ts'
import * as workloads from './workloads.ts'

const tables: Readonly<Record<string, TableType>> = {
  'ComponentStatus.': infrastructure.componentStatusTable,
  'ConfigMap.': core.configMapTable,
  'Endpoints.': core.endpointsTable,
  'Event.': core.eventTable,
  'LimitRange.': createdAtTable,
  'Namespace.': core.namespaceTable,
  'Node.': infrastructure.nodeTable,
  'PersistentVolume.': infrastructure.persistentVolumeTable,
  'PersistentVolumeClaim.': infrastructure.persistentVolumeClaimTable,
  'Pod.': podTable,
  'PodTemplate.': workloads.podTemplateTable,
  'ReplicationController.': workloads.replicationControllerTable,
  'ResourceQuota.': core.resourceQuotaTable,
  'Secret.': core.secretTable,
  'Service.': network.serviceTable,
  'ServiceAccount.': core.serviceAccountTable,
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': policy.webhookTable,
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': policy.webhookTable,
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io': policy.admissionPolicyTable,
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io': policy.admissionPolicyBindingTable,
  'CustomResourceDefinition.apiextensions.k8s.io': createdAtTable,
  'ControllerRevision.apps': workloads.controllerRevisionTable,
  'DaemonSet.apps': workloads.daemonSetTable,
  'Deployment.apps': workloads.deploymentTable,
  'ReplicaSet.apps': workloads.replicaSetTable,
  'StatefulSet.apps': workloads.statefulSetTable,
  'HorizontalPodAutoscaler.autoscaling': policy.autoscalerTable,
  'CronJob.batch': workloads.cronJobTable,
  'Job.batch': workloads.jobTable,
  'CertificateSigningRequest.certificates.k8s.io': policy.certificateSigningRequestTable,
  'Lease.coordination.k8s.io': core.leaseTable,
  'EndpointSlice.discovery.k8s.io': core.endpointSliceTable,
  'Event.events.k8s.io': core.eventTable,
  'Ingress.networking.k8s.io': network.ingressTable,
  'IngressClass.networking.k8s.io': network.ingressClassTable,
  'NetworkPolicy.networking.k8s.io': network.networkPolicyTable,
  'RuntimeClass.node.k8s.io': infrastructure.runtimeClassTable,
  'PodDisruptionBudget.policy': policy.disruptionBudgetTable,
  'ClusterRole.rbac.authorization.k8s.io': createdAtTable,
  'ClusterRoleBinding.rbac.authorization.k8s.io': policy.roleBindingTable,
  'Role.rbac.authorization.k8s.io': createdAtTable,
  'RoleBinding.rbac.authorization.k8s.io': policy.roleBindingTable,
  'PriorityClass.scheduling.k8s.io': infrastructure.priorityClassTable,
  'CSIDriver.storage.k8s.io': infrastructure.csiDriverTable,
  'CSIStorageCapacity.storage.k8s.io': createdAtTable,
  'CSINode.storage.k8s.io': infrastructure.csiNodeTable,
  'StorageClass.storage.k8s.io': infrastructure.storageClassTable,
  'VolumeAttachment.storage.k8s.io': infrastructure.volumeAttachmentTable,
}

export function nativeTable(group: string, kind: string): TableType {
  return knownTable(group, kind) ?? defaultTable
}

/** undefined for kinds that are not Kubernetes' own. */
export function knownTable(group: string, kind: string): TableType | undefined {
  const key = `${kind}.${group}`
  return Object.hasOwn(tables, key) ? tables[key] : undefined
}
