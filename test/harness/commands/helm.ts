// helm 3 over the chart of files.ts: a CRD and an object of it, hooks of every phase, a release that fails and goes back.
import type { CommandRow } from './row.ts'

export const helmRows: readonly CommandRow[] = [
  ['helm lint chart', /0 chart\(s\) failed/],
  [
    'helm install house chart --dry-run=server',
    /no matches for kind "Room" in version "house\.io\/v1"/,
    { code: 1, state: { 'configmaps/house-paint': undefined } },
  ],
  ['helm template house chart', /^kind: Room$/m],
  [
    'helm install house chart --wait --timeout 20s',
    /^STATUS: deployed$/m,
    {
      state: {
        'configmaps/house-paint .data': { color: 'blue', kube: '31' },
        'configmaps/house-before .data.revision': '1',
        'configmaps/house-after .data.revision': '1',
        'configmaps/house-gone': undefined,
      },
    },
  ],
  ['kubectl get rooms -o custom-columns=N:.metadata.name,W:.spec.windows', /^house-hall +1$/m],
  ['helm install house chart', /cannot re-use a name that is still in use/, { code: 1 }],
  [
    'helm upgrade house chart --set color=green --wait --timeout 20s',
    /^REVISION: 2$/m,
    { state: { 'configmaps/house-paint .data.color': 'green', 'configmaps/house-before .data.revision': '2' } },
  ],
  [
    'helm upgrade house chart --atomic --timeout 20s --set color=red,rooms=0',
    /release house failed, and has been rolled back due to atomic being set[\s\S]*spec\.windows in body should be greater/,
    { code: 1, state: { 'configmaps/house-paint .data.color': 'green' } },
  ],
  [
    'helm history house',
    /^1 .*superseded[\s\S]*^2 .*superseded[\s\S]*^3 .*failed[\s\S]*^4 .*deployed .*Rollback to 2/m,
  ],
  [
    'helm upgrade house chart --atomic --timeout 20s --set color=grey,rooms=2',
    /^REVISION: 5$/m,
    { state: { 'configmaps/house-paint .data.color': 'grey' } },
  ],
  [
    'helm rollback house 1 --wait --timeout 20s',
    /Rollback was a success/,
    { state: { 'configmaps/house-paint .data.color': 'blue', 'configmaps/house-after .data.revision': '1' } },
  ],
  ['helm list', /^house\s+commands\s+6\s.*deployed\s+house-0\.1\.0\s+7/m],
  ['helm status house', /^STATUS: deployed\nREVISION: 6$/m],
  ['helm get manifest house', /^kind: Room$/m],
  ['helm get values house --revision 2', /^color: green$/m],
  ['helm get hooks house', /helm\.sh\/hook: "?post-delete"?/],
  ['helm test house --timeout 20s', /^Phase: +Succeeded$/m],
  [
    'helm uninstall house --wait --timeout 20s',
    /release "house" uninstalled/,
    { state: { 'configmaps/house-paint': undefined, 'configmaps/house-gone .data.revision': '1' } },
  ],
  ['kubectl get rooms', /No resources found/],
  ['kubectl delete crd rooms.house.io', /deleted/],
  ['helm list', /^NAME\s+NAMESPACE\s+REVISION\s+UPDATED\s+STATUS\s+CHART\s+APP VERSION\s*$/],
]

/** In kcp with a syncer. helm 3 looks for replica sets when it waits for a deployment; a workspace has none. */
export const helmSyncedRows: readonly CommandRow[] = [
  ['helm install house chart --set replicas=2', /^STATUS: deployed$/m],
  [
    'kubectl rollout status deployment/house-web --timeout=30s',
    /successfully rolled out$/m,
    { state: { 'deployments/house-web .status.readyReplicas': 2 } },
  ],
  [
    'helm install other chart --set replicas=1 --wait',
    /could not find the requested resource \(get replicasets/,
    { code: 1 },
  ],
  ['helm uninstall other house', /uninstalled/],
  ['kubectl wait --for=delete deployment/house-web --timeout=30s', /^(.* condition met)?$/m],
  ['kubectl delete crd rooms.house.io', /deleted/],
]

/** In a cluster. */
export const helmWorkloadRows: readonly CommandRow[] = [
  [
    'helm install house chart --set replicas=2 --wait --timeout 30s',
    /^STATUS: deployed$/m,
    { state: { 'deployments/house-web .status.readyReplicas': 2 } },
  ],
  [
    'helm upgrade house chart --set replicas=1,image=httpd --atomic --timeout 30s',
    /^REVISION: 2$/m,
    { state: { 'deployments/house-web .spec.template.spec.containers.0.image': 'httpd' } },
  ],
  [
    'helm upgrade house chart --set replicas=1,image=broken --atomic --timeout 4s',
    /rolled back due to atomic being set/,
    { code: 1, state: { 'deployments/house-web .spec.template.spec.containers.0.image': 'httpd' } },
  ],
  ['helm uninstall house --wait --timeout 30s', /uninstalled/, { state: { 'deployments/house-web': undefined } }],
  ['kubectl delete crd rooms.house.io', /deleted/],
]

const succeed = `kubectl patch pod house-test --subresource=status -p '{"status":{"phase":"Succeeded"}}'`

/** A test that is a pod; nothing runs it, so its end is told. */
export const helmTestPodRows: readonly CommandRow[] = [
  ['helm install house chart --set pods=true', /^STATUS: deployed$/m],
  [
    'helm test house --timeout 20s --debug',
    /^Phase: +Succeeded$/m,
    { meanwhile: [/house-test/, `until ${succeed}; do :; done`] },
  ],
  ['helm uninstall house --wait --timeout 30s', /uninstalled/],
  ['kubectl delete crd rooms.house.io', /deleted/],
  ['kubectl delete pod house-test --ignore-not-found', /deleted|^$/],
]
