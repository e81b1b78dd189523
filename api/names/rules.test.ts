import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkLabelValue,
  checkPathSegment,
  checkPrefix,
  checkQualifiedName,
  checkServiceName,
} from './rules.ts'

type Rule = (text: string) => string[]
const cases: [rule: Rule, text: string, want: string[]][] = [
  [checkDnsLabel, 'my-name', []],
  [
    checkDnsLabel,
    'My',
    [
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [checkDnsLabel, 'a'.repeat(64), ['must be no more than 63 characters']],
  [checkDnsSubdomain, 'a.b-c.d', []],
  [
    checkDnsSubdomain,
    'Bad',
    [
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [checkDnsSubdomain, 'a'.repeat(254), ['must be no more than 253 characters']],
  [
    checkServiceName,
    '1a',
    [
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [checkPathSegment, 'system:Any thing', []],
  [checkPathSegment, '..', ["may not be '..'"]],
  [checkPathSegment, 'a/b%', ["may not contain '/'", "may not contain '%'"]],
  [checkQualifiedName, 'example.com/My_Name', []],
  [
    checkQualifiedName,
    '/',
    [
      'prefix part must be non-empty',
      'name part must be non-empty',
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    checkQualifiedName,
    'a/b/c',
    [
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ],
  ],
  [checkQualifiedName, 'a'.repeat(64), ['name part must be no more than 63 characters']],
  [checkLabelValue, '', []],
  [
    checkLabelValue,
    '-a',
    [
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  ],
  [text => checkPrefix(checkDnsLabel, text), 'my-', []],
]
for (const [rule, text, want] of cases) {
  test(`${rule.name || 'prefix'} of '${text.slice(0, 20)}': ${want.length} errors`, () =>
    assert.deepEqual(rule(text), want))
}
