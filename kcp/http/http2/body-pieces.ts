// The frames of a body until it is whole. Small ones are gathered, so that a body costs its bytes however finely a client
// cuts it.
import { Buffer } from 'node:buffer'

const smallBytes = 2048
const gatheredBytes = 16 * 1024

export class BodyPieces {
  #pieces: Buffer[] = []
  /** Small pieces together; `#used` bytes of it. */
  #gathered: Buffer | undefined
  #used = 0

  add(piece: Buffer): void {
    if (this.#pieces.length === 0 || piece.length >= smallBytes) {
      this.#settle()
      this.#pieces.push(piece)
      return
    }
    if (this.#gathered && this.#used + piece.length > gatheredBytes) this.#settle()
    this.#gathered ??= Buffer.allocUnsafe(gatheredBytes)
    this.#used += piece.copy(this.#gathered, this.#used)
  }

  /** No copy of a body that came in one frame. */
  whole(): Buffer {
    this.#settle()
    const [only] = this.#pieces
    return this.#pieces.length === 1 && only ? only : Buffer.concat(this.#pieces)
  }

  clear(): void {
    this.#pieces = []
    this.#gathered = undefined
    this.#used = 0
  }

  /** How many buffers are held. */
  get count(): number {
    return this.#pieces.length + (this.#gathered ? 1 : 0)
  }

  #settle(): void {
    if (!this.#gathered) return
    this.#pieces.push(this.#gathered.subarray(0, this.#used))
    this.#gathered = undefined
    this.#used = 0
  }
}
