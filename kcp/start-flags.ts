// The flags of `kcp start`, as help prints them.
import type { Flag } from './flags.ts'

export const batteries = ['root-compute-workspace', 'user', 'workspace-types'] as const
export type Battery = (typeof batteries)[number]

const secure = 'Secure serving'
const authentication = 'KCP Authentication'
const kcp = 'KCP'
const home = 'KCP Home Workspaces'
const shards = 'KCP Shards'

const text = (section: string, name: string, fallback: string, description: string): Flag => ({
  name,
  section,
  type: 'text',
  default: fallback,
  description,
})

export const startFlags: readonly Flag[] = [
  text('Generic', 'root-directory', '.kcp', 'Directory for everything the server keeps; created when missing.'),
  text(secure, 'bind-address', '0.0.0.0', 'The IP address to listen on.'),
  { ...text(secure, 'secure-port', '6443', 'The port to serve HTTPS on.'), type: 'number' },
  {
    ...text(secure, 'experimental-bind-free-port', 'false', 'Take a free port; needs --secure-port=0.'),
    type: 'boolean',
    hidden: true,
  },
  text(secure, 'external-hostname', '', 'Host name that clients use for this server, instead of its IP address.'),
  text(
    secure,
    'tls-cert-file',
    '',
    'Certificate for HTTPS with its chain. Issued and kept in the root directory when absent.',
  ),
  text(secure, 'tls-private-key-file', '', 'Private key of --tls-cert-file.'),
  text(
    authentication,
    'client-ca-file',
    '',
    'Authority whose client certificates are accepted: CN is the user, O the groups.',
  ),
  text(authentication, 'token-auth-file', '', 'File of static tokens: lines of token,user,uid[,"group1,group2"].'),
  text(
    authentication,
    'kubeconfig-path',
    '',
    'Where the admin kubeconfig is written. Default: admin.kubeconfig in the root directory.',
  ),
  text(
    authentication,
    'authentication-admin-token-path',
    '',
    'Where the hash of the admin token is kept. Default: .admin-token-store in the root directory.',
  ),
  text(
    authentication,
    'service-account-private-key-file',
    '',
    'RSA key that signs ServiceAccount tokens. Default: sa.key in the root directory, generated.',
  ),
  {
    ...text(
      'KCP Authorization',
      'authorization-always-allow-paths',
      '/healthz,/readyz,/livez',
      'Paths open to everybody; a trailing * stands for all that start so.',
    ),
    type: 'list',
  },
  {
    ...text(
      kcp,
      'batteries-included',
      'root-compute-workspace,workspace-types',
      `What is created at the first start: ${batteries.join(', ')}. A plain list replaces the default; + and - edit it.`,
    ),
    type: 'list',
    prominent: true,
  },
  { ...text(kcp, 'run-controllers', 'true', 'Run the controllers.'), type: 'boolean' },
  {
    ...text(kcp, 'run-virtual-workspaces', 'true', 'Serve the virtual workspaces.'),
    type: 'boolean',
    prominent: true,
  },
  {
    ...text(
      kcp,
      'sync-target-heartbeat-threshold',
      '1m0s',
      'A SyncTarget without a heartbeat for so long is not ready.',
    ),
    type: 'duration',
  },
  { ...text(kcp, 'feature-gates', '', 'Name=true|false pairs: KCPLocationAPI, KCPSyncerTunnel.'), type: 'list' },
  { ...text(home, 'enable-home-workspaces', 'true', 'Give each user a home workspace at first use.'), type: 'boolean' },
  {
    ...text(home, 'home-workspaces-home-creator-groups', 'system:authenticated', 'Groups whose members get one.'),
    type: 'list',
  },
  text(shards, 'shard-name', 'root', 'Name of this shard.'),
  text(shards, 'shard-base-url', '', 'URL of this shard for other shards.'),
  text(shards, 'shard-external-url', '', 'URL of this shard for users.'),
  text(shards, 'shard-virtual-workspace-url', '', 'URL of the virtual workspaces of this shard.'),
  {
    ...text('Storage', 'etcd-servers', 'embedded', 'Only the embedded store is there yet.'),
    type: 'list',
    prominent: true,
  },
  text(
    'Storage',
    'store-directory',
    '',
    'Where the embedded store keeps its files. Default: store in the root directory.',
  ),
  text('Logging', 'logging-format', 'text', 'text or json.'),
  { ...text('Logging', 'v', '2', 'Verbosity; 4 and more prints debug messages.'), type: 'number', shorthand: 'v' },
]
