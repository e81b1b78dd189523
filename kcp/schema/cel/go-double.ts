// Doubles as Go's strconv prints them with 'g': shortest digits, with an exponent below -4 and from 6 on.

export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits = '', exponentText = '0'] = Math.abs(value).toExponential().split('e')
  const exponent = Number(exponentText)
  const sign = value < 0 ? '-' : ''
  if (exponent >= -4 && exponent < 6) return sign + plain(digits.replace('.', ''), exponent)
  const size = Math.abs(exponent).toString().padStart(2, '0')
  return `${sign}${digits}e${exponent < 0 ? '-' : '+'}${size}`
}

function plain(significant: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${significant}`
  if (significant.length <= exponent + 1) return significant.padEnd(exponent + 1, '0')
  return `${significant.slice(0, exponent + 1)}.${significant.slice(exponent + 1)}`
}
