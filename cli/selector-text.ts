// The text of a --selector flag as the selector objects carry. Pure.
import type { LabelSelectorObject, Requirement } from '../api/selectors/label-selector.ts'
import { parseLabelSelector } from '../api/selectors/parse-label-selector.ts'

export interface SelectorText {
  text: string
  selector: LabelSelectorObject
}

/** Throws what is wrong with the text, named after the flag. */
export function readSelector(text: string, flag: string): SelectorText {
  try {
    return { text, selector: selectorObject(parseLabelSelector(text)) }
  } catch (error) {
    throw new Error(`invalid ${flag}: ${error instanceof Error ? error.message : error}`)
  }
}

const expressionOperators: Partial<Record<Requirement['operator'], string>> = {
  in: 'In',
  notin: 'NotIn',
  '!=': 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
}

export function selectorObject(requirements: readonly Requirement[]): LabelSelectorObject {
  const matchLabels: Record<string, string> = {}
  const matchExpressions: NonNullable<LabelSelectorObject['matchExpressions']> = []
  for (const { key, operator, values } of requirements) {
    if (operator === '=' || operator === '==') {
      matchLabels[key] = values[0] ?? ''
      continue
    }
    const name = expressionOperators[operator]
    if (name === undefined) throw new Error(`"${operator}" cannot be used here`)
    matchExpressions.push({ key, operator: name, ...(values.length > 0 ? { values: [...values] } : {}) })
  }
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  }
}
