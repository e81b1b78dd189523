// Which rules each native kind has. Kinds not named here are plain objects.
import { webhookRulesOf } from './admissionregistration/webhooks.ts'
import { customResourceDefinitionRules } from './apiextensions/custom-resource-definitions.ts'
import { certificateSigningRequestRules } from './certificates/certificate-signing-requests.ts'
import { leaseRules } from './coordination/leases.ts'
import { configMapRules } from './core/config-maps.ts'
import { coreEventRules, eventRules } from './core/events.ts'
import { namespaceRules } from './core/namespaces.ts'
import { secretRules } from './core/secrets.ts'
import type { NativeRules } from './native-rules.ts'
import { bindingRulesOf } from './rbac/bindings.ts'
import { roleRulesOf } from './rbac/roles.ts'

const kinds: Readonly<Record<string, NativeRules>> = {
  'ConfigMap.': configMapRules,
  'Event.': coreEventRules,
  'Namespace.': namespaceRules,
  'Secret.': secretRules,
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': webhookRulesOf.MutatingWebhookConfiguration,
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': webhookRulesOf.ValidatingWebhookConfiguration,
  'CustomResourceDefinition.apiextensions.k8s.io': customResourceDefinitionRules,
  'CertificateSigningRequest.certificates.k8s.io': certificateSigningRequestRules,
  'Lease.coordination.k8s.io': leaseRules,
  'Event.events.k8s.io': eventRules,
  'ClusterRole.rbac.authorization.k8s.io': roleRulesOf.ClusterRole,
  'ClusterRoleBinding.rbac.authorization.k8s.io': bindingRulesOf.ClusterRoleBinding,
  'Role.rbac.authorization.k8s.io': roleRulesOf.Role,
  'RoleBinding.rbac.authorization.k8s.io': bindingRulesOf.RoleBinding,
}

const plain: NativeRules = {}

export function rulesOf(group: string, kind: string): NativeRules {
  const key = `${kind}.${group}`
  return (Object.hasOwn(kinds, key) ? kinds[key] : undefined) ?? plain
}
