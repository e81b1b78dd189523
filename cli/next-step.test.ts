import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nextStep } from './next-step.ts'

const rows: readonly (readonly [error: string, step: RegExp | undefined])[] = [
  ['workspaces.tenancy.kcp.io "nope" not found', /kubectl ws tree/],
  ['workspace "root:nope" not found', /kubectl ws tree/],
  ['access to workspace root:nope:x denied', /kubectl ws tree/],
  ['workspaces.tenancy.kcp.io "x" already exists', /--ignore-existing/],
  ['no previous workspace found in kubeconfig', /kubectl ws NAME/],
  [
    'workspaces.tenancy.kcp.io "x" is forbidden: workspace type "nope" cannot be resolved',
    /kubectl get workspacetypes/,
  ],
  [
    'workspaces.tenancy.kcp.io "x" is forbidden: Internal error occurred: workspacetypes.tenancy.kcp.io "root:nope" not found',
    /kubectl get workspacetypes/,
  ],
  ['Unauthorized', /KUBECONFIG/],
  ['The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?', /kcp start/],
  [
    'apibindings.apis.kcp.io "n" is forbidden: unable to create APIBinding: no permission to bind to export root:n',
    /"bind"/,
  ],
  [
    'placement "p" not ready: placement is not scheduled: No selected location is scheduled',
    /kubectl get locations,synctargets/,
  ],
  [
    'placement "p" not ready: placement is not scheduled: SyncTarget kind does not support APIBinding kubernetes-1',
    /kubectl get locations,synctargets/,
  ],
  ["ENOENT: no such file or directory, open '/nodir/x.yaml.partial'", /folder/],
  ["accepts 1 arg(s), received 0; see 'kubectl ws --help'", undefined],
  ['configmaps "a" not found', undefined],
]

describe('after an error comes what to do', () => {
  for (const [error, step] of rows) {
    test(error, () => (step ? assert.match(nextStep(error) ?? '', step) : assert.equal(nextStep(error), undefined)))
  }
})
