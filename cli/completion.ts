// `<program> __complete WORD… UNFINISHED`, which kubectl asks through bin/kubectl_complete-*: candidates a line, a directive
// last. At most one request; whatever goes wrong only leaves out the names that the server would have known.
import type { KubeObject } from '../api/objects.ts'
import { type ConnectionFlags, currentWorkspace } from './command.ts'
import type { CommandNode } from './command-tree.ts'
import { type Candidate, complete, formatCompletion, nameCandidates, type Question } from './complete.ts'
import type { MakeContext } from './program.ts'
import { syncTargets, workspaces } from './resources.ts'

export const completeCommand = '__complete'

/** Whoever presses tab waits for the answer. */
const askMsMax = 2_000
const namesMax = 500

export async function answerCompletion(
  commands: CommandNode,
  words: readonly string[],
  make: MakeContext,
): Promise<string> {
  const { candidates, question, isFile = false, flags } = complete(commands, words)
  const names = question ? await ask(question, connectionFlags(flags), make) : []
  return formatCompletion({ candidates: [...candidates, ...names], isFile })
}

async function ask(question: Question, flags: ConnectionFlags, make: MakeContext): Promise<Candidate[]> {
  try {
    const context = make(flags)
    await using connection = await context.connect()
    const cluster = question.cluster ?? currentWorkspace(connection)
    const gvr = question.about === 'workspaces' ? workspaces : syncTargets
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(askMsMax)])
    const { items } = await connection.client.cluster(cluster).list(gvr, { limit: namesMax, signal })
    return nameCandidates(question, cluster, items.map(described))
  } catch {
    // No kubeconfig, no server, no permission, no time: the words of the program itself still help.
    return []
  }
}

function described({ metadata, spec }: KubeObject): Candidate {
  const { name, path } = (spec as { type?: { name?: string; path?: string } } | undefined)?.type ?? {}
  return { text: metadata.name, describe: [path, name].filter(part => part !== undefined).join(':') }
}

function connectionFlags(flags: ReadonlyMap<string, string>): ConnectionFlags {
  return {
    kubeconfig: flags.get('kubeconfig'),
    context: flags.get('context'),
    server: flags.get('server'),
    token: flags.get('token'),
    user: flags.get('user'),
    certificateAuthority: flags.get('certificate-authority'),
    insecureSkipTlsVerify: flags.has('insecure-skip-tls-verify') || undefined,
  }
}
