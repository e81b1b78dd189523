// Nothing is created in a namespace that is missing or ends; the namespaces every cluster needs stay.
import { failure, forbidden, notFound } from '../../api/status-error.ts'
import type { AdmissionRequest } from '../registry/resource.ts'
import { type AdmissionDeps, isResource, type Plugin } from './plugin.ts'

const namespaces = { group: '', version: 'v1', resource: 'namespaces' }
const immortal = ['default', 'kube-system', 'kube-public']
const isNamespace = isResource('', 'namespaces')

export function namespaceLifecycle(deps: Pick<AdmissionDeps, 'index' | 'namespaceState'>): Plugin {
  return {
    name: 'WorkspaceNamespaceLifecycle',
    handles: ({ operation, type, subresource, namespace }) =>
      operation === 'DELETE'
        ? type.group === '' && type.resource === 'namespaces'
        : operation === 'CREATE' && namespace !== '' && subresource === '' && type.group !== 'authorization.k8s.io',
    async validate(request) {
      if (isNamespace(request)) return checkDeletion(deps, request)
      const { context, namespace, type } = request
      const state = await deps.namespaceState(context.cluster, namespace)
      if (state === 'missing') throw notFound(namespaces, namespace)
      if (state === 'active') return
      const name = request.object?.metadata.name ?? ''
      const text = `unable to create new content in namespace ${namespace} because it is being terminated`
      const { status } = forbidden(type, name, text)
      throw failure(403, 'Forbidden', status.message ?? '', {
        ...status.details,
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      })
    },
  }
}

async function checkDeletion({ index }: Pick<AdmissionDeps, 'index'>, request: AdmissionRequest): Promise<void> {
  const { name, context } = request
  if (!immortal.includes(name)) return
  const isDeleting = () => index.logicalCluster(context.cluster)?.deleting === true
  if (isDeleting()) return
  await index.whenCurrent()
  if (!isDeleting()) throw forbidden(namespaces, name, 'this namespace may not be deleted')
}
