// What a kube-apiserver 1.31 answered to these requests, in this order: code, and for refusals the message.

export interface NativeRow {
  readonly line: string
  readonly body?: unknown
  readonly contentType?: string
  readonly code: number
  readonly message?: string
}

export const nativeRows: readonly NativeRow[] = [
  {
    line: 'POST /api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'nat' } },
    code: 201,
  },
  {
    line: 'POST /api/v1/namespaces',
    body: { metadata: { name: 'NAT' } },
    code: 422,
    message:
      "Namespace \"NAT\" is invalid: metadata.name: Invalid value: \"NAT\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  },
  {
    line: 'POST /api/v1/namespaces',
    body: { metadata: { name: 'a.b' } },
    code: 422,
    message: 'Namespace "a.b" is invalid: metadata.name: Invalid value: "a.b": must not contain dots',
  },
  {
    line: 'POST /api/v1/namespaces',
    body: { metadata: { name: '' } },
    code: 422,
    message: 'Namespace "" is invalid: metadata.name: Required value: name or generateName is required',
  },
  {
    line: 'POST /api/v1/namespaces',
    body: { metadata: { name: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' } },
    code: 422,
    message:
      'Namespace "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" is invalid: [metadata.name: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters, metadata.labels: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters]',
  },
  {
    line: 'POST /api/v1/namespaces',
    body: { metadata: { name: 'x1', labels: { 'a b': 'c' } } },
    code: 422,
    message:
      "Namespace \"x1\" is invalid: metadata.labels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  },
  {
    line: 'POST /api/v1/namespaces',
    body: { metadata: { name: 'x1', labels: { a: 'c d' } } },
    code: 422,
    message:
      "Namespace \"x1\" is invalid: metadata.labels: Invalid value: \"c d\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  },
  {
    line: 'POST /api/v1/namespaces',
    body: { metadata: { name: 'x1', annotations: { 'a b': 'c' } } },
    code: 422,
    message:
      "Namespace \"x1\" is invalid: metadata.annotations: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  },
  {
    line: 'POST /api/v1/namespaces',
    body: { metadata: { name: 'x1', finalizers: ['foo'] } },
    code: 422,
    message:
      'Namespace "x1" is invalid: metadata.finalizers[0]: Invalid value: "foo": name is neither a standard finalizer name nor is it fully qualified',
  },
  {
    line: 'POST /api/v1/namespaces',
    body: { metadata: { name: 'x1', ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'y' }] } },
    code: 422,
    message: 'Namespace "x1" is invalid: metadata.ownerReferences.uid: Invalid value: "": uid must not be empty',
  },
  {
    line: 'POST /api/v1/namespaces',
    body: { metadata: { name: 'x1' }, spec: { finalizers: ['bad'] } },
    code: 422,
    message:
      'Namespace "x1" is invalid: spec.finalizers: Invalid value: "bad": name is neither a standard finalizer name nor is it fully qualified',
  },
  { line: 'POST /api/v1/namespaces', body: { metadata: { name: 'x1' }, status: { phase: 'Terminating' } }, code: 201 },
  {
    line: 'PATCH /api/v1/namespaces/nat',
    body: { metadata: { labels: { 'kubernetes.io/metadata.name': 'zz' } } },
    contentType: 'application/merge-patch+json',
    code: 200,
  },
  {
    line: 'PATCH /api/v1/namespaces/nat',
    body: { spec: { finalizers: [] } },
    contentType: 'application/merge-patch+json',
    code: 200,
  },
  {
    line: 'PUT /api/v1/namespaces/nat/finalize',
    body: { metadata: { name: 'nat' }, spec: { finalizers: ['a.b/c', 'kubernetes'] } },
    code: 200,
  },
  { line: 'DELETE /api/v1/namespaces/x1', code: 200 },
  {
    line: 'DELETE /api/v1/namespaces/default',
    code: 403,
    message: 'namespaces "default" is forbidden: this namespace may not be deleted',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { k: 'v' } },
    code: 201,
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { k: 'v' } },
    code: 409,
    message: 'configmaps "a" already exists',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' }, data: { 'k/': 'v' } },
    code: 422,
    message:
      "ConfigMap \"b\" is invalid: data[k/]: Invalid value: \"k/\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' }, data: { '..': 'v' } },
    code: 422,
    message: 'ConfigMap "b" is invalid: data[..]: Invalid value: "..": must not be \'..\'',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' }, data: { k: 1 } },
    code: 400,
    message:
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' }, data: { k: 'v' }, binaryData: { k: 'eA==' } },
    code: 422,
    message: 'ConfigMap "b" is invalid: data[k]: Invalid value: "k": duplicate of key present in binaryData',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' }, binaryData: { k: '!!' } },
    code: 400,
    message: 'ConfigMap in version "v1" cannot be handled as a ConfigMap: illegal base64 data at input byte 0',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'B' } },
    code: 422,
    message:
      "ConfigMap \"B\" is invalid: metadata.name: Invalid value: \"B\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' }, immutable: true, data: { a: '1' } },
    code: 201,
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/b',
    body: { data: { a: '2' } },
    contentType: 'application/merge-patch+json',
    code: 422,
    message: 'ConfigMap "b" is invalid: data: Forbidden: field is immutable when `immutable` is set',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/b',
    body: { immutable: false },
    contentType: 'application/merge-patch+json',
    code: 422,
    message: 'ConfigMap "b" is invalid: immutable: Forbidden: field is immutable when `immutable` is set',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/b',
    body: { binaryData: { x: 'eA==' } },
    contentType: 'application/merge-patch+json',
    code: 422,
    message: 'ConfigMap "b" is invalid: binaryData: Forbidden: field is immutable when `immutable` is set',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/b',
    body: { metadata: { labels: { a: 'b' } } },
    contentType: 'application/merge-patch+json',
    code: 200,
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, foo: 1 },
    code: 201,
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps?fieldValidation=Strict',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, foo: 1 },
    code: 400,
    message: 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo"',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps?fieldValidation=Foo',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } },
    code: 422,
    message:
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Foo": supported values: "", "Ignore", "Strict", "Warn"',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps?dryRun=Foo',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } },
    code: 422,
    message:
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"Foo"}: supported values: "All"',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps?dryRun=All',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } },
    code: 409,
    message: 'configmaps "x" already exists',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', resourceVersion: '5' } },
    code: 500,
    message: 'resourceVersion should not be set on objects to be created',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'other' } },
    code: 400,
    message: 'the namespace of the provided object does not match the namespace sent on the request',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps',
    body: { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'q' } },
    code: 400,
    message:
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
  },
  {
    line: 'POST /api/v1/namespaces/nope/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } },
    code: 404,
    message: 'namespaces "nope" not found',
  },
  {
    line: 'PUT /api/v1/namespaces/nat/configmaps/zz',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'zz' } },
    code: 404,
    message: 'configmaps "zz" not found',
  },
  {
    line: 'PUT /api/v1/namespaces/nat/configmaps/a',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'zz' } },
    code: 400,
    message: 'the name of the object (zz) does not match the name on the URL (a)',
  },
  {
    line: 'PUT /api/v1/namespaces/nat/configmaps',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
    code: 405,
    message: 'the server does not allow this method on the requested resource',
  },
  {
    line: 'DELETE /api/v1/namespaces/nat/configmaps/a',
    body: { propagationPolicy: 'Foo' },
    code: 422,
    message:
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Foo": supported values: "Foreground", "Background", "Orphan", "nil"',
  },
  {
    line: 'DELETE /api/v1/namespaces/nat/configmaps/a',
    body: { propagationPolicy: 'Foreground', orphanDependents: true },
    code: 422,
    message:
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Foreground": orphanDependents and deletionPropagation cannot be both set',
  },
  { line: 'DELETE /api/v1/namespaces/nat/configmaps/a', body: { gracePeriodSeconds: -5 }, code: 200 },
  { line: 'DELETE /api/v1/namespaces/nat/configmaps/nope', code: 404, message: 'configmaps "nope" not found' },
  { line: 'DELETE /api/v1/namespaces/nat/configmaps/a', code: 404, message: 'configmaps "a" not found' },
  {
    line: 'POST /api/v1/namespaces/nat/secrets',
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
      stringData: { k: 'v' },
      data: { k: 'eA==', j: 'eA==' },
    },
    code: 201,
  },
  {
    line: 'POST /api/v1/namespaces/nat/secrets',
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b' }, data: { k: 'not base64' } },
    code: 400,
    message: 'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3',
  },
  {
    line: 'POST /api/v1/namespaces/nat/secrets',
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b' }, type: 'kubernetes.io/tls' },
    code: 422,
    message: 'Secret "b" is invalid: [data[tls.crt]: Required value, data[tls.key]: Required value]',
  },
  {
    line: 'POST /api/v1/namespaces/nat/secrets',
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b' }, type: 'kubernetes.io/dockercfg', data: {} },
    code: 422,
    message: 'Secret "b" is invalid: data[.dockercfg]: Required value',
  },
  {
    line: 'POST /api/v1/namespaces/nat/secrets',
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b' }, type: 'kubernetes.io/basic-auth', data: {} },
    code: 422,
    message: 'Secret "b" is invalid: [data[username]: Required value, data[password]: Required value]',
  },
  {
    line: 'POST /api/v1/namespaces/nat/secrets',
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b' }, type: 'kubernetes.io/ssh-auth', data: {} },
    code: 422,
    message: 'Secret "b" is invalid: data[ssh-privatekey]: Required value',
  },
  {
    line: 'POST /api/v1/namespaces/nat/secrets',
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b' }, type: 'kubernetes.io/service-account-token' },
    code: 422,
    message: 'Secret "b" is invalid: metadata.annotations[kubernetes.io/service-account.name]: Required value',
  },
  {
    line: 'POST /api/v1/namespaces/nat/secrets',
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'b', annotations: { 'kubernetes.io/service-account.name': 'nope' } },
      type: 'kubernetes.io/service-account-token',
    },
    code: 201,
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/secrets/a',
    body: { type: 'foo' },
    contentType: 'application/merge-patch+json',
    code: 422,
    message: 'Secret "a" is invalid: type: Invalid value: "foo": field is immutable',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/secrets/a',
    body: { stringData: { z: 'q' } },
    contentType: 'application/merge-patch+json',
    code: 200,
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/secrets/a',
    body: { immutable: true },
    contentType: 'application/merge-patch+json',
    code: 200,
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/secrets/a',
    body: { data: null },
    contentType: 'application/merge-patch+json',
    code: 422,
    message: 'Secret "a" is invalid: data: Forbidden: field is immutable when `immutable` is set',
  },
  {
    line: 'POST /api/v1/namespaces/nat/serviceaccounts',
    body: {
      metadata: { name: 'sa1' },
      secrets: [{ name: 's' }],
      imagePullSecrets: [{ name: 'i' }],
      automountServiceAccountToken: false,
    },
    code: 201,
  },
  {
    line: 'POST /api/v1/namespaces/nat/serviceaccounts',
    body: { metadata: { name: 'a_b' } },
    code: 422,
    message:
      "ServiceAccount \"a_b\" is invalid: metadata.name: Invalid value: \"a_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  },
  {
    line: 'POST /api/v1/namespaces/nat/serviceaccounts/sa1/token',
    body: { spec: { expirationSeconds: 10 } },
    code: 422,
    message:
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes',
  },
  {
    line: 'POST /api/v1/namespaces/nat/serviceaccounts/sa1/token',
    body: { spec: { audiences: ['x'], expirationSeconds: 900 } },
    code: 201,
  },
  {
    line: 'POST /api/v1/namespaces/nat/serviceaccounts/sa1/token',
    body: { spec: { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'nope' } } },
    code: 404,
    message: 'pods "nope" not found',
  },
  {
    line: 'POST /api/v1/namespaces/nat/serviceaccounts/sa1/token',
    body: { spec: { boundObjectRef: { kind: 'Foo', apiVersion: 'v1', name: 'nope' } } },
    code: 400,
    message: 'cannot bind token to object of type /v1, Kind=Foo',
  },
  {
    line: 'POST /api/v1/namespaces/nat/serviceaccounts/sa1/token',
    body: { spec: { boundObjectRef: { kind: 'Secret', apiVersion: 'v1', name: 'a', uid: 'zzz' } } },
    code: 409,
    message:
      'Operation cannot be fulfilled on Secret "a": the UID in the bound object reference (zzz) does not match the UID in record. The object might have been deleted and then recreated',
  },
  {
    line: 'POST /api/v1/namespaces/nat/serviceaccounts/nope/token',
    body: { spec: {} },
    code: 404,
    message: 'serviceaccounts "nope" not found',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/namespaces/nat/roles',
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r' },
      rules: [{ verbs: ['get'], resources: ['x'] }],
    },
    code: 422,
    message:
      'Role.rbac.authorization.k8s.io "r" is invalid: rules[0].apiGroups: Required value: resource rules must supply at least one api group',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/namespaces/nat/roles',
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r' },
      rules: [{ verbs: [], apiGroups: [''], resources: ['x'] }],
    },
    code: 422,
    message:
      'Role.rbac.authorization.k8s.io "r" is invalid: rules[0].verbs: Required value: verbs must contain at least one value',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/namespaces/nat/roles',
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r' },
      rules: [{ verbs: ['get'], apiGroups: [''], resources: [] }],
    },
    code: 422,
    message:
      'Role.rbac.authorization.k8s.io "r" is invalid: rules[0].resources: Required value: resource rules must supply at least one resource',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/namespaces/nat/roles',
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r' },
      rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }],
    },
    code: 422,
    message:
      'Role.rbac.authorization.k8s.io "r" is invalid: rules[0].nonResourceURLs: Invalid value: []string{"/x"}: namespaced rules cannot apply to non-resource URLs',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/namespaces/nat/roles',
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r:a.b' },
      rules: [{ verbs: ['get'], apiGroups: [''], resources: ['x'] }],
    },
    code: 201,
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/namespaces/nat/roles',
    body: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r/a' } },
    code: 422,
    message:
      'Role.rbac.authorization.k8s.io "r/a" is invalid: metadata.name: Invalid value: "r/a": may not contain \'/\'',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/namespaces/nat/roles',
    body: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: '..' } },
    code: 422,
    message: 'Role.rbac.authorization.k8s.io ".." is invalid: metadata.name: Invalid value: "..": may not be \'..\'',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/clusterroles',
    body: {
      metadata: { name: 'nat-cr' },
      rules: [
        { verbs: ['get'], nonResourceURLs: ['x'] },
        { verbs: ['get'], nonResourceURLs: ['/x'], resources: ['a'], apiGroups: [''] },
      ],
    },
    code: 422,
    message:
      'ClusterRole.rbac.authorization.k8s.io "nat-cr" is invalid: rules[1].nonResourceURLs: Invalid value: []string{"/x"}: rules cannot apply to both regular resources and non-resource URLs',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/clusterroles',
    body: { metadata: { name: 'nat-cr' }, aggregationRule: {} },
    code: 422,
    message:
      'ClusterRole.rbac.authorization.k8s.io "nat-cr" is invalid: aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/clusterroles',
    body: {
      metadata: { name: 'nat-cr2' },
      aggregationRule: { clusterRoleSelectors: [{ matchExpressions: [{ key: 'a', operator: 'Foo' }] }] },
    },
    code: 422,
    message:
      'ClusterRole.rbac.authorization.k8s.io "nat-cr2" is invalid: [aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator: Invalid value: "Foo": not a valid selector operator, aggregationRule.clusterRoleSelectors[0]: Invalid value: "null": invalid label selector.]',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/namespaces/nat/rolebindings',
    body: { metadata: { name: 'b1' }, roleRef: { kind: 'Foo', name: 'x' } },
    code: 422,
    message:
      'RoleBinding.rbac.authorization.k8s.io "b1" is invalid: roleRef.kind: Unsupported value: "Foo": supported values: "Role", "ClusterRole"',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/namespaces/nat/rolebindings',
    body: {
      metadata: { name: 'b1' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'ServiceAccount', name: 'x' },
        { kind: 'Foo', name: 'x' },
        { kind: 'User' },
      ],
    },
    code: 422,
    message:
      'RoleBinding.rbac.authorization.k8s.io "b1" is invalid: [subjects[2].kind: Unsupported value: "Foo": supported values: "ServiceAccount", "User", "Group", subjects[3].name: Required value]',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/namespaces/nat/rolebindings',
    body: {
      metadata: { name: 'b1' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'Group', name: 'u' },
        { kind: 'ServiceAccount', name: 'x', namespace: 'y' },
      ],
    },
    code: 201,
  },
  {
    line: 'PATCH /apis/rbac.authorization.k8s.io/v1/namespaces/nat/rolebindings/b1',
    body: { roleRef: { name: 'edit' } },
    contentType: 'application/merge-patch+json',
    code: 422,
    message:
      'RoleBinding.rbac.authorization.k8s.io "b1" is invalid: roleRef: Invalid value: rbac.RoleRef{APIGroup:"rbac.authorization.k8s.io", Kind:"ClusterRole", Name:"edit"}: cannot change roleRef',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    body: { metadata: { name: 'nat-b1' }, roleRef: { kind: 'Role', name: 'x' } },
    code: 422,
    message:
      'ClusterRoleBinding.rbac.authorization.k8s.io "nat-b1" is invalid: roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    body: { metadata: { name: 'nat-b1' } },
    code: 422,
    message:
      'ClusterRoleBinding.rbac.authorization.k8s.io "nat-b1" is invalid: [roleRef.kind: Unsupported value: "": supported values: "ClusterRole", roleRef.name: Required value]',
  },
  {
    line: 'POST /apis/coordination.k8s.io/v1/namespaces/nat/leases',
    body: { metadata: { name: 'l' }, spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } },
    code: 422,
    message:
      'Lease.coordination.k8s.io "l" is invalid: [spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0, spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0]',
  },
  {
    line: 'POST /apis/coordination.k8s.io/v1/namespaces/nat/leases',
    body: {
      metadata: { name: 'l' },
      spec: { renewTime: '2026-01-01T00:00:00.123456Z', holderIdentity: 'h', leaseDurationSeconds: 5 },
    },
    code: 201,
  },
  {
    line: 'PUT /apis/coordination.k8s.io/v1/namespaces/nat/leases/l2',
    body: { metadata: { name: 'l2' }, spec: { holderIdentity: 'h' } },
    code: 201,
  },
  {
    line: 'POST /api/v1/namespaces/nat/events',
    body: { metadata: { name: 'e' } },
    code: 422,
    message: 'Event "e" is invalid: involvedObject.namespace: Invalid value: "": does not match event.namespace',
  },
  {
    line: 'POST /api/v1/namespaces/nat/events',
    body: { metadata: { name: 'e' }, involvedObject: { namespace: 'nat' }, count: 3, type: 'Weird' },
    code: 201,
  },
  {
    line: 'POST /api/v1/namespaces/nat/events',
    body: { metadata: { name: 'e2' }, involvedObject: { namespace: 'other' } },
    code: 422,
    message: 'Event "e2" is invalid: involvedObject.namespace: Invalid value: "other": does not match event.namespace',
  },
  {
    line: 'POST /apis/events.k8s.io/v1/namespaces/nat/events',
    body: {
      metadata: { name: 'e3' },
      regarding: { namespace: 'nat' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'a.b/c',
      reportingInstance: 'i',
      action: 'a',
      reason: 'r',
      type: 'Normal',
    },
    code: 201,
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/events/e',
    body: { count: 4 },
    contentType: 'application/merge-patch+json',
    code: 200,
  },
  {
    line: 'POST /api/v1/namespaces/nat/resourcequotas',
    body: {
      metadata: { name: 'q' },
      spec: { hard: { pods: '10', cpu: '1.5', 'requests.memory': '1Gi', 'count/configmaps': '5', foo: '1' } },
    },
    code: 422,
    message:
      'ResourceQuota "q" is invalid: [spec.hard[foo]: Invalid value: foo: must be a standard resource type or fully qualified, spec.hard[foo]: Invalid value: foo: must be a standard resource for quota]',
  },
  {
    line: 'POST /api/v1/namespaces/nat/resourcequotas',
    body: { metadata: { name: 'q' }, spec: { hard: { pods: 10, cpu: '1500m' }, scopes: ['Terminating'] } },
    code: 201,
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/resourcequotas/q',
    body: { spec: { scopes: [] } },
    contentType: 'application/merge-patch+json',
    code: 422,
    message:
      'ResourceQuota "q" is invalid: spec.scopes: Invalid value: []core.ResourceQuotaScope{}: field is immutable',
  },
  {
    line: 'POST /api/v1/namespaces/nat/limitranges',
    body: {
      metadata: { name: 'l' },
      spec: {
        limits: [
          { type: 'Container', max: { cpu: '1' } },
          { type: 'Pod', max: { memory: '1Gi' } },
        ],
      },
    },
    code: 201,
  },
  {
    line: 'POST /api/v1/namespaces/nat/limitranges',
    body: {
      metadata: { name: 'l2' },
      spec: { limits: [{ type: 'Foo' }, { type: 'Container' }, { type: 'Container' }] },
    },
    code: 422,
    message:
      'LimitRange "l2" is invalid: [spec.limits[0].type: Invalid value: "Foo": must be a standard limit type or fully qualified, spec.limits[2].type: Duplicate value: "Container"]',
  },
  {
    line: 'POST /apis/certificates.k8s.io/v1/certificatesigningrequests',
    body: { metadata: { name: 'nat' }, spec: { request: 'eA==', signerName: 'a.b/c', usages: ['client auth'] } },
    code: 422,
    message:
      'CertificateSigningRequest.certificates.k8s.io "nat" is invalid: spec.request: Invalid value: []byte{0x78}: PEM block type must be CERTIFICATE REQUEST',
  },
  {
    line: 'POST /apis/certificates.k8s.io/v1/certificatesigningrequests',
    body: { metadata: { name: 'nat' }, spec: { request: '', signerName: '', usages: [] } },
    code: 422,
    message:
      'CertificateSigningRequest.certificates.k8s.io "nat" is invalid: [spec.request: Invalid value: []byte{}: PEM block type must be CERTIFICATE REQUEST, spec.usages: Required value, spec.signerName: Required value]',
  },
  {
    line: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } },
    code: 201,
  },
  {
    line: 'POST /apis/authorization.k8s.io/v1/subjectaccessreviews',
    body: { spec: { user: 'nobody', resourceAttributes: { verb: 'get', resource: 'pods' } } },
    code: 201,
  },
  {
    line: 'POST /apis/authorization.k8s.io/v1/subjectaccessreviews',
    body: { spec: { user: 'nobody', groups: ['system:masters'], nonResourceAttributes: { verb: 'get', path: '/x' } } },
    code: 201,
  },
  {
    line: 'POST /apis/authentication.k8s.io/v1/tokenreviews',
    body: { spec: {} },
    code: 400,
    message: 'token is required for TokenReview in authentication',
  },
  { line: 'POST /apis/authentication.k8s.io/v1/tokenreviews', body: { spec: { token: 'bad' } }, code: 201 },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?limit=foo',
    code: 400,
    message: 'strconv.ParseInt: parsing "foo": invalid syntax',
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?continue=foo',
    code: 400,
    message: "invalid continue token: continue key is not valid: invalid character '~' looking for beginning of value",
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?resourceVersion=abc',
    code: 500,
    message: 'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?resourceVersionMatch=Exact',
    code: 422,
    message:
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?resourceVersion=0&resourceVersionMatch=Exact',
    code: 422,
    message:
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?resourceVersion=1&resourceVersionMatch=Foo',
    code: 422,
    message:
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Foo": supported values: "Exact", "NotOlderThan", ""',
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?labelSelector=a%20b',
    code: 400,
    message: "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?fieldSelector=foo%3Dbar',
    code: 400,
    message: '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?fieldSelector=foo',
    code: 400,
    message: "invalid selector: 'foo'; can't understand 'foo'",
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?sendInitialEvents=true',
    code: 422,
    message:
      'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps?timeoutSeconds=foo',
    code: 400,
    message: 'strconv.ParseInt: parsing "foo": invalid syntax',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/b',
    body: { a: 1 },
    contentType: 'application/foo',
    code: 415,
    message: '415: Unsupported Media Type',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/b',
    body: [{ op: 'replace', path: '/data/zz/q', value: 'x' }],
    contentType: 'application/json-patch+json',
    code: 422,
    message: 'the server rejected our request due to an error in our request',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/b',
    body: [{ op: 'test', path: '/data/a', value: 'x' }],
    contentType: 'application/json-patch+json',
    code: 422,
    message: 'the server rejected our request due to an error in our request',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/b',
    body: { a: 1 },
    contentType: 'application/json-patch+json',
    code: 400,
    message: 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/b',
    body: { metadata: { name: 'c' } },
    contentType: 'application/merge-patch+json',
    code: 400,
    message: 'the name of the object (c) does not match the name on the URL (b)',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/b',
    body: { metadata: { uid: '1' } },
    contentType: 'application/merge-patch+json',
    code: 422,
    message: 'ConfigMap "b" is invalid: metadata.uid: Invalid value: "1": field is immutable',
  },
  {
    line: 'PATCH /api/v1/namespaces/nat/configmaps/nope',
    body: {},
    contentType: 'application/merge-patch+json',
    code: 404,
    message: 'configmaps "nope" not found',
  },
  {
    line: 'POST /api/v1/namespaces/nat/configmaps/x',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } },
    code: 405,
    message: 'the server does not allow this method on the requested resource',
  },
  {
    line: 'DELETE /api/v1/namespaces',
    code: 405,
    message: 'the server does not allow this method on the requested resource',
  },
  {
    line: 'GET /api/v1/namespaces/nat/configmaps/b/status',
    code: 404,
    message: 'the server could not find the requested resource',
  },
]
