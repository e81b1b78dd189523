// What to do after an error, in one line below it. The error itself keeps the words of kubectl and of Go kcp's plugin.

const steps: readonly (readonly [error: RegExp, step: string])[] = [
  [
    /^workspaces\.tenancy\.kcp\.io "[^"]+" not found$|^workspace "[^"]+" not found$|^access to workspace \S+ denied$/,
    "'kubectl ws tree' shows the workspaces below the current one, 'kubectl ws root' goes to the top.",
  ],
  [
    /^workspaces\.tenancy\.kcp\.io "[^"]+" already exists$/,
    "--ignore-existing goes on with the one that exists; 'kubectl ws NAME' enters it.",
  ],
  [/^no previous workspace found/, "'kubectl ws NAME' enters a workspace; after that '-' goes back."],
  [
    /workspace type .* cannot be resolved|workspacetypes\.tenancy\.kcp\.io .* not found/,
    "'kubectl get workspacetypes' in root shows those that exist; name one with its path, e.g. root:universal.",
  ],
  [
    /^Unauthorized$/,
    'The server does not accept these credentials: is KUBECONFIG the file of this kcp, e.g. .kcp/admin.kubeconfig?',
  ],
  [
    /^The connection to the server \S+ was refused/,
    "Is kcp running there? 'kcp start' starts it and writes .kcp/admin.kubeconfig.",
  ],
  [
    /no permission to bind to export/,
    'Check the name of the export and its workspace; its owner allows binding by the verb "bind" on that APIExport.',
  ],
  [/^context "[^"]+" does not exist/, "'kubectl config get-contexts' shows those of the kubeconfig."],
  [/^(?:ENOENT|EACCES|EROFS|ENOTDIR): .*, open /, 'Does its folder exist, and may you write there?'],
  [
    /not ready: placement is not scheduled/,
    "Is a syncer running there? 'kubectl get locations,synctargets' in the location workspace shows what is ready.",
  ],
]

export function nextStep(message: string): string | undefined {
  return steps.find(([error]) => error.test(message))?.[1]
}
