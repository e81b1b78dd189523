// Asks another process of ours, through its inspector, what it holds.

interface Reply {
  readonly id?: number
  readonly result?: { readonly usedSize?: number; readonly backingStorageSize?: number }
}

/** Heap and buffers in use after a full collection, through the inspector. */
export async function heapAfterCollection(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`)
  const list = (await answer.json()) as { webSocketDebuggerUrl: string }[]
  const socket = new WebSocket(list[0]?.webSocketDebuggerUrl ?? '')
  await new Promise(resolve => socket.addEventListener('open', resolve, { once: true }))
  const call = (id: number, method: string) =>
    new Promise<Reply['result']>(resolve => {
      socket.addEventListener('message', event => {
        const reply: Reply = JSON.parse(String(event.data))
        if (reply.id === id) resolve(reply.result)
      })
      socket.send(JSON.stringify({ id, method }))
    })
  await call(1, 'HeapProfiler.collectGarbage')
  const usage = await call(2, 'Runtime.getHeapUsage')
  socket.close()
  return ((usage?.usedSize ?? 0) + (usage?.backingStorageSize ?? 0)) / 1e6
}
