// Facts of APIResourceSchemas, read when first needed and kept small; their bound CRDs are made on the way.
import { formatKey } from '../../../api/objects.ts'
import type { Client } from '../../../api-client/client.ts'
import type { WorkspaceCatalog } from '../../workspaces/catalog.ts'
import { getOrUndefined } from '../loop.ts'
import { apiConversions, apiResourceSchemas } from '../resources.ts'
import type { SchemaFacts } from './api-binding.ts'
import { type ApiResourceSchema, createBoundCrd } from './bound-crd.ts'

export interface Schemas {
  /** Facts of a schema whose bound CRD is served; a text (its name) when there is no such schema. */
  ensure(cluster: string, name: string): Promise<SchemaFacts | string>
  forget(key: string): void
}

export interface SchemasDeps {
  readonly client: Client
  readonly catalog: Pick<WorkspaceCatalog, 'hasBoundCrd' | 'whenCurrent'>
  readonly now: () => Date
}

const factsKeptMax = 10_000

export function createSchemas({ client, catalog, now }: SchemasDeps): Schemas {
  const known = new Map<string, Promise<SchemaFacts | undefined>>()
  const read = async (cluster: string, name: string): Promise<SchemaFacts | undefined> => {
    const key = { cluster, namespace: '', name }
    const schema = await getOrUndefined<ApiResourceSchema>(client, apiResourceSchemas, key)
    if (schema === undefined) return undefined
    if (!catalog.hasBoundCrd(schema.metadata.uid ?? '')) {
      await createBoundCrd(client, schema, { cluster, now: now() })
      await catalog.whenCurrent()
    }
    const needsConversion = schema.spec.versions.length > 1
    const conversion = needsConversion ? await getOrUndefined(client, apiConversions, key) : undefined
    return factsOf(schema, needsConversion && conversion === undefined)
  }
  const remember = (text: string, cluster: string, name: string) => {
    const facts = read(cluster, name)
    if (known.size >= factsKeptMax) known.clear()
    known.set(text, facts)
    // Failures and absences are asked again.
    facts.then(
      found => (found === undefined || found.lacksConversion) && known.delete(text),
      () => known.delete(text),
    )
    return facts
  }
  return {
    async ensure(cluster, name) {
      const text = formatKey({ cluster, namespace: '', name })
      const facts = await (known.get(text) ?? remember(text, cluster, name))
      if (facts === undefined || catalog.hasBoundCrd(facts.uid)) return facts ?? name
      // Its CRD was cleaned up meanwhile.
      return (await remember(text, cluster, name)) ?? name
    },
    forget: key => void known.delete(key),
  }
}

function factsOf(schema: ApiResourceSchema, lacksConversion: boolean): SchemaFacts {
  const { group, names, versions } = schema.spec
  return {
    name: schema.metadata.name,
    uid: schema.metadata.uid ?? '',
    group,
    names: {
      plural: names.plural,
      singular: names.singular ?? names.kind.toLowerCase(),
      kind: names.kind,
      listKind: names.listKind ?? `${names.kind}List`,
      shortNames: names.shortNames ?? [],
    },
    storageVersions: versions.filter(version => version.storage).map(version => version.name),
    lacksConversion,
  }
}
