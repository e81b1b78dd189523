// The kubeconfig file format (v1), as far as clients read it. Members unknown here survive reading and writing.

export interface ClusterEntry {
  server?: string
  'certificate-authority'?: string
  'certificate-authority-data'?: string
  'insecure-skip-tls-verify'?: boolean
  'tls-server-name'?: string
  'proxy-url'?: string
  [member: string]: unknown
}

export interface UserEntry {
  token?: string
  tokenFile?: string
  username?: string
  password?: string
  'client-certificate'?: string
  'client-certificate-data'?: string
  'client-key'?: string
  'client-key-data'?: string
  exec?: unknown
  'auth-provider'?: unknown
  [member: string]: unknown
}

export interface ContextEntry {
  cluster?: string
  user?: string
  namespace?: string
  [member: string]: unknown
}

export interface Kubeconfig {
  'current-context': string
  readonly clusters: Map<string, ClusterEntry>
  readonly contexts: Map<string, ContextEntry>
  readonly users: Map<string, UserEntry>
}

/** The three kinds of entries: list name in the file, member that holds the entry. */
export const entryMembers = { clusters: 'cluster', contexts: 'context', users: 'user' } as const
export type EntryList = keyof typeof entryMembers

/** Members that are paths, relative to the file they stand in. */
export const pathMembers: Readonly<Record<EntryList, readonly string[]>> = {
  clusters: ['certificate-authority'],
  contexts: [],
  users: ['client-certificate', 'client-key', 'tokenFile'],
}
