// Watches that want the same events in the same form become one: its bytes are made once and kept until the slowest
// member has written them. A watch joins when it has caught up with the present, so a member has no past.
import { expired } from '../../api/status-error.ts'
import type { ObjectWatch, WatchBatch } from '../registry/watch.ts'
import { bufferedBytesMax, bufferedEventsMax } from '../storage/watch-hub.ts'

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
  readonly bytesBefore: number
}

export interface GroupOptions {
  /** A caught-up watch; from now on the group's, which closes it when the last member leaves. */
  readonly watch: ObjectWatch
  readonly form: LineForm
  onEmpty(): void
}

export class WatchGroup {
  readonly form: LineForm
  readonly #watch: ObjectWatch
  readonly #onEmpty: () => void
  readonly #members = new Set<GroupMember>()
  /** Those that a member has not taken yet; the first has the number `#start`. */
  #pieces: Piece[] = []
  #start = 0
  #events = 0
  #bytes = 0
  #revision = 0

  constructor({ watch, form, onEmpty }: GroupOptions) {
    this.form = form
    this.#watch = watch
    this.#onEmpty = onEmpty
    watch.onReady(() => this.#ready())
  }

  isOver(): boolean {
    return this.#watch.isOver()
  }

  /** The next piece is of what comes from now on. */
  join(member: GroupMember): void {
    this.#ready()
    member.cursor = this.#end()
    this.#members.add(member)
  }

  leave(member: GroupMember): void {
    if (!this.#members.delete(member) || this.#members.size > 0) return
    this.#pieces = []
    this.#watch.close()
    this.#onEmpty()
  }

  take(member: GroupMember): Uint8Array | undefined {
    const piece = this.#pieces[member.cursor - this.#start]
    if (!piece) return undefined
    member.cursor++
    // Nobody else waits for it: nothing is kept at rest.
    if (this.#members.size === 1) this.#forgetBefore(member.cursor)
    return piece.bytes
  }

  /** The revision up to which a member that has taken everything has seen everything. */
  progress(): number {
    this.#watch.requestProgress()
    return this.#revision
  }

  #end(): number {
    return this.#start + this.#pieces.length
  }

  #ready(): void {
    const end = this.#end()
    try {
      this.#takeAll()
    } catch (error) {
      for (const member of [...this.#members])
        this.#cut(member, error instanceof Error ? error : new Error(String(error)))
      return
    }
    if (this.#end() > end || this.isOver()) this.#wakeAll()
  }

  /** Throws what ended the watch early. */
  #takeAll(): void {
    for (let batch = this.#watch.take(); batch; batch = this.#watch.take()) {
      this.#revision = batch.revision
      if (batch.items.length === 0) continue
      const bytes = this.form.encode(batch)
      this.#pieces.push({ bytes, eventsBefore: this.#events, bytesBefore: this.#bytes })
      this.#events += batch.items.length
      this.#bytes += bytes.length
    }
  }

  #wakeAll(): void {
    let slowest = this.#end()
    for (const member of this.#members) {
      if (this.#isTooFarBehind(member)) {
        this.#cut(member, expired('too old resource version: the watch fell behind'))
        continue
      }
      if (member.cursor < slowest) slowest = member.cursor
      member.wake()
    }
    this.#forgetBefore(slowest)
  }

  #isTooFarBehind({ cursor }: GroupMember): boolean {
    const next = this.#pieces[cursor - this.#start]
    // One piece may always wait.
    if (next === undefined || cursor === this.#end() - 1) return false
    return this.#events - next.eventsBefore > bufferedEventsMax || this.#bytes - next.bytesBefore > bufferedBytesMax
  }

  #cut(member: GroupMember, error: Error): void {
    this.leave(member)
    member.cut(error)
  }

  #forgetBefore(cursor: number): void {
    if (cursor <= this.#start) return
    this.#pieces.splice(0, cursor - this.#start)
    this.#start = cursor
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
      const group: WatchGroup = new WatchGroup({
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
