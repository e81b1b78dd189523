// Reads the YAML templates of manifests/. This file lies one level below the root in the tree as well as in the bundle
// (cli/, dist/), so one relative path serves both.
import { readFileSync } from 'node:fs'

export type TemplateName = 'syncer/syncer.yaml' | 'syncer/kubeconfig.yaml'

export function readTemplate(name: TemplateName): string {
  return readFileSync(new URL(`../manifests/${name}`, import.meta.url), 'utf8')
}
