// Fields of Kubernetes' own kinds that an endpoint leaves as they are, whatever is sent: the main one the status, `status`
// the spec. These kinds have more to say.
import type { ResetFields } from '../registry/resource.ts'

const leaf = {}
const spec = { 'f:spec': leaf }
const status = { 'f:status': leaf }
const usual: ResetFields = { '': status, status: spec }
const keepsMetadata: ResetFields = { '': status, status: { 'f:metadata': leaf, ...spec } }

/** By `<group>/<kind>`. */
const exceptions: Readonly<Record<string, ResetFields>> = {
  '/Namespace': { ...usual, finalize: status },
  '/Pod': {
    ...usual,
    status: { ...spec, 'f:metadata': { 'f:deletionTimestamp': leaf, 'f:ownerReferences': leaf } },
  },
  'apps/Deployment': { ...usual, status: { ...spec, 'f:metadata': { 'f:labels': leaf } } },
  'certificates.k8s.io/CertificateSigningRequest': {
    '': { ...spec, ...status },
    // Conditions that are no decision are set here.
    status: spec,
    approval: { ...spec, 'f:status': { 'f:certificate': leaf } },
  },
  'storage.k8s.io/VolumeAttachment': keepsMetadata,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': keepsMetadata,
  'apiextensions.k8s.io/CustomResourceDefinition': keepsMetadata,
}

export function resetFieldsOfKind(group: string, kind: string): ResetFields {
  return exceptions[`${group}/${kind}`] ?? usual
}
