// Webhook configurations, as objects: defaults of each webhook. Leaves out: calling them.
import type { JsonObject } from '../../../api/json.ts'
import { objectsAt, setDefault } from '../members.ts'
import { counted, type NativeRules } from '../native-rules.ts'

function webhookRules(mutating: boolean): NativeRules {
  return {
    defaults(configuration) {
      for (const webhook of objectsAt(configuration, 'webhooks')) defaultWebhook(webhook, mutating)
    },
    strategy: counted,
  }
}

function defaultWebhook(webhook: JsonObject, mutating: boolean): void {
  setDefault(webhook, 'failurePolicy', 'Fail')
  setDefault(webhook, 'matchPolicy', 'Equivalent')
  setDefault(webhook, 'namespaceSelector', {})
  setDefault(webhook, 'objectSelector', {})
  setDefault(webhook, 'timeoutSeconds', 10)
  if (mutating) setDefault(webhook, 'reinvocationPolicy', 'Never')
  for (const rule of objectsAt(webhook, 'rules')) setDefault(rule, 'scope', '*')
}

export const webhookRulesOf = {
  MutatingWebhookConfiguration: webhookRules(true),
  ValidatingWebhookConfiguration: webhookRules(false),
}
