// JSON in annotations, which anybody may have written.
import { type JsonValue, parseJson } from '../../api/json.ts'

export function parseOrUndefined(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
