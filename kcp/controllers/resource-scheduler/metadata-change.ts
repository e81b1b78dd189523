// A change of metadata as a merge patch has it: null removes, finalizers are a whole list.

export interface MetadataChange {
  readonly labels: Record<string, string | null>
  readonly annotations: Record<string, string | null>
  finalizers?: string[]
}

export function isSame({ labels, annotations, finalizers }: MetadataChange): boolean {
  return Object.keys(labels).length === 0 && Object.keys(annotations).length === 0 && finalizers === undefined
}
