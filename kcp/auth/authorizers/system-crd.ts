// The status of bindings and exports belongs to the server: nobody writes it through the API.
import { deny } from '../authorizer.ts'
import type { Gate } from './gate.ts'

const closed = new Set(['apibindings', 'apiexports'])

export const systemCrdGate: Gate = ({ isResource, group, resource, subresource }) =>
  isResource && group === 'apis.kcp.io' && subresource === 'status' && closed.has(resource)
    ? deny(`${resource}/status is written by the server only`)
    : undefined
