// Tables of custom resources: Name, then the schema's own columns, or Age when it has none.
import { isJsonObject, type JsonObject, type JsonValue, numberValue } from '../../../api/json.ts'
import { formatAgeSince, parseTime } from '../../../api/time.ts'
import type { TableColumn, TableType } from '../../registry/resource.ts'
import { findByJsonPath, parseJsonPath } from '../json-path.ts'
import { asJson, numberAt, textAt } from '../members.ts'

export interface PrinterColumn {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly priority: number
  readonly description: string
  readonly jsonPath: string
}

const ageColumn: PrinterColumn = {
  name: 'Age',
  type: 'date',
  format: '',
  priority: 0,
  description: 'Time since the object was created.',
  jsonPath: '.metadata.creationTimestamp',
}

const nameColumn: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name of the object, unique among those of its kind in its namespace.',
  priority: 0,
}

function describe(jsonPath: string): string {
  return `Custom resource definition column (in JSONPath format): ${jsonPath}`
}

export function parsePrinterColumns(columns: readonly JsonValue[]): PrinterColumn[] {
  return columns.filter(isJsonObject).map((column: JsonObject) => ({
    name: textAt(column, 'name'),
    type: textAt(column, 'type'),
    format: textAt(column, 'format'),
    priority: numberAt(column, 'priority') ?? 0,
    description: textAt(column, 'description') || describe(textAt(column, 'jsonPath')),
    jsonPath: textAt(column, 'jsonPath'),
  }))
}

export function printerTable(printerColumns: readonly PrinterColumn[]): TableType {
  const own = printerColumns.length > 0 ? printerColumns : [ageColumn]
  const readers = own.map(column => ({ type: column.type, steps: parseJsonPath(column.jsonPath) }))
  return {
    columns: [
      nameColumn,
      ...own.map(({ name, type, format, description, priority }) => ({ name, type, format, description, priority })),
    ],
    cells(object, now) {
      const json = asJson(object)
      const cells = readers.map(({ type, steps }) => {
        const [value] = steps === undefined ? [] : findByJsonPath(json, steps)
        return value === undefined ? null : formatCell(value, type, now)
      })
      return [object.metadata.name, ...cells]
    },
  }
}

function formatCell(value: JsonValue, type: string, now: Date): string | number | boolean | null {
  switch (type) {
    case 'integer': {
      const number = numberValue(value)
      return number === undefined ? null : Math.trunc(number)
    }
    case 'number':
      return numberValue(value) ?? null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return typeof value !== 'string' ? null : parseTime(value) ? formatAgeSince(value, now) : '<invalid>'
  }
  if (value === null) return '<no value>'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
