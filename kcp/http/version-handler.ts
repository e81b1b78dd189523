// /version
import type { PathHandler } from './exchange.ts'
import { jsonResponse, requireGet } from './responses.ts'

export interface ServerVersion {
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

export function createVersionHandler(version: ServerVersion): PathHandler {
  const response = jsonResponse(200, version)
  return async ({ path, method }) => {
    if (path !== '/version' && path !== '/version/') return undefined
    requireGet(method)
    return response
  }
}
