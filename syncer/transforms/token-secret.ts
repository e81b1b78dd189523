// Which of several token secrets the pods of a service account get: always the same one, so that nothing rolls.

export interface TokenSecret {
  readonly serviceAccount: string
  /** RFC 3339. */
  readonly createdAt: string
  readonly downstreamName: string
}

/** The oldest; equally old ones by name. */
export function chooseTokenSecret(secrets: Iterable<TokenSecret>, serviceAccount: string): string | undefined {
  let best: TokenSecret | undefined
  for (const secret of secrets) {
    if (secret.serviceAccount !== serviceAccount) continue
    const isBetter =
      !best ||
      secret.createdAt < best.createdAt ||
      (secret.createdAt === best.createdAt && secret.downstreamName < best.downstreamName)
    if (isBetter) best = secret
  }
  return best?.downstreamName
}
