// All pages of a list as one. Leaves out: lists too large for memory (take pages one by one instead).
import type { GroupVersionResource, KubeList, KubeObject } from '../../api/objects.ts'
import { isGone } from '../../api/status-error.ts'
import type { Client, ListOptions } from '../client.ts'

const pageItems = 500

/** Calls for each page as it comes; the answer is the resourceVersion to watch from. */
export async function forEachPage<T extends KubeObject = KubeObject>(
  client: Client,
  request: { gvr: GroupVersionResource; options?: ListOptions },
  visit: (page: KubeList<T>) => void,
): Promise<string> {
  const { gvr, options = {} } = request
  let page = await client.list<T>(gvr, { limit: pageItems, ...options })
  visit(page)
  while (page.metadata.continue) {
    const { resourceVersion: _, ...rest } = options
    page = await client.list<T>(gvr, { limit: pageItems, ...rest, continue: page.metadata.continue })
    visit(page)
  }
  return page.metadata.resourceVersion
}

/** Every object at one resourceVersion; starts over once when a continue token expires on the way. */
export async function listAll<T extends KubeObject = KubeObject>(
  client: Client,
  gvr: GroupVersionResource,
  options?: ListOptions,
): Promise<KubeList<T>> {
  const attempt = async () => {
    const items: T[] = []
    let first: KubeList<T> | undefined
    const request = { gvr, ...(options ? { options } : {}) }
    const resourceVersion = await forEachPage<T>(client, request, page => {
      first ??= page
      items.push(...page.items)
    })
    return { apiVersion: first?.apiVersion ?? 'v1', kind: first?.kind ?? 'List', metadata: { resourceVersion }, items }
  }
  try {
    return await attempt()
  } catch (error) {
    if (!isGone(error)) throw error
    return attempt()
  }
}
