// Which rules each native kind has. Kinds not named here are plain objects.

import { webhookRulesOf } from './admissionregistration/webhooks.ts'
import { customResourceDefinitionRules } from './apiextensions/custom-resource-definitions.ts'
import { controllerRevisionRules, workloadRulesOf } from './apps/workloads.ts'
import { horizontalPodAutoscalerRules } from './autoscaling/horizontal-pod-autoscalers.ts'
import { cronJobRules, jobRules } from './batch/jobs.ts'
import { certificateSigningRequestRules } from './certificates/certificate-signing-requests.ts'
import { leaseRules } from './coordination/leases.ts'
import { configMapRules } from './core/config-maps.ts'
import { coreEventRules, eventRules } from './core/events.ts'
import { limitRangeRules } from './core/limit-ranges.ts'
import { namespaceRules } from './core/namespaces.ts'
import { podRules } from './core/pods.ts'
import { resourceQuotaRules } from './core/resource-quotas.ts'
import { secretRules } from './core/secrets.ts'
import { serviceRules } from './core/services.ts'
import {
  nodeRules,
  persistentVolumeClaimRules,
  persistentVolumeRules,
  podTemplateRules,
  replicationControllerRules,
} from './core/storage.ts'
import type { NativeRules } from './native-rules.ts'
import { ingressClassRules, ingressRules, networkPolicyRules } from './networking/ingresses.ts'
import { countedRules, disruptionBudgetRules } from './policy/counted-kinds.ts'
import { bindingRulesOf } from './rbac/bindings.ts'
import { roleRulesOf } from './rbac/roles.ts'
import { priorityClassRules, storageClassRules } from './storage/classes.ts'

const kinds: Readonly<Record<string, NativeRules>> = {
  'ConfigMap.': configMapRules,
  'Event.': coreEventRules,
  'LimitRange.': limitRangeRules,
  'Namespace.': namespaceRules,
  'Node.': nodeRules,
  'PersistentVolume.': persistentVolumeRules,
  'PersistentVolumeClaim.': persistentVolumeClaimRules,
  'Pod.': podRules,
  'PodTemplate.': podTemplateRules,
  'ReplicationController.': replicationControllerRules,
  'ResourceQuota.': resourceQuotaRules,
  'Secret.': secretRules,
  'Service.': serviceRules,
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': webhookRulesOf.MutatingWebhookConfiguration,
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': webhookRulesOf.ValidatingWebhookConfiguration,
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io': countedRules,
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io': countedRules,
  'CustomResourceDefinition.apiextensions.k8s.io': customResourceDefinitionRules,
  'ControllerRevision.apps': controllerRevisionRules,
  'DaemonSet.apps': workloadRulesOf.DaemonSet,
  'Deployment.apps': workloadRulesOf.Deployment,
  'ReplicaSet.apps': workloadRulesOf.ReplicaSet,
  'StatefulSet.apps': workloadRulesOf.StatefulSet,
  'HorizontalPodAutoscaler.autoscaling': horizontalPodAutoscalerRules,
  'CronJob.batch': cronJobRules,
  'Job.batch': jobRules,
  'CertificateSigningRequest.certificates.k8s.io': certificateSigningRequestRules,
  'Lease.coordination.k8s.io': leaseRules,
  'EndpointSlice.discovery.k8s.io': countedRules,
  'Event.events.k8s.io': eventRules,
  'Ingress.networking.k8s.io': ingressRules,
  'IngressClass.networking.k8s.io': ingressClassRules,
  'NetworkPolicy.networking.k8s.io': networkPolicyRules,
  'PodDisruptionBudget.policy': disruptionBudgetRules,
  'ClusterRole.rbac.authorization.k8s.io': roleRulesOf.ClusterRole,
  'ClusterRoleBinding.rbac.authorization.k8s.io': bindingRulesOf.ClusterRoleBinding,
  'Role.rbac.authorization.k8s.io': roleRulesOf.Role,
  'RoleBinding.rbac.authorization.k8s.io': bindingRulesOf.RoleBinding,
  'PriorityClass.scheduling.k8s.io': priorityClassRules,
  'StorageClass.storage.k8s.io': storageClassRules,
}

const plain: NativeRules = {}

export function rulesOf(group: string, kind: string): NativeRules {
  const key = `${kind}.${group}`
  return (Object.hasOwn(kinds, key) ? kinds[key] : undefined) ?? plain
}
