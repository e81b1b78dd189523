// A server URL of a kubeconfig and the workspace it points to: `<base>/clusters/<workspace>`.

export interface WorkspaceUrl {
  /** scheme://host[:port] with any path before /clusters/, no slash at the end. */
  base: string
  /** Path or logical cluster name; undefined when the URL points to no workspace. */
  workspace: string | undefined
}

export function parseWorkspaceUrl(server: string): WorkspaceUrl {
  const match = /^(.*?)\/clusters\/([^/?#]+)/.exec(server)
  if (!match) return { base: server.replace(/\/+$/, ''), workspace: undefined }
  return { base: match[1] ?? '', workspace: decodeURIComponent(match[2] ?? '') }
}

export function workspaceUrl(base: string, workspace: string): string {
  return `${base}/clusters/${workspace}`
}
