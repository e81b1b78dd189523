// Metadata that belongs to the system: what a user leaves out comes back, what a user changes is refused.
import type { AdmissionRequest } from '../registry/resource.ts'
import { refuse } from './plugin.ts'

export function protectAnnotations(request: AdmissionRequest, keys: readonly string[]): void {
  const { object, old } = request
  if (object === undefined) return
  for (const key of keys) {
    const given = object.metadata.annotations?.[key]
    const before = old?.metadata.annotations?.[key]
    if (given === before) continue
    if (given !== undefined) throw refuse(request, `annotation ${key} can only be set by system privileged users`)
    object.metadata.annotations = { ...object.metadata.annotations, [key]: before ?? '' }
  }
}

/** On update: the finalizer stays as long as the object had it. */
export function keepFinalizer({ object, old }: AdmissionRequest, finalizer: string): void {
  if (object === undefined || !old?.metadata.finalizers?.includes(finalizer)) return
  const { finalizers = [] } = object.metadata
  if (!finalizers.includes(finalizer)) object.metadata.finalizers = [...finalizers, finalizer]
}
