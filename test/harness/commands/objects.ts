// Writing plain objects, and all rows about them: in kcp and in a cluster alike.
import { lastingRows, readRows } from './reads.ts'
import { type CommandRow, edit } from './row.ts'

/** The first rows of a lane. */
export const namespaceRows: readonly CommandRow[] = [
  ['kubectl create namespace commands', /^namespace\/commands created$/m],
  ['kubectl config set-context --current --namespace=commands', /modified\.$/m],
]

/** Creating, applying, changing, replacing. */
const writeRows: readonly CommandRow[] = [
  [
    'kubectl create -f cm.yaml --dry-run=server',
    /^configmap\/applied created \(server dry run\)$/m,
    { state: { 'configmaps/applied': undefined } },
  ],
  ['kubectl create -f cm-misspelt.yaml', /strict decoding error: unknown field "dta"/, { code: 1 }],
  [
    'kubectl create -f cm-misspelt.yaml --validate=warn --dry-run=server',
    /Warning: unknown field "dta"/,
    { since: 27 },
  ],
  [
    'kubectl apply -f cm.yaml',
    /^configmap\/applied created$/m,
    { state: { 'configmaps/applied .data': { a: 'b' }, 'configmaps/applied .metadata.labels.tier': 'one' } },
  ],
  ['kubectl apply -f cm.yaml', /^configmap\/applied unchanged$/m],
  ['kubectl create -f cm.yaml', /\(AlreadyExists\).* configmaps "applied" already exists/, { code: 1 }],
  ['kubectl diff -f cm.yaml', /^$/],
  ['kubectl diff -f cm-changed.yaml', /^- {2}a: b\n\+ {2}a: c$/m, { code: 1 }],
  ['kubectl diff --server-side -f cm-changed.yaml', /^- {2}a: b\n\+ {2}a: c$/m, { code: 1, since: 27 }],
  [
    'kubectl apply -f cm-changed.yaml',
    /^configmap\/applied configured$/m,
    { state: { 'configmaps/applied .data': { a: 'c' } } },
  ],
  ['kubectl apply view-last-applied cm applied', /^data:\n {2}a: c$/m],
  ['kubectl replace -f cm.yaml', /^configmap\/applied replaced$/m, { state: { 'configmaps/applied .data.a': 'b' } }],
  ['kubectl replace --force -f cm.yaml', /deleted.*\nconfigmap\/applied replaced$/m],
  ['kubectl apply -f cm-pruned.yaml', /^configmap\/other created$/m],
  ['kubectl apply -f cm.yaml', /^configmap\/applied (configured|unchanged)$/m],
  [
    'kubectl apply --prune -l tier=one --prune-allowlist=core/v1/ConfigMap -f cm.yaml',
    /^configmap\/applied unchanged\nconfigmap\/other pruned$/m,
    { since: 27, state: { 'configmaps/other': undefined } },
  ],
  ['kubectl delete cm other --ignore-not-found', /deleted|^$/],
]

