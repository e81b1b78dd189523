// What this server says it is. Clients parse major, minor and gitVersion.
export const kcpVersion = 'v0.11.0'
export const gitVersion = `v1.31.0+kcp-${kcpVersion}`

export interface VersionInfo {
  readonly major: string
  readonly minor: string
  readonly gitVersion: string
  readonly gitCommit: string
  readonly gitTreeState: string
  readonly buildDate: string
  readonly goVersion: string
  readonly compiler: string
  readonly platform: string
}

export const versionInfo: VersionInfo = {
  major: '1',
  minor: '31',
  gitVersion,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: `node ${process.version}`,
  platform: `${process.platform}/${process.arch}`,
}
