// The aliases people type for home workspaces.
import { homeBucketPath, homeClusterName } from '../../api/names/derived-names.ts'

/** `user:<name>[:rest]` as the home's logical cluster and the rest. */
export function splitHomePath(path: string): { cluster: string; rest: string[] } | undefined {
  const [user, name, ...rest] = path.split(':')
  if (user !== 'user' || name === undefined) return undefined
  return { cluster: homeClusterName(name), rest }
}

/** `root:users:<b1>:<b2>:<user>[:rest]` with that user's buckets reads as `user:<user>[:rest]`. */
export function homePathOfBuckets(path: string): string | undefined {
  const [root, users, , , name, ...rest] = path.split(':')
  if (root !== 'root' || users !== 'users' || name === undefined) return undefined
  const home = homeBucketPath(name)
  if (path !== home && !path.startsWith(`${home}:`)) return undefined
  return ['user', name, ...rest].join(':')
}
