// What the HTTP front needs of a logger; pino has this shape.

export interface HttpLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  /** Absent: as if nothing is. */
  isLevelEnabled?(level: 'debug'): boolean
}

export const silentLog: HttpLog = { debug() {}, info() {}, warn() {}, error() {} }
