// `/services/<name>/<logical cluster>/<sync target>/<uid>/clusters/<logical cluster or *>/<path>`, taken apart.

export interface ServicesPath {
  /** Of the virtual workspace: syncer, upsyncer. */
  readonly name: string
  readonly syncTarget: { readonly cluster: string; readonly name: string; readonly uid: string }
  /** A name, never a path; or `*`. */
  readonly cluster: string
  /** Starts with a slash. */
  readonly path: string
}

const pattern = /^\/services\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)\/clusters\/([^/]+)(\/.*)?$/

/** undefined: leads to no virtual workspace. */
export function parseServicesPath(path: string): ServicesPath | undefined {
  const match = pattern.exec(path)
  if (!match) return undefined
  const [, name = '', owner = '', syncTarget = '', uid = '', cluster = '', rest = '/'] = match
  if (!isName(owner) || (cluster !== '*' && !isName(cluster))) return undefined
  return { name, syncTarget: { cluster: owner, name: syncTarget, uid }, cluster, path: rest === '' ? '/' : rest }
}

function isName(cluster: string): boolean {
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(cluster) || cluster.startsWith('system:')
}
