// Which images run as local processes instead of being simulated, and what is run. This file lies one level below the root
// in the tree as well as in the bundle, so that it finds the other bundles.
import { fileURLToPath } from 'node:url'

/** Programs of this package that a pod may run as. */
export const localPrograms = ['syncer', 'kcp', 'pcluster'] as const
export type LocalProgram = (typeof localPrograms)[number]

export interface LocalImage {
  image: string
  program: LocalProgram
}

const syncerImage = /(^|\/)syncer(:|@|$)/

/** The program for an image: named with --local-image, or any image called syncer. */
export function programOf(image: string, localImages: readonly LocalImage[]): LocalProgram | undefined {
  return localImages.find(local => local.image === image)?.program ?? (syncerImage.test(image) ? 'syncer' : undefined)
}

/** Runs with the Node this process runs with; the command of the image itself is not there. */
export function programCommand(program: LocalProgram): string[] {
  return [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(new URL(`../dist/${program}.mjs`, import.meta.url)),
  ]
}
