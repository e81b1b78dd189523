// Tokens known from the start: the administrators' own and those of --token-auth-file. Only their hashes stay in memory.
import { hash } from 'node:crypto'
import type { UserInfo } from '../../../api/user.ts'
import type { Authenticator } from '../authenticator.ts'

export interface StaticToken {
  readonly token: string
  readonly user: UserInfo
}

export function createStaticTokenAuthenticator(tokens: readonly StaticToken[]): Authenticator {
  const users = new Map(tokens.map(({ token, user }) => [digest(token), user]))
  return async ({ bearerToken }) => (bearerToken === '' ? undefined : users.get(digest(bearerToken)))
}

/** Lines of `token,user,uid[,"group1,group2"]`, as kube-apiserver reads them. */
export function parseTokenFile(path: string, text: string): StaticToken[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, number }) => {
      const [token = '', username = '', uid = '', groups = ''] = csvFields(line)
      if (token === '' || username === '') {
        throw new Error(`--token-auth-file ${path}, line ${number}: must be token,user,uid[,"group1,group2"]`)
      }
      const names = groups.split(',').map(group => group.trim())
      return { token, user: { username, uid, groups: names.filter(group => group !== '') } }
    })
}

function csvFields(line: string): string[] {
  const fields = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? []
  return fields.map(field => field.replace(/,$/, '').trim()).map(field => field.replace(/^"([\s\S]*)"$/, '$1'))
}

function digest(token: string): string {
  return hash('sha256', token, 'base64')
}
