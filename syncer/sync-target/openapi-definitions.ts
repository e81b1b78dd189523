// Where the physical cluster documents its types: OpenAPI v3, one document a group version, or else the one v2 document.
import { getOwn, isJsonObject, type JsonObject } from '../../api/json.ts'
import type { GroupVersionKind } from '../../api/objects.ts'
import { isForbidden, isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import { getJson } from '../../api-client/resources/discovery.ts'
import type { Definitions } from './convert-schema.ts'

export interface FoundDefinition {
  readonly name: string
  readonly definitions: Definitions
}

/** Undefined when the type is not documented. Documents are read anew by every call of createDefinitionSource. */
export type DefinitionSource = (gvk: GroupVersionKind, signal: AbortSignal) => Promise<FoundDefinition | undefined>

/** For one round of imports: what was read in it is shared and then forgotten. */
export function createDefinitionSource(client: Client): DefinitionSource {
  const documents = new Map<string, Promise<JsonObject | undefined>>()
  const once = (path: string, signal: AbortSignal) => {
    const document = documents.get(path) ?? readDocument(client, path, signal)
    documents.set(path, document)
    return document
  }
  return async (gvk, signal) => {
    const index = await once('/openapi/v3', signal)
    const path = index ? documentPath(index, gvk) : undefined
    const document = path ? await once(path, signal) : undefined
    const components = document && isJsonObject(document.components) ? document.components.schemas : undefined
    const found = isJsonObject(components) ? findDefinition(components, gvk) : undefined
    if (found || index) return found
    const old = await once('/openapi/v2', signal)
    return old && isJsonObject(old.definitions) ? findDefinition(old.definitions, gvk) : undefined
  }
}

async function readDocument(client: Client, path: string, signal: AbortSignal): Promise<JsonObject | undefined> {
  try {
    return await getJson(client, path, signal)
  } catch (error) {
    if (isNotFound(error) || isForbidden(error)) return undefined
    throw error
  }
}

function documentPath(index: JsonObject, { group, version }: GroupVersionKind): string | undefined {
  const name = group === '' ? `api/${version}` : `apis/${group}/${version}`
  const entry = isJsonObject(index.paths) ? getOwn(index.paths, name) : undefined
  return isJsonObject(entry) && typeof entry.serverRelativeURL === 'string' ? entry.serverRelativeURL : undefined
}

function findDefinition(schemas: JsonObject, gvk: GroupVersionKind): FoundDefinition | undefined {
  const definitions = (name: string) => {
    const definition = getOwn(schemas, name)
    return isJsonObject(definition) ? definition : undefined
  }
  for (const name of Object.keys(schemas)) {
    const kinds = definitions(name)?.['x-kubernetes-group-version-kind']
    if (!Array.isArray(kinds)) continue
    const isIt = kinds.some(
      kind =>
        isJsonObject(kind) &&
        (kind.group ?? '') === gvk.group &&
        kind.version === gvk.version &&
        kind.kind === gvk.kind,
    )
    if (isIt) return { name, definitions }
  }
  return undefined
}
