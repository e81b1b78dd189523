// What a simulated cluster says it is.
export const clusterVersion = {
  major: '1',
  minor: '31',
  gitVersion: 'v1.31.0+simulated',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: `node ${process.version}`,
  platform: `${process.platform}/${process.arch}`,
}
