// A watch as a stream of JSON lines: events, bookmarks every minute and before the end, errors as a last event. As soon
// as it has caught up with the present it joins those that want the same, and its own watch ends.
import { Buffer } from 'node:buffer'
import type { ObjectWatch, WatchBatch } from '../registry/watch.ts'
import { type Feed, feedIterator } from '../storage/feed.ts'
import { asStatusError } from './responses.ts'
import type { GroupMember, LineForm, WatchGroup, WatchGroupKey, WatchGroups } from './watch-group.ts'

export interface WatchRequest {
  readonly timeoutMs: number
  readonly bookmarks: boolean
  readonly sendsInitialState: boolean
}

const bookmarkEveryMs = 60_000
const lastBookmarkMsBeforeEnd = 2000

/** What is gone when the watch has joined. */
interface OwnWatch {
  readonly watch: ObjectWatch
  readonly form: LineForm
  readonly request: WatchRequest
  readonly groups?: WatchGroups
  readonly key?: WatchGroupKey
}

/** A class: a thousand of them are open, and all are asked at each event. */
export class WatchLines implements Feed<Uint8Array>, GroupMember {
  cursor = 0
  /** Told once, when the watch has ended for whatever reason. */
  onEnd: (() => void) | undefined
  /** Ends it. */
  readonly close = () => this.#close()
  #own: OwnWatch | undefined
  #group: WatchGroup | undefined
  #wake: (() => void) | undefined
  #failure: unknown
  #isOver = false
  #isBookmarkDue = false
  readonly #timeoutMs: number
  readonly #lastBookmarkMs: number
  #atMs = 0
  #timer: NodeJS.Timeout

  constructor(own: OwnWatch) {
    const { watch, request } = own
    this.#own = own
    this.#timeoutMs = request.timeoutMs
    this.#lastBookmarkMs = request.bookmarks ? request.timeoutMs - lastBookmarkMsBeforeEnd : 0
    this.#timer = this.#startTimer()
    watch.onReady(() => {
      if (this.#own && watch.isOver()) this.#close()
      this.#wake?.()
    })
    if (watch.isOver()) this.#close()
  }

  take(): Uint8Array | undefined {
    if (this.#failure === undefined && this.#isOver) return undefined
    try {
      if (this.#failure !== undefined) throw this.#failure
      return this.#group ? this.#takeShared(this.#group) : this.#takeOwn()
    } catch (error) {
      this.#failure = undefined
      this.#close()
      const { status } = asStatusError(error)
      return Buffer.from(`{"type":"ERROR","object":${JSON.stringify(status)}}\n`)
    }
  }

  /** Also when nobody takes any more. */
  isOver(): boolean {
    return this.#isOver && this.#failure === undefined
  }

  onReady(wake: () => void): void {
    this.#wake = wake
  }

  wake(): void {
    if (this.#group?.isOver()) this.#close()
    else this.#wake?.()
  }

  cut(error: Error): void {
    this.#failure = error
    this.#close()
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return feedIterator(this)
  }

  #takeOwn(): Uint8Array | undefined {
    const own = this.#own
    if (!own) return undefined
    for (let batch = own.watch.take(); batch; batch = own.watch.take()) {
      const bytes = this.#encode(own, batch)
      if (bytes) return bytes
    }
    if (own.groups && own.key && own.watch.isCaughtUp()) this.#join(own, own.groups, own.key)
    return undefined
  }

  #encode({ form, request }: OwnWatch, batch: WatchBatch): Uint8Array | undefined {
    const events = batch.items.length > 0 ? form.encode(batch) : undefined
    const endsInitialState = request.sendsInitialState && batch.endsInitialState === true
    if (!endsInitialState && !this.#isBookmarkDue) return events
    this.#isBookmarkDue = false
    const last = form.bookmark(batch.revision, endsInitialState)
    return events ? Buffer.concat([events, last]) : last
  }

  #join({ watch, form }: OwnWatch, groups: WatchGroups, key: WatchGroupKey): void {
    this.#own = undefined
    this.#group = groups.join(key, { watch, form })
    this.#group.join(this)
    if (this.#group.isOver()) this.#close()
  }

  #takeShared(group: WatchGroup): Uint8Array | undefined {
    const piece = group.take(this)
    if (piece || !this.#isBookmarkDue) return piece
    this.#isBookmarkDue = false
    return group.form.bookmark(group.progress(), false)
  }

  /** One timer a watch: for its next bookmark, the one before its end, or its end. */
  #startTimer(): NodeJS.Timeout {
    const atMs = this.#atMs
    const regular = this.#lastBookmarkMs > 0 ? atMs - (atMs % bookmarkEveryMs) + bookmarkEveryMs : this.#timeoutMs
    const last = atMs < this.#lastBookmarkMs ? this.#lastBookmarkMs : this.#timeoutMs
    this.#atMs = Math.min(regular, last, this.#timeoutMs)
    return setTimeout(fire, this.#atMs - atMs, this).unref()
  }

  timeIsUp(): void {
    if (this.#atMs >= this.#timeoutMs) {
      this.#close()
      return
    }
    this.#timer = this.#startTimer()
    this.#isBookmarkDue = true
    if (this.#own) this.#own.watch.requestProgress()
    else this.#wake?.()
  }

  #close(): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#group?.leave(this)
    this.#own?.watch.close()
    this.onEnd?.()
    this.#wake?.()
  }
}

function fire(lines: WatchLines): void {
  lines.timeIsUp()
}
