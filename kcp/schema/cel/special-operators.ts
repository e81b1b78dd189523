// Operators that do not look at all their operands, and indexes: the checker knows their types from here, how they work
// is in evaluate.ts.

import { unionRange } from './estimate-values.ts'
import type { Overload } from './functions.ts'
import { bool, int, list, map, optional, overload, paramA, paramB } from './functions.ts'
import { fail } from './values.ts'

const elsewhere = () => fail('no such overload')

const indexed = (pathStep: '@items' | '@values') => ({ pathStep })

export const specialOperators: ReadonlyMap<string, readonly Overload[]> = new Map([
  ['_&&_', [overload([bool, bool], bool, elsewhere)]],
  ['_||_', [overload([bool, bool], bool, elsewhere)]],
  [
    '_?_:_',
    [
      overload([bool, paramA, paramA], paramA, elsewhere, {
        estimate: ([, whenTrue, whenFalse]) => {
          const zero = { min: 0, max: 0 }
          return { cost: zero, size: unionRange(whenTrue?.size ?? zero, whenFalse?.size ?? zero) }
        },
      }),
    ],
  ],
  [
    '_[_]',
    [
      overload([list(paramA), int], paramA, elsewhere, indexed('@items')),
      overload([map(paramA, paramB), paramA], paramB, elsewhere, indexed('@values')),
      overload([optional(list(paramA)), int], optional(paramA), elsewhere),
      overload([optional(map(paramA, paramB)), paramA], optional(paramB), elsewhere),
    ],
  ],
  [
    '_[?_]',
    [
      overload([list(paramA), int], optional(paramA), elsewhere),
      overload([map(paramA, paramB), paramA], optional(paramB), elsewhere),
      overload([optional(list(paramA)), int], optional(paramA), elsewhere),
      overload([optional(map(paramA, paramB)), paramA], optional(paramB), elsewhere),
    ],
  ],
])