/** Server-side apply: conflicts, co-owners, taking by force, giving up. */
const applyRows: readonly CommandRow[] = [
  ['kubectl apply --server-side -f ssa.yaml', /^configmap\/shared serverside-applied$/m],
  [
    'kubectl apply --server-side --field-manager=other -f ssa-changed.yaml',
    /Apply failed with 1 conflict: conflict with "kubectl".*: \.data\.a/,
    { code: 1, state: { 'configmaps/shared .data.a': 'b' } },
  ],
  [
    'kubectl apply --server-side --field-manager=other --force-conflicts -f ssa-changed.yaml',
    /^configmap\/shared serverside-applied$/m,
    { state: { 'configmaps/shared .data': { a: 'c' } } },
  ],
  ['kubectl get cm shared -o yaml --show-managed-fields', /manager: other\n\s+operation: Apply/],
  ['kubectl get cm shared -o yaml', /^(?![\s\S]*managedFields)[\s\S]*^kind: ConfigMap$/m],
  [
    'kubectl apply --server-side -f ssa.yaml',
    /conflict with "other".*: \.data\.a[\s\S]*--force-conflicts/,
    { code: 1 },
  ],
  [
    'kubectl apply --server-side -f ssa-empty.yaml',
    /^configmap\/shared serverside-applied$/m,
    { state: { 'configmaps/shared .data': { a: 'c' } } },
  ],
  [
    'kubectl apply --server-side --field-manager=other -f ssa-empty.yaml',
    /^configmap\/shared serverside-applied$/m,
    { state: { 'configmaps/shared .data': undefined } },
  ],
  ['kubectl apply -f ssa.yaml', /Warning: resource configmaps\/shared is missing.*last-applied[\s\S]*configured$/m],
  // Whoever applied from the client before goes on from the server without a conflict with themselves.
  [
    'kubectl apply --server-side -f ssa-changed.yaml',
    /^configmap\/shared serverside-applied$/m,
    { since: 27, state: { 'configmaps/shared .data': { a: 'c' } } },
  ],
  [
    'kubectl apply --server-side --force-conflicts -f ssa-changed.yaml',
    /^configmap\/shared serverside-applied$/m,
    { until: 24, state: { 'configmaps/shared .data': { a: 'c' } } },
  ],
  ['kubectl delete cm shared', /configmap "shared" deleted/],
]

/** Changing a part of an object. */
const patchRows: readonly CommandRow[] = [
  [
    `kubectl patch cm applied -p '{"data":{"s":"1"}}'`,
    /^configmap\/applied patched$/m,
    { state: { 'configmaps/applied .data': { a: 'b', s: '1' } } },
  ],
  [
    `kubectl patch cm applied --type=merge -p '{"data":{"m":"2"}}'`,
    /^configmap\/applied patched$/m,
    { state: { 'configmaps/applied .data.m': '2' } },
  ],
  [
    `kubectl patch cm applied --type=json -p '[{"op":"remove","path":"/data/m"}]'`,
    /^configmap\/applied patched$/m,
    { state: { 'configmaps/applied .data': { a: 'b', s: '1' } } },
  ],
  [
    `kubectl patch cm applied --type=json -p '[{"op":"remove","path":"/data/m"}]'`,
    /^The request is invalid(: the server rejected our request due to an error in our request)?$/m,
    { code: 1 },
  ],
  [
    `kubectl patch cm applied --type=json -p '[{"op":"test","path":"/data/a","value":"z"}]'`,
    /The request is invalid/,
    { code: 1 },
  ],
  [`kubectl patch cm applied -p '{"data":{"s":"1"}}'`, /^configmap\/applied patched \(no change\)$/m],
  [`kubectl patch -f cm.yaml -p '{"data":{"s":"2"}}' --dry-run=server -o yaml`, /^ {2}s: "2"$/m],
  [
    'kubectl label cm applied color=blue',
    /^configmap\/applied labeled$/m,
    { state: { 'configmaps/applied .metadata.labels': { color: 'blue', tier: 'one' } } },
  ],
  ['kubectl label cm applied color=red', /'color' already has a value \(blue\)/, { code: 1 }],
  ['kubectl label --overwrite cm applied color=red', /^configmap\/applied labeled$/m],
  ['kubectl label --overwrite cm applied color=red', /^configmap\/applied not labeled$/m],
  ['kubectl label cm applied --list', /^color=red$/m],
  [
    'kubectl annotate cm applied note=read',
    /^configmap\/applied annotated$/m,
    { state: { 'configmaps/applied .metadata.annotations.note': 'read' } },
  ],
  [
    'kubectl annotate cm applied note-',
    /^configmap\/applied annotated$/m,
    { state: { 'configmaps/applied .metadata.annotations.note': undefined } },
  ],
  [
    edit('s/^  s: .*/  s: "7"/', 'cm applied'),
    /^configmap\/applied edited$/m,
    { state: { 'configmaps/applied .data': { a: 'b', s: '7' } } },
  ],
  [
    "kubectl get cm applied -o jsonpath='{.metadata.managedFields[*].manager}'",
    /^(?=.*\bkubectl-label\b)(?=.*\bkubectl-edit\b)(?=.*\bkubectl-client-side-apply\b)/,
  ],
  [edit('s/nothing/everything/', 'cm applied'), /^Edit cancelled, no changes made\.$/m],
  [
    edit('s/^  name: .*/  name: else/', 'cm applied'),
    /At least one of apiVersion, kind and name was changed/,
    { code: 1 },
  ],
]

