// Field numbers and JSON names of the messages we speak, generated from Kubernetes' Go types by scripts/generate-protobuf.ts.
import { Buffer } from 'node:buffer'
import { getOwn, type JsonObject } from '../../../api/json.ts'
import table from '../generated/protobuf-messages.json' with { type: 'json' }

/** Marks: `*` a pointer in Go, `?` omitempty. An empty name: the message's members belong to the one around it. */
export type Field = readonly [number: number, name: string, type: string, marks: string]

export const messages = table.messages as unknown as Readonly<Record<string, readonly Field[]>>
/** What every object begins with, before its envelope. */
export const magic = Buffer.from([0x6b, 0x38, 0x73, 0])

/** The schema of a CRD, which has others inside. */
export const schemaMessage = 'apiextensions/v1.JSONSchemaProps'

/** Kinds such as DeleteOptions and Status come with any version. */
export function messageOf(apiVersion: string, kind: string): string | undefined {
  const kinds: JsonObject = table.kinds
  const name = getOwn(kinds, kind) ?? getOwn(kinds, `${apiVersion}/${kind}`)
  return typeof name === 'string' ? name : undefined
}
