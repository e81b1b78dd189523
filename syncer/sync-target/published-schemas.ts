// Where the physical cluster documents its types: OpenAPI v3, one document a group version, or else the one v2
// document: for all when there is no v3, for a group version whose v3 document is missing (an aggregated server's).
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { GroupVersionKind } from '../../api/objects.ts'
import { isForbidden, isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import { getJson } from '../../api-client/resources/discovery.ts'
import { convertDefinition, type Definitions } from './convert-schema.ts'

/** Structural schema of a published type; undefined when it is not documented. Throws when it has none. */
export type SchemaSource = (gvk: GroupVersionKind, signal: AbortSignal) => Promise<JsonObject | undefined>

export interface PublishedSchemas {
  /** For one round of imports: a document is read at most once in it. */
  round(): SchemaSource
}

/** Documents are large. v3 tells in its index which have changed, so what was made of the others is kept. */
export function createPublishedSchemas(client: Client): PublishedSchemas {
  const made = new Map<string, { readonly path: string; readonly schema: JsonObject | undefined }>()
  return {
    round() {
      const documents = new Map<string, Promise<JsonObject | undefined>>()
      const once = (path: string, signal: AbortSignal) => {
        const document = documents.get(path) ?? readDocument(client, path, signal)
        documents.set(path, document)
        return document
      }
      const fromV2: SchemaSource = async (gvk, signal) =>
        schemaIn((await once('/openapi/v2', signal))?.definitions, gvk)
      return async (gvk, signal) => {
        const index = await once('/openapi/v3', signal)
        const path = index && documentPath(index, gvk)
        if (path === undefined) return fromV2(gvk, signal)
        const name = `${gvk.kind}.${gvk.version}.${gvk.group}`
        const kept = made.get(name)
        if (kept?.path === path) return kept.schema
        const document = await once(path, signal)
        if (!document) return fromV2(gvk, signal)
        const components = isJsonObject(document.components) ? document.components : {}
        const schema = schemaIn(components.schemas, gvk)
        made.set(name, { path, schema })
        return schema
      }
    },
  }
}

function schemaIn(schemas: JsonValue | undefined, gvk: GroupVersionKind): JsonObject | undefined {
  const found = isJsonObject(schemas) ? findDefinition(schemas, gvk) : undefined
  return found ? convertDefinition(found.name, found.definitions) : undefined
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

function findDefinition(
  schemas: JsonObject,
  gvk: GroupVersionKind,
): { name: string; definitions: Definitions } | undefined {
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
