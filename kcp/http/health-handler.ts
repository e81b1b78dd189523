// /healthz, /livez, /readyz and their single checks: `ok`, or 500 and a line for each check.
import type { PathHandler } from './exchange.ts'
import { pageNotFound, textResponse } from './responses.ts'

export interface HealthCheck {
  readonly name: string
  /** Why not; undefined when all is well. */
  problem(): string | undefined
}

const healthPath = /^\/(healthz|livez|readyz)(?:\/([^/]*))?\/?$/
const ping: HealthCheck = { name: 'ping', problem: () => undefined }

/** Only /readyz asks the checks: a server that is starting is alive. */
export function createHealthHandler(readiness: readonly HealthCheck[]): PathHandler {
  return async ({ path, query }) => {
    const [, endpoint, wanted = ''] = healthPath.exec(path) ?? []
    if (endpoint === undefined) return undefined
    const all = endpoint === 'readyz' ? [ping, ...readiness] : [ping]
    const checks = wanted === '' ? all : all.filter(check => check.name === wanted)
    if (checks.length === 0) return pageNotFound()
    const isVerbose = query.has('verbose') && wanted === ''
    return report(endpoint, checks, isVerbose)
  }
}

function report(endpoint: string, checks: readonly HealthCheck[], isVerbose: boolean) {
  const problems = checks.map(check => ({ name: check.name, problem: check.problem() }))
  const isHealthy = problems.every(each => each.problem === undefined)
  if (isHealthy && !isVerbose) return textResponse(200, 'ok')
  const lines = problems.map(({ name, problem }) =>
    problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`,
  )
  const end = `${endpoint} check ${isHealthy ? 'passed' : 'failed'}\n`
  return textResponse(isHealthy ? 200 : 500, `${lines.join('\n')}\n${end}`)
}
