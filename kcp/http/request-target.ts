// The text after the method of a request line: decoded path and query.
import { badRequest } from '../../api/status-error.ts'

export interface RequestTarget {
  readonly path: string
  readonly query: URLSearchParams
}

export function parseRequestTarget(text: string): RequestTarget {
  const mark = text.indexOf('?')
  const path = mark < 0 ? text : text.slice(0, mark)
  return { path: cleanPath(path), query: new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1)) }
}

function cleanPath(path: string): string {
  // `/clusters//api` names an empty cluster, not the cluster `api`.
  const single = path.includes('//') ? path.replace(/(?<!^\/clusters)\/{2,}/g, '/') : path
  if (!single.includes('%')) return single
  try {
    return decodeURIComponent(single)
  } catch (error) {
    if (error instanceof URIError) throw badRequest('invalid URL escape in the path')
    throw error
  }
}
