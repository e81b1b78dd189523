// `GET workspaces/~` in root answers the home workspace of whoever asks, whatever his permissions there.
import type { KubeObject } from '../../../api/objects.ts'
import type { UserInfo } from '../../../api/user.ts'
import type { ApiResponse, Filter } from '../exchange.ts'
import { jsonResponse, textResponse } from '../responses.ts'

const homePath = '/apis/tenancy.kcp.io/v1alpha1/workspaces/~'

/** `find` answers undefined while the home is being made; clients then ask again by themselves. */
export function withHomeWorkspaces(find: (user: UserInfo) => Promise<KubeObject | undefined>): Filter {
  return next => request => {
    const { user, path, cluster, method } = request
    const isAsked = path === homePath && cluster === 'root' && method === 'GET'
    return user !== undefined && isAsked ? answer(find(user)) : next(request)
  }
}

async function answer(home: Promise<KubeObject | undefined>): Promise<ApiResponse> {
  const workspace = await home
  if (workspace) return jsonResponse(200, workspace)
  const waiting = textResponse(429, 'Creating the home workspace\n')
  return { ...waiting, headers: { ...waiting.headers, 'retry-after': '1' } }
}
