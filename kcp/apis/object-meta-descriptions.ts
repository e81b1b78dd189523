// What `kubectl explain foo.metadata` says of every kind. Tools look for how the first sentence of some begins.
import { isJsonObject, type JsonObject } from '../../api/json.ts'

const descriptions: Readonly<Record<string, string>> = {
  annotations: 'Annotations are text for tools and people. No selector sees them.',
  creationTimestamp: 'CreationTimestamp is a timestamp of the server, set when the object was created.',
  deletionGracePeriodSeconds: 'Seconds the object may take to end; set together with deletionTimestamp.',
  deletionTimestamp: 'DeletionTimestamp is set by the server when somebody deletes the object and finalizers hold it.',
  finalizers: 'Those who must take their entry away before a deleted object is gone.',
  generateName: 'GenerateName is a prefix; the server adds five characters when there is no name.',
  generation: 'Counts the changes of what is desired.',
  labels: 'Labels are what selectors select by.',
  managedFields: 'ManagedFields tell which client set which field last. Kept by the server.',
  name: 'Name must be unique among the objects of the kind in a namespace. It never changes.',
  namespace: 'Namespace the object is in; empty for kinds without one.',
  ownerReferences: 'Objects this one belongs to. When all of them are gone, it is deleted.',
  resourceVersion:
    'Version of the object, to be compared for equality only; sent back, it guards against lost updates.',
  selfLink: 'Deprecated: no longer set.',
  uid: 'UID is unique in time and space. Set by the server.',
}

export function describeObjectMeta(schema: JsonObject): JsonObject {
  if (!isJsonObject(schema.properties)) return schema
  const properties = Object.entries(schema.properties).map(([name, member]) => {
    const description = Object.hasOwn(descriptions, name) ? descriptions[name] : undefined
    return [name, isJsonObject(member) && description !== undefined ? { description, ...member } : member]
  })
  return { ...schema, properties: Object.fromEntries(properties) }
}
