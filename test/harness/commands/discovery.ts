// Discovery, documents and custom resources: in kcp and in a cluster alike.
import { type CommandRow, edit } from './row.ts'

export const discoveryRows: readonly CommandRow[] = [
  ['kubectl version', /^Server Version: (v1\.31\.|version\.Info\{Major:"1", Minor:"31")/m],
  ['kubectl version -o json', /"serverVersion": \{[\s\S]*"minor": "31"/],
  ['kubectl api-versions', /^rbac\.authorization\.k8s\.io\/v1$[\s\S]*^v1$/m],
  ['kubectl api-resources --api-group=rbac.authorization.k8s.io -o name', /^roles\.rbac\.authorization\.k8s\.io$/m],
  [
    'kubectl api-resources --namespaced=false --verbs=list -o wide',
    /^namespaces +ns +v1 +false +Namespace +.*(get,list|get list)/m,
  ],
  ['kubectl explain configmaps.metadata.labels', /<map\[string\]string>/],
  ['kubectl explain configmap.immutable', /FIELD: +immutable <boolean>/],
  ['kubectl explain cm --recursive', /^ +managedFields\t<\[\](Managed|)?[\s\S]*^ +fieldsType\t<string>/m],
  ['kubectl explain cm --api-version=v2', /couldn't find resource|error:/, { code: 1 }],
  ['kubectl explain configmap.nothing', /field "nothing" does not exist/, { code: 1 }],
]

export const customResourceRows: readonly CommandRow[] = [
  ['kubectl apply -f crd.yaml', /^customresourcedefinition\.apiextensions\.k8s\.io\/widgets\.ex\.io created$/m],
  ['kubectl wait --for=condition=Established crd/widgets.ex.io --timeout=10s', /condition met/],
  ['kubectl get crd widgets.ex.io', /^NAME +CREATED AT\nwidgets\.ex\.io +\d{4}-\S+Z$/m],
  ['kubectl api-resources --api-group=ex.io', /^widgets +wd +ex\.io\/v1 +true +Widget$/m],
  [
    'kubectl explain widgets',
    /^DESCRIPTION:\n {4}A widget of the house\.[\s\S]*apiVersion\t<string>\n {4}[A-Z]/m,
    { since: 27 },
  ],
  ['kubectl explain widgets', /^KIND: +Widget\nVERSION: +ex\.io\/v1\n[\s\S]*A widget of the house\./m, { until: 24 }],
  [
    'kubectl explain wd --recursive',
    /^ {2}spec\t<Object>\n {4}parts\t<\[\]Object>\n {6}name\t<string>$/m,
    { since: 27 },
  ],
  [
    'kubectl explain wd --recursive',
    /^ {3}spec\t<Object>\n {6}parts\t<\[\]Object>\n {9}name\t<string>$/m,
    { until: 24 },
  ],
  ['kubectl explain widgets.spec.size', /FIELD: +size <integer>[\s\S]*How large it is\./],
  ['kubectl apply -f widget-misspelt.yaml', /strict decoding error: unknown field "spec\.sizes"/, { code: 1 }],
  ['kubectl apply -f widget.yaml', /^widget\.ex\.io\/w created$/m, { state: { 'widgets/w .spec.size': 3 } }],
  ['kubectl diff -f widget-changed.yaml', /^- {2}size: 3\n\+ {2}size: 5$|^-[ ]+size: 3\n\+[ ]+size: 5$/m, { code: 1 }],
  [
    'kubectl apply -f widget-changed.yaml',
    /^widget\.ex\.io\/w configured$/m,
    { state: { 'widgets/w .spec': { size: 5, parts: [{ name: 'p' }] }, 'widgets/w .metadata.generation': 2 } },
  ],
  ['kubectl get wd', /^NAME +SIZE\nw +5$/m],
  ['kubectl get widgets.v1.ex.io w -o name', /^widget\.ex\.io\/w$/m],
  ['kubectl get all', /^(NAME +SIZE\n)?(widget\.ex\.io\/)?w +5$/m],
  ['kubectl describe wd w', /^Spec:\n {2}Parts:\n {4}Name: +p\n {2}Size: +5$/m],
  ['kubectl scale widget w --replicas=4', /^widget\.ex\.io\/w scaled$/m, { state: { 'widgets/w .spec.replicas': 4 } }],
  ['kubectl get wd w --subresource=scale', /^NAME +DESIRED +AVAILABLE +AGE\nw +4 +0 +\d+s$/m],
  [
    `kubectl patch wd w --type=merge --subresource=status -p '{"spec":{"size":9},"status":{"replicas":4}}'`,
    /patched$/m,
    { state: { 'widgets/w .status.replicas': 4, 'widgets/w .spec.size': 5 } },
  ],
  ["kubectl wait --for=jsonpath='{.status.replicas}'=4 wd/w --timeout=10s", /condition met/],
  ["kubectl wait --for=jsonpath='{.status.replicas}' wd/w --timeout=10s", /condition met/, { since: 31 }],
  ["kubectl wait --for=jsonpath='{.status.replicas}'=5 wd/w --timeout=1s", /timed out waiting/, { code: 1 }],
  [
    `kubectl patch wd w -p '{"spec":{"size":4}}'`,
    /application\/strategic-merge-patch\+json is not supported by ex\.io\/v1/,
    { code: 1, since: 31 },
  ],
  [
    `kubectl patch wd w -p '{"spec":{"size":4}}'`,
    /accepted media types include: application\/json-patch\+json, application\/merge-patch\+json, application\/apply-patch\+yaml$/m,
    { code: 1, until: 24 },
  ],
  [
    `kubectl patch wd w --type=merge -p '{"spec":{"size":0}}'`,
    /The Widget "w" is invalid: spec\.size: Invalid value: 0: spec\.size in body should be greater than or equal to 1/,
    { code: 1 },
  ],
  [edit('s/^  size: .*/  size: 9/', 'wd w'), /^widget\.ex\.io\/w edited$/m, { state: { 'widgets/w .spec.size': 9 } }],
  [
    edit('s/^  size: .*/  size: 0/', 'wd w'),
    /"w" is invalid[\s\S]*no valid changes were saved/,
    { code: 1, state: { 'widgets/w .spec.size': 9 } },
  ],
  [
    'kubectl apply --server-side --field-manager=painter -f widget.yaml',
    /conflict with "kubectl-edit" using ex\.io\/v1: \.spec\.size$/m,
    { code: 1 },
  ],
  [
    'kubectl apply --server-side --field-manager=painter --force-conflicts -f widget.yaml',
    /serverside-applied$/m,
    { state: { 'widgets/w .spec.size': 3 } },
  ],
  ['kubectl delete crd widgets.ex.io', /"widgets\.ex\.io" deleted/],
  ['kubectl wait --for=delete crd/widgets.ex.io --timeout=10s', /^(.* condition met)?$/m],
  ['kubectl get wd', /doesn't have a resource type "wd"|could not find the requested resource/, { code: 1 }],
]
