// Looking at objects, once and lastingly: in kcp and in a cluster alike.
import type { CommandRow } from './row.ts'

/** Every way to look at what is there. */
export const readRows: readonly CommandRow[] = [
  ["kubectl get cm applied -o jsonpath='{.data.s} {.data.a}'", /^7 b$/],
  ["kubectl get cm applied -o jsonpath-as-json='{.data}'", /^\[\n {4}\{\n {8}"a": "b",\n {8}"s": "7"\n {4}\}\n\]/],
  ['kubectl get cm -l tier=one -o jsonpath-file=pods.jsonpath', /^applied=b;$/],
  ['kubectl get cm applied', /^NAME +DATA +AGE\napplied +2 +\d+s$/m],
  ['kubectl get cm applied -o wide -L color --show-labels', /^applied +2 +\d+s +red +color=red,tier=one$/m],
  ['kubectl get cm applied --no-headers --show-kind', /^configmap\/applied +2 +\d+s\n$/],
  ['kubectl get cm applied -o name', /^configmap\/applied$/m],
  ['kubectl get cm applied -o json', /"apiVersion": "v1",[\s\S]*"kind": "ConfigMap"/],
  ['kubectl get cm applied -o yaml', /^apiVersion: v1\ndata:\n {2}a: b\n {2}s: "7"\nkind: ConfigMap\n/],
  ['kubectl get cm applied -o kyaml', /kind: "ConfigMap",/, { since: 36 }],
  ["kubectl get cm applied -o go-template='{{.metadata.name}}'", /^applied$/],
  ["kubectl get cm -o template --template='{{range .items}}{{.metadata.name}} {{end}}'", /applied /],
  ['kubectl get cm -l color=red,tier!=two -o custom-columns=N:.metadata.name,A:.data.a', /^N +A\napplied +b$/m],
  ['kubectl get cm --field-selector=metadata.name=applied -A', /^commands +applied +2/m],
  [
    'kubectl get cm --field-selector=data.a=c',
    /Unable to find "\/v1, Resource=configmaps" that match label selector "", field selector "data\.a=c"/,
    { code: 1 },
  ],
  ['kubectl get cm -l "a in b"', /unable to parse requirement/, { code: 1 }],
  ['kubectl create secret generic s1 --from-literal=p=w', /^secret\/s1 created$/m],
  ['kubectl create secret generic s2 --from-literal=p=w', /^secret\/s2 created$/m],
  ['kubectl create secret tls s3 --cert=cm.yaml --key=cm.yaml', /tls: failed to find any PEM data/, { code: 1 }],
  ['kubectl get secrets --chunk-size=1 --sort-by=.metadata.name', /^s1 +Opaque +1 [\s\S]*^s2 +Opaque +1 /m],
  ['kubectl get secrets --chunk-size=1 -v=6', /secrets\?continue=[\w%-]+&limit=1/],
  ['kubectl get secret,cm s1 applied --ignore-not-found', /secret\/s1 [\s\S]*configmap\/applied /],
  ['kubectl get cm/applied secret/s1 -o name', /^configmap\/applied\nsecret\/s1\n$/],
  ['kubectl get -f cm.yaml', /^applied +2 /m],
  ['kubectl get cm nobody', /Error from server \(NotFound\): configmaps "nobody" not found/, { code: 1 }],
  ['kubectl get nothing', /the server doesn't have a resource type "nothing"/, { code: 1 }],
  ['kubectl get cm -n nowhere', /^No resources found in nowhere namespace\.$/m],
  // Newer ones put the path of the server before it themselves.
  [
    'kubectl get --raw $BASE/api/v1/namespaces/commands/configmaps/applied',
    /^\{.*"kind":"ConfigMap".*"name":"applied"/,
    { until: 31 },
  ],
  [
    'kubectl get --raw /api/v1/namespaces/commands/configmaps/applied',
    /^\{.*"kind":"ConfigMap".*"name":"applied"/,
    { since: 36 },
  ],
  ['kubectl describe cm applied', /^Name: +applied$[\s\S]*^a:\n----\nb$/m],
  ['kubectl describe secret s1', /^Type: +Opaque$[\s\S]*^p: +1 bytes$/m],
  ['kubectl describe namespace commands', /^Status: +Active$/m],
]

/** Commands that stay and see what others do. */
export const lastingRows: readonly CommandRow[] = [
  [
    'kubectl get cm applied -w -o custom-columns=N:.metadata.name,S:.data.s --no-headers',
    /^applied +7\napplied +8$/m,
    { meanwhile: [/^applied/m, `kubectl patch cm applied -p '{"data":{"s":"8"}}'`] },
  ],
  [
    'kubectl get cm -w --output-watch-events -l color=red',
    /^ADDED +applied [\s\S]*^DELETED +applied /m,
    { meanwhile: [/^ADDED/m, 'kubectl label --overwrite cm applied color=green'] },
  ],
  [
    'kubectl get cm --watch-only -v=6 -o name',
    /^configmap\/born$/m,
    { meanwhile: [/watch=true.* 200 OK|watch=true.*status="200 OK"/m, 'kubectl create cm born'] },
  ],
  [
    'kubectl wait --for=delete cm/born --timeout=20s -v=6',
    /^configmap\/born condition met$/m,
    { meanwhile: [/configmaps/m, 'kubectl delete cm born'] },
  ],
  [
    'kubectl proxy --port=0 --append-server-path',
    /^200 \{.*"kind":"ConfigMap".*"name":"applied"/m,
    {
      meanwhile: [/127\.0\.0\.1:\d+/, '$NODE show.mjs http://$SHOWN/api/v1/namespaces/commands/configmaps/applied'],
    },
  ],
]
