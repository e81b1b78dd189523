// Rules of names with Kubernetes' texts: each function returns what is wrong, an empty list when nothing is.
// Leaves out: which rule a kind follows, and the field the text belongs to.

const labelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomainPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'
const serviceLabelPattern = '[a-z]([-a-z0-9]*[a-z0-9])?'
const qualifiedPattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const labelValuePattern = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'

const label = new RegExp(`^(?:${labelPattern})$`)
const subdomain = new RegExp(`^(?:${subdomainPattern})$`)
const serviceLabel = new RegExp(`^(?:${serviceLabelPattern})$`)
const qualified = new RegExp(`^(?:${qualifiedPattern})$`)
const labelValue = new RegExp(`^(?:${labelValuePattern})$`)

// The odd `',  or '` is Kubernetes' own.
const used = (examples: string[], pattern: string) =>
  ` (e.g. ${examples.map(example => `'${example}', `).join(' or ')}regex used for validation is '${pattern}')`
const tooLong = (charsLimit: number) => `must be no more than ${charsLimit} characters`

const labelText = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character${used(['my-name', '123-abc'], labelPattern)}`
const subdomainText = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character${used(['example.com'], subdomainPattern)}`
const serviceLabelText = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character${used(['my-name', 'abc-123'], serviceLabelPattern)}`
const qualifiedText = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character${used(['MyName', 'my.name', '123-abc'], qualifiedPattern)}`
const labelValueText = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character${used(['MyValue', 'my_value', '12345'], labelValuePattern)}`

const byteLength = (text: string) => Buffer.byteLength(text)

function check(text: string, rule: { bytesLimit: number; pattern: RegExp; message: string }): string[] {
  const errors = byteLength(text) > rule.bytesLimit ? [tooLong(rule.bytesLimit)] : []
  return rule.pattern.test(text) ? errors : [...errors, rule.message]
}

/** Names of namespaces and most label-like names. */
export function checkDnsLabel(text: string): string[] {
  const message = subdomain.test(text) ? 'must not contain dots' : labelText
  return check(text, { bytesLimit: 63, pattern: label, message })
}

/** Names of most objects. */
export function checkDnsSubdomain(text: string): string[] {
  return check(text, { bytesLimit: 253, pattern: subdomain, message: subdomainText })
}

/** Names of Services. */
export function checkServiceName(text: string): string[] {
  return check(text, { bytesLimit: 63, pattern: serviceLabel, message: serviceLabelText })
}

/** Names of RBAC objects: anything that can be one segment of a URL. */
export function checkPathSegment(text: string): string[] {
  if (text === '.' || text === '..') return [`may not be '${text}'`]
  return ['/', '%'].filter(sign => text.includes(sign)).map(sign => `may not contain '${sign}'`)
}

/** The same rule for a generateName, whose last sign may be a dash because random ones follow. */
export function checkPrefix(rule: (text: string) => string[], prefix: string): string[] {
  return rule(prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix)
}

/** Keys of labels and annotations, finalizers, condition types: an optional DNS subdomain, `/` and a name. */
export function checkQualifiedName(text: string): string[] {
  const parts = text.split('/')
  const [prefix, name] = parts.length === 1 ? [undefined, text] : parts
  if (parts.length > 2 || name === undefined) {
    return [
      `a qualified name ${qualifiedText} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const errors: string[] = []
  if (prefix === '') errors.push('prefix part must be non-empty')
  else if (prefix !== undefined) errors.push(...checkDnsSubdomain(prefix).map(error => `prefix part ${error}`))
  if (name === '') errors.push('name part must be non-empty')
  else if (byteLength(name) > 63) errors.push(`name part ${tooLong(63)}`)
  return qualified.test(name) ? errors : [...errors, `name part ${qualifiedText}`]
}

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

/** Of Kubernetes' own kinds: a name without a prefix must be one of theirs. */
export function checkFinalizer(text: string): string[] {
  if (text.includes('/') || standardFinalizers.has(text)) return []
  return ['name is neither a standard finalizer name nor is it fully qualified']
}

export function checkLabelValue(text: string): string[] {
  return check(text, { bytesLimit: 63, pattern: labelValue, message: labelValueText })
}

/** Annotation keys follow label keys, in lower case. */
export function checkAnnotationKey(text: string): string[] {
  return checkQualifiedName(text.toLowerCase())
}
