// The rules of kcp's own schemas (x-kubernetes-validations), each written by hand under its text. Rules of other schemas
// are not known here and count as kept.
import { equalJson, isJsonObject, type JsonValue } from '../../api/json.ts'
import type { FindRule, RulePredicate } from '../schema/validation-rules.ts'
import { listAt, textAt, valueAt } from './members.ts'

const has = (value: JsonValue | undefined, name: string) => valueAt(value, name) !== undefined

const labelPrefix = /^[a-z0-9]([-a-z0-9]{0,251}[a-z0-9])?$/
const labelName = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/')
  return slash < 0 ? labelName.test(key) : labelPrefix.test(key.slice(0, slash)) && labelName.test(key.slice(slash + 1))
}

function hasFittingValues(expression: JsonValue): boolean {
  const operator = textAt(expression, 'operator')
  if (operator === 'In' || operator === 'NotIn') return listAt(expression, 'values').length > 0
  return operator === 'Exists' || operator === 'DoesNotExist' ? !has(expression, 'values') : true
}

const rules: Readonly<Record<string, RulePredicate>> = {
  'self == oldSelf': (self, old) => equalJson(self, old),
  'self.name == oldSelf.name': (self, old) => equalJson(valueAt(self, 'name'), valueAt(old, 'name')),
  'has(oldSelf.path) == has(self.path)': (self, old) => has(self, 'path') === has(old, 'path'),
  '!has(oldSelf.path) || !has(self.path) || self.path == oldSelf.path': (self, old) =>
    !has(old, 'path') || !has(self, 'path') || textAt(self, 'path') === textAt(old, 'path'),
  '!has(oldSelf.URL) || has(self.URL)': (self, old) => !has(old, 'URL') || has(self, 'URL'),
  '!has(oldSelf.cluster) || has(self.cluster)': (self, old) => !has(old, 'cluster') || has(self, 'cluster'),
  '(has(self.all) && self.all) != (has(self.resourceSelector) && size(self.resourceSelector) > 0)': self =>
    (valueAt(self, 'all') === true) !== listAt(self, 'resourceSelector').length > 0,
  '!has(self.group) || self.group != "core.kcp.io" || self.resource != "logicalclusters" || (has(self.identityHash) && self.identityHash != "")':
    self =>
      textAt(self, 'group') !== 'core.kcp.io' ||
      textAt(self, 'resource') !== 'logicalclusters' ||
      textAt(self, 'identityHash') !== '',
  'has(self.__namespace__) || has(self.name)': self => has(self, 'namespace') || has(self, 'name'),
  'self.operator in ["In", "NotIn"] ? size(self.values) > 0 : (self.operator in ["Exists", "DoesNotExist"] ? !has(self.values) : true)':
    hasFittingValues,
  'self.contains("/") ? self.split("/", 2)[0].matches("^[a-z0-9]([-a-z0-9]{0,251}[a-z0-9])?$") && self.split("/", 2)[1].matches("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$") : self.matches("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")':
    self => typeof self === 'string' && isLabelKey(self),
  'self.all(k, k.contains("/") ? k.split("/", 2)[0].matches("^[a-z0-9]([-a-z0-9]{0,251}[a-z0-9])?$") && k.split("/", 2)[1].matches("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$") : k.matches("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"))':
    self => isJsonObject(self) && Object.keys(self).every(isLabelKey),
  'self.all(k, self[k].matches("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"))': self =>
    isJsonObject(self) && Object.values(self).every(value => typeof value === 'string' && labelName.test(value)),
}

export const findKcpRule: FindRule = rule => (Object.hasOwn(rules, rule) ? rules[rule] : undefined)
