// Manifests, charts and scripts that a lane of commands finds in its folder.

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
metadata: {name: e}
involvedObject: {kind: ConfigMap, name: applied, namespace: commands, apiVersion: v1}
reason: Tested
message: it was looked at
type: Warning
count: 1
firstTimestamp: "2026-01-02T03:04:05Z"
lastTimestamp: "2026-01-02T03:04:05Z"
source: {component: tester}
`

/** Creates a config map that belongs to the one named owner. */
const owned = `#!/bin/sh
uid=$(kubectl get cm owner -o jsonpath={.metadata.uid})
kubectl create -f - <<END
apiVersion: v1
kind: ConfigMap
metadata:
  name: $1
  ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: $uid, blockOwnerDeletion: true}]
END
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

const hook = (name: string, on: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-${name}
  annotations: {helm.sh/hook: "${on}", helm.sh/hook-delete-policy: before-hook-creation}
data: {revision: "{{ .Release.Revision }}"}
`

/** A chart with a CRD and an object of it, hooks of each phase, and a deployment when values want one. */
const chartFiles: Readonly<Record<string, string>> = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: house\nversion: 0.1.0\nappVersion: "7"\n',
  'chart/values.yaml': 'color: blue\nrooms: 1\nreplicas: 0\nimage: nginx\npods: false\n',
  'chart/crds/rooms.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: rooms.house.io}
spec:
  group: house.io
  names: {plural: rooms, singular: room, kind: Room, listKind: RoomList}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties: {spec: {type: object, properties: {windows: {type: integer, minimum: 1}}}}
`,
  'chart/templates/room.yaml': `apiVersion: house.io/v1
kind: Room
metadata: {name: {{ .Release.Name }}-hall}
spec: {windows: {{ .Values.rooms }}}
`,
  'chart/templates/paint.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-paint}
data: {color: {{ .Values.color }}, kube: "{{ .Capabilities.KubeVersion.Minor }}"}
`,
  'chart/templates/before.yaml': hook('before', 'pre-install,pre-upgrade,pre-rollback'),
  'chart/templates/after.yaml': hook('after', 'post-install,post-upgrade,post-rollback'),
  'chart/templates/gone.yaml': hook('gone', 'post-delete'),
  'chart/templates/web.yaml': `{{ if .Values.replicas }}
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}-web}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {house: {{ .Release.Name }}}}
  template:
    metadata: {labels: {house: {{ .Release.Name }}}}
    spec: {containers: [{name: c, image: {{ .Values.image }}}]}
{{ end }}
`,
  // Nothing runs it: who tests says when it succeeded.
  'chart/templates/test.yaml': `apiVersion: v1
kind: {{ if .Values.pods }}Pod{{ else }}ConfigMap{{ end }}
metadata: {name: {{ .Release.Name }}-test, annotations: {helm.sh/hook: test, helm.sh/hook-delete-policy: before-hook-creation}}
{{ if .Values.pods }}
spec: {restartPolicy: Never, nodeSelector: {nowhere: "true"}, containers: [{name: c, image: nginx}]}
{{ end }}
`,
}

export const commandFiles: Readonly<Record<string, string>> = {
  'cm.yaml': configMap,
  'cm-changed.yaml': configMap.replace('a: b', 'a: c'),
  'cm-pruned.yaml': configMap.replace('applied', 'other'),
  'cm-misspelt.yaml': configMap.replace('\ndata:', '\ndta:'),
  'ssa.yaml': configMap.replace('applied', 'shared'),
  'ssa-changed.yaml': configMap.replace('applied', 'shared').replace('a: b', 'a: c'),
  'ssa-empty.yaml': configMap.replace('applied', 'shared').replace('data: {a: b}', ''),
  'owner.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: owner}\n',
  'owned.sh': owned,
  'crd.yaml': crd,
  'widget.yaml': widget,
  'widget-changed.yaml': widget.replace('size: 3', 'size: 5'),
  'widget-misspelt.yaml': widget.replace('size: 3', 'sizes: 3'),
  'deployment.yaml': deployment,
  'deployment-changed.yaml': deployment.replace('replicas: 1', 'replicas: 2'),
  'event.yaml': event,
  'csr.yaml': signing,
  'role.yaml': `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: commands}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}]
`,
  'token-review.yaml': 'apiVersion: authentication.k8s.io/v1\nkind: TokenReview\nspec: {token: nobody}\n',
  'kustom/kustomization.yaml': `resources: [cm.yaml]
namePrefix: pre-
configMapGenerator: [{name: made, literals: [a=b]}]
`,
  'kustom/cm.yaml': configMap.replace('applied', 'base'),
  'pods.jsonpath': '{range .items[*]}{.metadata.name}={.data.a};{end}',
  'edit.sh': '#!/bin/sh\nsed -i "$EDIT" "$1"\n',
  'show.mjs': `const answer = await fetch(process.argv[2])\nconsole.log(answer.status, await answer.text())\n`,
  ...chartFiles,
}
