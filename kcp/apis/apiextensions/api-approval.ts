// Groups of the Kubernetes project: a CRD in one of them says who approved it.

export const approvalAnnotation = 'api-approved.kubernetes.io'
const pullRequests = 'https://github.com/kubernetes/enhancements/pull/1111'

export function isProtectedGroup(group: string): boolean {
  return /(^|\.)(k8s\.io|kubernetes\.io)$/.test(group)
}

export interface Approval {
  readonly state: 'missing' | 'bypassed' | 'approved' | 'invalid'
  readonly text: string
}

export function approvalOf(annotations: Readonly<Record<string, string>>): Approval {
  const annotation = annotations[approvalAnnotation] ?? ''
  const must = `protected groups must have approval annotation "${approvalAnnotation}"`
  if (annotation === '') return { state: 'missing', text: `${must}, see ${pullRequests}` }
  if (annotation.startsWith('unapproved')) {
    return { state: 'bypassed', text: `not approved: ${JSON.stringify(annotation)}` }
  }
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+/i.test(annotation))
    return { state: 'approved', text: `approved in ${annotation}` }
  const text = `${must} with either a URL or a reason starting with "unapproved", see ${pullRequests}`
  return { state: 'invalid', text }
}
