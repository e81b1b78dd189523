// The start as a list of steps that must be done before the server says it is ready.

export interface Readiness {
  /** In the order they are printed; usable as health checks. */
  readonly checks: readonly { readonly name: string; problem(): string | undefined }[]
  done(step: string): void
  /** From now on the server is not ready any more. */
  shutDown(): void
}

const notYet = 'reason withheld'

export function createReadiness(steps: readonly string[]): Readiness {
  const waiting = new Set(steps)
  let stopping = false
  const checks = steps.map(name => ({ name, problem: () => (waiting.has(name) ? notYet : undefined) }))
  return {
    checks: [...checks, { name: 'shutdown', problem: () => (stopping ? notYet : undefined) }],
    done(step) {
      if (!waiting.delete(step)) throw new Error(`${step} is no open step of the start`)
    },
    shutDown() {
      stopping = true
    },
  }
}
