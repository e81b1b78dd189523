// Decodes the Huffman code of HPACK, bit by bit along a tree. Our own answers do not use it.
import { Buffer } from 'node:buffer'
import { errorCode, SessionFault } from './frame.ts'
import { endOfText, symbolsByBits } from './huffman-codes.ts'

/** Two numbers a node: the next node for a bit; a symbol is below zero, as -1 - symbol. */
const tree = buildTree()
const shortestCodeBits = 5
const paddingBitsMax = 7

function buildTree(): Int16Array {
  const nodes = [0, 0]
  let code = 0
  let lastBits = 0
  for (const [bits, symbols] of symbolsByBits) {
    code *= 2 ** (bits - lastBits)
    lastBits = bits
    for (const symbol of symbols) nodes[leafOf(nodes, { code: code++, bits })] = -1 - symbol
  }
  return Int16Array.from(nodes)
}

/** Makes the nodes on the way. */
function leafOf(nodes: number[], { code, bits }: { code: number; bits: number }): number {
  let node = 0
  for (let bit = bits - 1; bit > 0; bit--) {
    const at = node + ((code >>> bit) & 1)
    if (!nodes[at]) nodes[at] = nodes.push(0, 0) - 2
    node = nodes[at] ?? 0
  }
  return node + (code & 1)
}

/** Throws a SessionFault. */
export function decodeHuffman(bytes: Buffer): string {
  const text = Buffer.allocUnsafe(Math.ceil((bytes.length * 8) / shortestCodeBits))
  let length = 0
  let node = 0
  let pendingBits = 0
  let areOnes = true
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const one = (byte >>> bit) & 1
      const next = tree[node + one] ?? 0
      pendingBits++
      areOnes &&= one === 1
      if (next >= 0) {
        node = next
        continue
      }
      if (next === -1 - endOfText) throw badCode()
      text[length++] = -1 - next
      node = 0
      pendingBits = 0
      areOnes = true
    }
  }
  if (pendingBits > paddingBitsMax || !areOnes) throw badCode()
  return text.toString('latin1', 0, length)
}

function badCode(): SessionFault {
  return new SessionFault(errorCode.compressionError, 'a Huffman code that ends wrongly')
}
