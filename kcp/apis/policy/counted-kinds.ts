// Kinds that only count the changes of their spec, or start with a status.
import { counted, type NativeRules } from '../native-rules.ts'

export const disruptionBudgetRules: NativeRules = {
  strategy: {
    prepareForCreate(budget) {
      budget.metadata.generation = 1
      budget.status = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }
    },
  },
}

export const countedRules: NativeRules = { strategy: counted }
