// Building blocks of tables: a column with the cell it shows.
import type { JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { formatAgeSince } from '../../../api/time.ts'
import type { TableColumn, TableType } from '../../registry/resource.ts'
import { objectAt, objectsAt, textAt } from '../members.ts'

export type Cell = string | number | boolean | null | JsonObject | unknown[]

export interface Column {
  readonly name: string
  readonly type?: string
  readonly format?: string
  /** 1 and above: only with -o wide. */
  readonly priority?: number
  cell(object: KubeObject, now: Date): Cell
}

export function createTable(columns: readonly Column[], nullRows = false): TableType {
  return {
    columns: columns.map(toTableColumn),
    cells: (object, now) => columns.map(column => column.cell(object, now)),
    nullRows,
  }
}

function toTableColumn({ name, type = 'string', format = '', priority = 0 }: Column): TableColumn {
  return { name, type, format, description: '', priority }
}

export const nameColumn: Column = { name: 'Name', format: 'name', cell: object => object.metadata.name }

export const ageColumn: Column = {
  name: 'Age',
  cell: (object, now) => formatAgeSince(object.metadata.creationTimestamp, now),
}

export function column(
  name: string,
  cell: Column['cell'],
  options: Pick<Column, 'type' | 'format' | 'priority'> = {},
): Column {
  return { name, cell, ...options }
}

export function integer(name: string, cell: Column['cell']): Column {
  return { name, cell, type: 'integer' }
}

export function boolean(name: string, cell: Column['cell']): Column {
  return { name, cell, type: 'boolean' }
}

export function wide(name: string, cell: Column['cell']): Column {
  return { name, cell, priority: 1 }
}

/** A text member, or `<none>`. */
export function textOr(text: string, absent = '<none>'): string {
  return text === '' ? absent : text
}

/** `a=b,c=d`, or `<none>`. */
export function formatLabels(labels: JsonObject): string {
  const texts = Object.keys(labels)
    .sort()
    .map(key => `${key}=${String(labels[key])}`)
  return textOr(texts.join(','))
}

const operators: Record<string, string> = { In: 'in', NotIn: 'notin' }

/** A LabelSelector as kubectl prints it, ordered by key. */
export function formatSelector(selector: JsonObject): string {
  const labels = objectAt(selector, 'matchLabels')
  const equal = Object.keys(labels).map(key => ({ key, text: `${key}=${String(labels[key])}` }))
  const expressions = objectsAt(selector, 'matchExpressions').map(expression => {
    const key = textAt(expression, 'key')
    return { key, text: formatExpression(expression, key) }
  })
  const ordered = [...equal, ...expressions].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return textOr(ordered.map(({ text }) => text).join(','))
}

function formatExpression(expression: JsonObject, key: string): string {
  const operator = textAt(expression, 'operator')
  if (operator === 'Exists') return key
  if (operator === 'DoesNotExist') return `!${key}`
  const values = Array.isArray(expression.values) ? [...expression.values].sort() : []
  return `${key} ${operators[operator] ?? operator} (${values.join(',')})`
}

export const defaultTable: TableType = createTable([nameColumn, ageColumn])

/** Kinds that print only when they were created; their empty list has no rows at all. */
export const createdAtTable: TableType = createTable(
  [
    nameColumn,
    {
      name: 'Created At',
      type: 'date',
      cell: object => object.metadata.creationTimestamp ?? null,
    },
  ],
  true,
)
