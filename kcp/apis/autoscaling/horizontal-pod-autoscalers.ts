// Defaults of autoscalers in both versions: one replica at least, and a share of the processor when no metric is named.
import { ensureObject, setDefault } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

const processorPercent = 80

export const horizontalPodAutoscalerRules: NativeRules = {
  defaults(autoscaler) {
    const spec = ensureObject(autoscaler, 'spec')
    setDefault(spec, 'minReplicas', 1)
    if (autoscaler.apiVersion === 'autoscaling/v1') setDefault(spec, 'targetCPUUtilizationPercentage', processorPercent)
    else if (spec.metrics === undefined) spec.metrics = [processorMetric()]
  },
  strategy: {
    prepareForCreate(autoscaler) {
      const isFirst = autoscaler.apiVersion === 'autoscaling/v1'
      autoscaler.status = { ...(isFirst ? { currentReplicas: 0 } : { currentMetrics: null }), desiredReplicas: 0 }
    },
  },
}

function processorMetric() {
  return {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: processorPercent } },
  }
}
