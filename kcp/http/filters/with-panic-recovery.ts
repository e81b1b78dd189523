// Outermost: every error becomes a Status. Unknown ones are logged and answered as 500; stacks never leave the process.
import { StatusError } from '../../../api/status-error.ts'
import type { Filter } from '../exchange.ts'
import type { HttpLog } from '../log.ts'
import { asStatusError } from '../responses.ts'
import { refusal } from '../yaml-response.ts'

export function withPanicRecovery(log: HttpLog): Filter {
  return next => async request => {
    try {
      return await next(request)
    } catch (error) {
      if (!(error instanceof StatusError) || (error.code === 500 && error.cause !== undefined)) {
        log.error({ err: error, method: request.method, path: request.path }, 'request failed')
      }
      return refusal(request, asStatusError(error).status)
    }
  }
}
