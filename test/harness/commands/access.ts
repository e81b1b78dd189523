// Users, permissions, tokens and certificates: in kcp and in a cluster alike.
import type { CommandRow } from './row.ts'

const robot = '--token=$(cat robot.token)'

export const accessRows: readonly CommandRow[] = [
  ['kubectl auth whoami', /^Username +\S+$/m, { since: 27 }],
  ['kubectl create -f token-review.yaml -o yaml', /error: .*invalid bearer token/],
  ['kubectl create serviceaccount robot', /^serviceaccount\/robot created$/m],
  ['kubectl create token robot --duration=20m', /^[\w-]+\.[\w-]+\.[\w-]+$/m],
  [
    'kubectl create token robot --bound-object-kind=Pod --bound-object-name=nobody',
    /pods? "nobody" not found|the server could not find the requested resource/,
    { code: 1 },
  ],
  ['kubectl create token robot > robot.token', /^$/],
  ['kubectl create token nobody', /serviceaccounts "nobody" not found/, { code: 1 }],
  [`kubectl auth whoami ${robot}`, /^Username +system:serviceaccount:commands:robot$/m, { since: 27 }],
  [`kubectl auth can-i list configmaps ${robot}`, /^no/m, { code: 1 }],
  ['kubectl create role reader --verb=get,list --resource=configmaps', /reader created$/m],
  ['kubectl create rolebinding reads --role=reader --serviceaccount=commands:robot', /reads created$/m],
  [`kubectl auth can-i list configmaps ${robot}`, /^yes$/m],
  [`kubectl get cm ${robot}`, /^kube-root-ca\.crt +1 +\d+s$|^No resources found/m],
  [`kubectl get secrets ${robot}`, /\(Forbidden\).*cannot list resource "secrets"/, { code: 1 }],
  ['kubectl get roles,rolebindings -o wide', /^rolebinding\S+\/reads +Role\/reader +\d+s +commands\/robot$/m],
  ['kubectl describe role reader', /^ {2}configmaps +\[\] +\[\] +\[get list\]$/m],
  ['kubectl describe rolebinding reads', /^ {2}ServiceAccount +robot +commands$/m],
  [
    'kubectl set subject rolebinding reads --user=jane',
    /subjects updated$/m,
    {
      state: {
        'rolebindings/reads .subjects': [
          { kind: 'ServiceAccount', name: 'robot', namespace: 'commands' },
          { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' },
        ],
      },
    },
  ],
  ['kubectl auth reconcile -f role.yaml', /role\.rbac\.authorization\.k8s\.io\/reader reconciled/],
  ['kubectl auth can-i create configmaps', /^yes$/m],
  ['kubectl auth can-i --list', /^\*\.\* +\[\] +\[\] +\[\*\]$/m],
  [
    `kubectl auth can-i --list ${robot}`,
    /^configmaps +\[\] +\[\] +\[.*get list.*\]$|^configmaps +\[\] +\[\] +\[(get|list)/m,
  ],
  ['kubectl apply -f csr.yaml', /jane created$/m],
  ['kubectl get csr', /^jane +\d+s +kubernetes\.io\/kube-apiserver-client +\S+ +<none> +Pending$/m],
  ['kubectl certificate approve jane', /jane approved$/m],
  ["kubectl get csr jane -o jsonpath='{.status.conditions[0].type}'", /^Approved$/],
  ['kubectl certificate deny jane', /"jane" is already Approved/, { code: 1 }],
  [
    "kubectl wait --for=jsonpath='{.status.conditions[0].reason}'=KubectlApprove csr/jane --timeout=10s",
    /condition met/,
  ],
  ['kubectl get csr', /^jane +\d+s +\S+ +\S+ +<none> +Approved(,Issued)?$/m],
  ['kubectl describe csr jane', /^ +Common Name: +jane$/m],
  ['kubectl delete csr jane', /"jane" deleted/, { state: { 'certificatesigningrequests/jane': undefined } }],
  ['kubectl delete role,rolebinding,serviceaccount reader reads robot --ignore-not-found', /"reader" deleted/],
]