/** Kustomize, events, and three ways to delete. */
const removeRows: readonly CommandRow[] = [
  ['kubectl kustomize kustom', /^ {2}name: pre-base$/m],
  ['kubectl diff -k kustom', /^\+ {2}name: pre-base$/m, { code: 1 }],
  ['kubectl apply -k kustom', /configmap\/pre-base created\nconfigmap\/pre-made-\w+ created/],
  ['kubectl delete -k kustom', /configmap "pre-base" deleted/, { state: { 'configmaps/pre-base': undefined } }],
  ['kubectl create -f event.yaml', /^event\/e created$/m],
  ['kubectl get events', /Warning +Tested +configmap\/applied +it was looked at/],
  ['kubectl events --for configmap/applied', /Warning +Tested +ConfigMap\/applied +it was looked at/, { since: 27 }],
  ['kubectl alpha events --for configmap/applied', /Warning +Tested +ConfigMap\/applied/, { until: 24 }],
  ['kubectl get events --field-selector=reason=Other', /No resources found/],
  [
    'kubectl get events.events.k8s.io --field-selector=regarding.name=applied,reason=Tested -o name',
    /^event\.events\.k8s\.io\/e$/m,
  ],
  ['kubectl apply -f owner.yaml', /^configmap\/owner created$/m],
  ['./owned.sh one', /^configmap\/one created$/m],
  [
    'kubectl delete cm owner --cascade=orphan',
    /configmap "owner" deleted/,
    { state: { 'configmaps/owner': undefined, 'configmaps/one .metadata.ownerReferences': undefined } },
  ],
  ['kubectl apply -f owner.yaml', /^configmap\/owner created$/m],
  ['./owned.sh two', /^configmap\/two created$/m],
  [
    'kubectl delete cm owner --cascade=foreground --timeout=20s',
    /configmap "owner" deleted/,
    { state: { 'configmaps/owner': undefined, 'configmaps/two': undefined } },
  ],
  ['kubectl apply -f owner.yaml', /^configmap\/owner created$/m],
  ['./owned.sh three', /^configmap\/three created$/m],
  ['kubectl delete cm owner --cascade=background', /configmap "owner" deleted/],
  [
    'kubectl wait --for=delete cm/three --timeout=20s',
    /^(configmap\/three condition met)?$/m,
    { state: { 'configmaps/three': undefined } },
  ],
  ['kubectl delete cm applied --dry-run=server', /"applied" deleted.*\(server dry run\)/],
  ['kubectl delete cm applied', /configmap "applied" deleted/, { state: { 'configmaps/applied': undefined } }],
  ['kubectl delete cm applied', /\(NotFound\)/, { code: 1 }],
  ['kubectl delete cm applied --ignore-not-found', /^$/],
  ['kubectl delete secret -l nothing=here', /^No resources found$/m],
  ['kubectl create quota q --hard=pods=1', /^resourcequota\/q created$/m],
  ['kubectl describe quota q', /^pods +\d* +1$|^pods +0 +1$|^-* +-* +-*/m],
  ['kubectl delete quota q', /"q" deleted/],
  ['kubectl delete secret s1 s2 --now', /secret "s1" deleted[\s\S]*secret "s2" deleted/],
]

/** All of the above, in the order in which they build on each other. */
export const objectRows = [...writeRows, ...applyRows, ...patchRows, ...readRows, ...lastingRows, ...removeRows]

/** The last rows of a lane: nothing stays. */
export const lastRows: readonly CommandRow[] = [
  [
    'kubectl delete namespace commands --timeout=30s',
    /namespace "commands" deleted/,
    { state: { 'namespaces/commands': undefined } },
  ],
]
