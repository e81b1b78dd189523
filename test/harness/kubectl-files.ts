// Manifests that the kubectl tests write into their folder before the first command.

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx, ports: [{containerPort: 80}]}]}
`

const configMap = `apiVersion: v1
kind: ConfigMap
metadata: {name: applied, labels: {tier: one}}
data: {a: b}
`

const widget = `apiVersion: ex.io/v1
kind: Widget
metadata: {name: w}
spec: {size: 3, parts: [{name: p}]}
`

const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.ex.io}
spec:
  group: ex.io
  names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList, shortNames: [wd], categories: [all]}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
    schema:
      openAPIV3Schema:
        type: object
        description: A widget of the house.
        properties:
          spec:
            type: object
            properties:
              size: {type: integer, minimum: 1, description: How large it is.}
              replicas: {type: integer}
              parts: {type: array, items: {type: object, properties: {name: {type: string}}}}
          status: {type: object, properties: {replicas: {type: integer}}}
`

const event = `apiVersion: v1
kind: Event
metadata: {name: e, namespace: default}
involvedObject: {kind: ConfigMap, name: applied, namespace: default, apiVersion: v1}
reason: Tested
message: it was looked at
type: Warning
count: 1
firstTimestamp: "2026-01-02T03:04:05Z"
lastTimestamp: "2026-01-02T03:04:05Z"
source: {component: tester}
`

/** Of CN=jane, O=devs; its key is nowhere. */
const request = [
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIWk1JR0FBZ0VBTUI0eERUQUxCZ05WQkFNTUJHcGhibVV4RFRBTEJnTlZCQW9N',
  'QkdSbGRuTXdXVEFUQmdjcQpoa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3TkNBQVFlemEwRVU4UWtXVmt5VEhOOFVkYXpYSkNUbks2dk1CT29hU3h2ClBG',
  'Qm9SdmpheUtYYTFmWks3YWhBRkdGcWtrSmJJcmx3aklhb1hyMlk1QzNYR2o4cm9BQXdDZ1lJS29aSXpqMEUKQXdJRFNBQXdSUUlnZVlrRnIyQWJt',
  'bEhHQlVtZ2haZUhlVEtxMHRQWlZuSEdsWTN3cEp4SkIyc0NJUUNGdXp2OAo3a3lFa0JVNHg3Uy80SkNSZ2JOSnovTWRoSk1jNXlEc3Q4SG5HZz09',
  'Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=',
].join('')
const signing = `apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: jane}
spec: {request: ${request}, signerName: kubernetes.io/kube-apiserver-client, usages: [client auth]}
`

export const kubectlFiles: Readonly<Record<string, string>> = {
  'cm.yaml': configMap,
  'cm-changed.yaml': configMap.replace('a: b', 'a: c'),
  'cm-misspelt.yaml': configMap.replace('data:', 'dta:'),
  'crd.yaml': crd,
  'widget.yaml': widget,
  'widget-changed.yaml': widget.replace('size: 3', 'size: 5'),
  'widget-misspelt.yaml': widget.replace('size: 3', 'sizes: 3'),
  'deployment.yaml': deployment,
  'deployment-changed.yaml': deployment.replace('replicas: 1', 'replicas: 2'),
  'event.yaml': event,
  'csr.yaml': signing,
  'token-review.yaml': 'apiVersion: authentication.k8s.io/v1\nkind: TokenReview\nspec: {token: nobody}\n',
  'kustom/kustomization.yaml': `resources: [cm.yaml]
namePrefix: pre-
configMapGenerator: [{name: made, literals: [a=b]}]
`,
  'kustom/cm.yaml': configMap.replace('applied', 'base'),
  'chart/Chart.yaml': 'apiVersion: v2\nname: tiny\nversion: 0.1.0\n',
  'chart/values.yaml': 'color: blue\n',
  'chart/templates/cm.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-paint}
data: {color: {{ .Values.color }}}
`,
}
