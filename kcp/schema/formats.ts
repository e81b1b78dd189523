// String formats that Kubernetes checks; a format it does not know is not checked.
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { parseTime } from '../../api/time.ts'

type Check = (text: string) => boolean

const uuid = (version: string): Check => {
  const pattern = new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`, 'i')
  return text => pattern.test(text)
}
const hostname =
  /^([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9])(\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]))*\.?$/
const duration = /^[-+]?(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/')
  return (
    rest.length === 0 && isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128)
  )
}

function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(text) ? URL.canParse(text) : text.startsWith('/')
}

const formats: Record<string, Check> = {
  'date-time': text => parseTime(text) !== undefined,
  date: text => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  byte: text => base64.test(text.replace(/[\r\n]/g, '')),
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: isCidr,
  mac: text => /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text),
  uuid: uuid('[0-9a-f]'),
  uuid3: uuid('3'),
  uuid4: uuid('4'),
  uuid5: uuid('5'),
  email: text => /^[^@\s]+@[^@\s]+$/.test(text),
  hostname: text => text.length <= 255 && hostname.test(text),
  uri: isUri,
  duration: text => duration.test(text),
}

export function hasFormat(text: string, format: string): boolean {
  return !Object.hasOwn(formats, format) || formats[format]?.(text) !== false
}
