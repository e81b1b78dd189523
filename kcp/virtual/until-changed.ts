// Ends watches of definitions that are no longer served, so that clients discover and list again.
import type { SyncTargetApis } from './sync-target-apis.ts'

/** Fires with the request's own signal, or when a change made the condition false. Abort it when the stream has ended. */
export function untilChanged(
  apis: Pick<SyncTargetApis, 'onChange'>,
  isCurrent: () => boolean,
  request: AbortSignal,
): AbortController {
  const end = new AbortController()
  const stop = apis.onChange(() => {
    if (!isCurrent()) end.abort()
  })
  const abort = () => end.abort()
  request.addEventListener('abort', abort)
  end.signal.addEventListener('abort', () => {
    stop()
    request.removeEventListener('abort', abort)
  })
  if (request.aborted) end.abort()
  return end
}
