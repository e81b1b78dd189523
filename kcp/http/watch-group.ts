// Watches that want the same events in the same form become one: its bytes are made once and kept until the slowest
// member has written them. A watch joins when it has caught up with the present, so a member has no past.
import { expired } from '../../api/status-error.ts'
import type { ObjectWatch, WatchBatch } from '../registry/watch.ts'
import { bufferedEventsMax } from '../storage/watch-hub.ts'

/** What the lines of a watch are made of. */
export interface LineForm {
  encode(batch: WatchBatch): Uint8Array
  bookmark(revision: number, endsInitialState: boolean): Uint8Array
}

export interface GroupMember {
  /** Number of the piece to take next. Only the group changes it. */
  cursor: number
  /** There is something to take, or the end. */
  wake(): void
  /** It is too far behind, and no member any more. */
  cut(error: Error): void
}

interface Piece {
  readonly bytes: Uint8Array
  /** Of the group, without its own. */
  readonly eventsBefore: number
}

export interface WatchGroup {
  readonly form: LineForm
  /** The next piece is of what comes from now on. */
  join(member: GroupMember): void
  leave(member: GroupMember): void
  take(member: GroupMember): Uint8Array | undefined
  /** The revision up to which everything was taken by members that have taken all. */
  progress(): number
  isOver(): boolean
}

export interface GroupOptions {
  /** A caught-up watch; from now on the group's, which closes it when the last member leaves. */
  readonly watch: ObjectWatch
  readonly form: LineForm
  readonly eventsBehindMax?: number
  onEmpty(): void
}

export function createWatchGroup({ watch, form, onEmpty, ...limits }: GroupOptions): WatchGroup {
  const { eventsBehindMax = bufferedEventsMax } = limits
  const members = new Set<GroupMember>()
  /** Those that a member has not taken yet; the first has the number `start`. */
  let pieces: Piece[] = []
  let start = 0
  let events = 0
  let revision = 0

  /** Throws what ended the watch early. */
  function takeAll(): void {
    for (let batch = watch.take(); batch; batch = watch.take()) {
      revision = batch.revision
      if (batch.items.length === 0) continue
      pieces.push({ bytes: form.encode(batch), eventsBefore: events })
      events += batch.items.length
    }
  }

  function ready(): void {
    const before = pieces.length
    try {
      takeAll()
    } catch (error) {
      for (const member of [...members]) cut(member, error instanceof Error ? error : new Error(String(error)))
      return
    }
    if (pieces.length > before || watch.isOver()) wakeAll()
  }

  function wakeAll(): void {
    let slowest = start + pieces.length
    for (const member of members) {
      if (isTooFarBehind(member)) {
        cut(member, expired('too old resource version: the watch fell behind'))
        continue
      }
      if (member.cursor < slowest) slowest = member.cursor
      member.wake()
    }
    if (slowest === start) return
    pieces.splice(0, slowest - start)
    start = slowest
  }

  function isTooFarBehind({ cursor }: GroupMember): boolean {
    const next = pieces[cursor - start]
    return next !== undefined && events - next.eventsBefore > eventsBehindMax
  }

  function cut(member: GroupMember, error: Error): void {
    leave(member)
    member.cut(error)
  }

  function leave(member: GroupMember): void {
    if (!members.delete(member) || members.size > 0) return
    pieces = []
    watch.close()
    onEmpty()
  }

  watch.onReady(ready)
  return {
    form,
    isOver: watch.isOver,
    join(member) {
      ready()
      member.cursor = start + pieces.length
      members.add(member)
    },
    leave,
    take(member) {
      const piece = pieces[member.cursor - start]
      if (!piece) return undefined
      member.cursor++
      // Nobody else waits for it: nothing is kept at rest.
      if (members.size === 1) {
        pieces.splice(0, member.cursor - start)
        start = member.cursor
      }
      return piece.bytes
    },
    progress() {
      watch.requestProgress()
      return revision
    },
  }
}

export interface WatchGroups {
  /** The group of this key; the watch becomes its own, or is closed. */
  join(key: WatchGroupKey, options: { readonly watch: ObjectWatch; readonly form: LineForm }): WatchGroup
}

export interface WatchGroupKey {
  /** By identity. */
  readonly type: object
  /** Everything else on which the events or their bytes depend. */
  readonly text: string
}

export function createWatchGroups(): WatchGroups {
  const byType = new WeakMap<object, Map<string, WatchGroup>>()
  return {
    join({ type, text }, { watch, form }) {
      let groups = byType.get(type)
      if (!groups) {
        groups = new Map()
        byType.set(type, groups)
      }
      const known = groups.get(text)
      if (known && !known.isOver()) {
        watch.close()
        return known
      }
      const mine = groups
      const group: WatchGroup = createWatchGroup({
        watch,
        form,
        onEmpty() {
          if (mine.get(text) === group) mine.delete(text)
        },
      })
      mine.set(text, group)
      return group
    },
  }
}
