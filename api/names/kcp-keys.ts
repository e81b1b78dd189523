// Every label, annotation and finalizer of kcp, in one place. Leaves out: Kubernetes' own keys.
// `…Prefix` ends where a SyncTarget key (or what the comment says) follows; the functions below append it.

// Identity of logical clusters. `kcp.io/cluster` is clusterAnnotation in ../objects.ts.
export const pathAnnotation = 'kcp.io/path'
export const originalApiVersionAnnotation = 'kcp.io/original-api-version'
export const replicateAnnotation = 'internal.kcp.io/replicate'
export const requiredGroupsAnnotation = 'authorization.kcp.io/required-groups'

// Workspaces and logical clusters.
export const phaseLabel = 'tenancy.kcp.io/phase'
export const ownerAnnotation = 'experimental.tenancy.kcp.io/owner'
export const workspaceTypeAnnotation = 'internal.tenancy.kcp.io/type'
export const workspaceShardAnnotation = 'internal.tenancy.kcp.io/shard'
export const workspaceClusterAnnotation = 'internal.tenancy.kcp.io/cluster'
export const shardUnschedulableAnnotation = 'experimental.core.kcp.io/unschedulable'
/** On Workspaces; held until the logical cluster is gone. */
export const workspaceFinalizer = 'core.kcp.io/logicalcluster'
/** On LogicalClusters; held until their content is gone. */
export const logicalClusterFinalizer = 'core.kcp.io/logicalcluster-deletion'
/** Followed by a part of the initializer's hash: initializerLabel() in derived-names.ts. */
export const initializerLabelPrefix = 'initializer.internal.kcp.io/'

// Bootstrap.
export const createOnlyAnnotation = 'bootstrap.kcp.io/create-only'
export const batteryAnnotation = 'bootstrap.kcp.io/battery'

// APIs: exports, bindings, bound CRDs, claims.
export const exportLabel = 'internal.apis.kcp.io/export'
export const bindingFinalizer = 'apis.kcp.io/apibinding-finalizer'
export const boundCrdAnnotation = 'apis.kcp.io/bound-crd'
export const schemaClusterAnnotation = 'apis.kcp.io/schema-cluster'
export const schemaNameAnnotation = 'apis.kcp.io/schema-name'
/** Annotations of an APIExport that all its APIBindings get too. */
export const extraAnnotationPrefix = 'extra.apis.kcp.io/'
export const computeAnnotation = 'extra.apis.kcp.io/compute.workload.kcp.io'
/** Followed by exportHash() of derived-names.ts. */
export const claimLabelPrefix = 'claimed.internal.apis.kcp.io/'
/** Followed by an API version. */
export const preserveConversionAnnotationPrefix = 'preserve.conversion.apis.kcp.io/'
export const importApiVersionAnnotation = 'apiresource.kcp.io/apiVersion'

// Scheduling.
/** On namespaces, empty value: some placement selects them. */
export const placementAnnotation = 'scheduling.kcp.io/placement'
export const locationLabelsAnnotation = 'scheduling.kcp.io/labels'
/** On Placements: key of the chosen SyncTarget. */
export const placementSyncTargetAnnotation = 'internal.workload.kcp.io/synctarget'
/** On SyncTargets: their own key. */
export const syncTargetKeyLabel = 'internal.workload.kcp.io/key'
export const skipDefaultObjectsAnnotation = 'workload.kcp.io/skip-default-object-creation'
export const advancedSchedulingAnnotation = 'featuregates.experimental.workload.kcp.io/advancedscheduling'

// Upstream objects that are synced; all followed by a SyncTarget key.
export const stateLabelPrefix = 'state.workload.kcp.io/'
export const deletionAnnotationPrefix = 'deletion.internal.workload.kcp.io/'
export const softFinalizersAnnotationPrefix = 'finalizers.workload.kcp.io/'
export const syncerFinalizerPrefix = 'workload.kcp.io/syncer-'
export const syncerViewAnnotationPrefix = 'diff.syncer.internal.kcp.io/'
export const specDiffAnnotationPrefix = 'experimental.spec-diff.workload.kcp.io/'
export const statusAnnotationPrefix = 'experimental.status.workload.kcp.io/'
/** No slash before the key. */
export const upsyncDiffAnnotationPrefix = 'internal.workload.kcp.io/upsyncdiff'
export const summarizingAnnotation = 'experimental.summarizing.workload.kcp.io'
export const upsyncResourceVersionAnnotation = 'workload.kcp.io/rv'
/** In a syncer view: the value is the one upstream has. */
export const promotedValue = '##promoted##'

/** Values of the state label; the empty one means pending. */
export type SyncState = '' | 'Sync' | 'Upsync'

// Downstream objects.
/** Value: key of the SyncTarget. */
export const downstreamKeyLabel = 'internal.workload.kcp.io/cluster'
export const tenantIdLabel = 'kcp.io/tenant-id'
export const namespaceLocatorAnnotation = 'kcp.io/namespace-locator'

export const stateLabel = (key: string) => stateLabelPrefix + key
export const deletionAnnotation = (key: string) => deletionAnnotationPrefix + key
export const softFinalizersAnnotation = (key: string) => softFinalizersAnnotationPrefix + key
export const syncerFinalizer = (key: string) => syncerFinalizerPrefix + key
export const syncerViewAnnotation = (key: string) => syncerViewAnnotationPrefix + key
export const specDiffAnnotation = (key: string) => specDiffAnnotationPrefix + key
export const statusAnnotation = (key: string) => statusAnnotationPrefix + key
export const upsyncDiffAnnotation = (key: string) => upsyncDiffAnnotationPrefix + key
