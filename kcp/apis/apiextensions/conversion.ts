// spec.conversion of a CRD, with the paths of Kubernetes' internal type (webhookClientConfig).
import type { JsonObject } from '../../../api/json.ts'
import { checkDnsSubdomain, checkServiceName } from '../../../api/names/rules.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { forbiddenField, invalidGoValue, invalidValue, notSupported, requiredValue } from '../../schema/field-errors.ts'
import { indexPath } from '../../schema/field-path.ts'
import { goStrings } from '../../schema/go-value.ts'
import { numberAt, objectAt, textAt, textsAt, valueAt } from '../members.ts'

const path = 'spec.conversion'
const clientPath = `${path}.webhookClientConfig`
const versionsPath = `${path}.conversionReviewVersions`

export function checkConversion(spec: JsonObject): FieldError[] {
  const conversion = objectAt(spec, 'conversion')
  const strategy = textAt(conversion, 'strategy')
  const hasClient = valueAt(conversion, 'webhook', 'clientConfig') !== undefined
  const versions = textsAt(conversion, 'webhook', 'conversionReviewVersions')
  if (strategy === 'Webhook') {
    const client = objectAt(conversion, 'webhook', 'clientConfig')
    const missing = requiredValue(clientPath, 'required when strategy is set to Webhook')
    return [...(hasClient ? checkClient(client) : [missing]), ...checkReviewVersions(versions)]
  }
  const errors = strategy === 'None' ? [] : [notSupported(`${path}.strategy`, strategy, ['None', 'Webhook'])]
  const text = 'should not be set when strategy is not set to Webhook'
  if (hasClient) errors.push(forbiddenField(clientPath, text))
  if (versions.length > 0) errors.push(forbiddenField(versionsPath, text))
  return errors
}

function checkClient(client: JsonObject): FieldError[] {
  if ((client.url === undefined) === (client.service === undefined)) {
    return [requiredValue(clientPath, 'exactly one of url or service is required')]
  }
  if (client.service !== undefined) return checkService(objectAt(client, 'service'))
  return checkUrl(textAt(client, 'url'))
}

const urlForm = '; desired format: https://host[/path]'
const urlParts = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s

/** Takes the URL apart as Go does, which checks less than the URL standard. */
function checkUrl(url: string): FieldError[] {
  const field = `${clientPath}.url`
  const [, scheme = '', user, host = '', query = '', fragment = ''] = urlParts.exec(url) ?? []
  const errors: FieldError[] = []
  if (scheme.toLowerCase() !== 'https') {
    errors.push(invalidValue(field, scheme, `'https' is the only allowed URL scheme${urlForm}`))
  }
  if (host === '') errors.push(invalidValue(field, host, `host must be specified${urlForm}`))
  if (user !== undefined) errors.push(invalidValue(field, user, 'user information is not permitted in the URL'))
  if (fragment !== '') errors.push(invalidValue(field, fragment, 'fragments are not permitted in the URL'))
  if (query !== '') errors.push(invalidValue(field, query, 'query parameters are not permitted in the URL'))
  return errors
}

const portMax = 65_535

function checkService(service: JsonObject): FieldError[] {
  const field = `${clientPath}.service`
  const errors: FieldError[] = []
  for (const member of ['name', 'namespace']) {
    if (textAt(service, member) === '')
      errors.push(requiredValue(`${field}.${member}`, `service ${member} is required`))
  }
  const port = numberAt(service, 'port') ?? 443
  if (port < 1 || port > portMax) {
    const text = `port is not valid: must be between 1 and ${portMax}, inclusive`
    errors.push(invalidValue(`${field}.port`, port, text))
  }
  return [...errors, ...checkServicePath(textAt(service, 'path'), `${field}.path`)]
}

function checkServicePath(servicePath: string, field: string): FieldError[] {
  if (servicePath === '' || servicePath === '/') return []
  if (servicePath === '//') return [invalidValue(field, servicePath, 'segment[0] may not be empty')]
  const errors = servicePath.startsWith('/') ? [] : [invalidValue(field, servicePath, "must start with a '/'")]
  const segments = servicePath.slice(1).replace(/\/$/, '').split('/')
  segments.forEach((segment, index) => {
    if (segment === '') errors.push(invalidValue(field, servicePath, `segment[${index}] may not be empty`))
    else {
      for (const text of checkDnsSubdomain(segment)) {
        errors.push(invalidValue(field, servicePath, `segment[${index}]: ${text}`))
      }
    }
  })
  return errors
}

const knownReviewVersions = ['v1', 'v1beta1']

function checkReviewVersions(versions: readonly string[]): FieldError[] {
  if (versions.length === 0) return [requiredValue(versionsPath)]
  const errors = versions.flatMap((version, index) => {
    const field = indexPath(versionsPath, index)
    if (versions.indexOf(version) < index) return [invalidValue(field, version, 'duplicate version')]
    return checkServiceName(version).map(text => invalidValue(field, version, text))
  })
  if (versions.some(version => knownReviewVersions.includes(version))) return errors
  const text = `must include at least one of ${knownReviewVersions.join(', ')}`
  return [...errors, invalidGoValue(versionsPath, goStrings(versions), text)]
}
