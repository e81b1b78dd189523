// The laws of the house as tests: direction of imports, sizes, banned words, and documents that name real files.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, test } from 'node:test'

const sourceRoots = ['api', 'api-client', 'kcp', 'syncer', 'cli', 'pcluster', 'scripts', 'bench', 'test']
const files = globSync(`{${sourceRoots.join(',')}}/**/*.ts`).sort()
const productFiles = files.filter(file => !/^(test|bench|scripts)\//.test(file) && !file.endsWith('.test.ts'))

/** A file may import from its own unit or from a lower rank. The last matching prefix wins. */
const ranks: [prefix: string, rank: number][] = [
  ['api/', 1],
  ['api-client/', 2],
  ['kcp/schema/', 2],
  ['kcp/storage/', 2],
  ['kcp/registry/', 3],
  ['kcp/apis/', 4],
  ['kcp/auth/', 4],
  ['kcp/admission/', 4],
  ['kcp/workspaces/', 4],
  ['kcp/http/', 5],
  ['kcp/virtual/', 6],
  ['kcp/controllers/', 6],
  ['kcp/bootstrap/', 6],
  ['cli/', 7],
  ['syncer/', 7],
  ['pcluster/', 7],
]
/** Composition roots and entry points: the only files of their folder that may see all of it. */
const rootFiles = /^(kcp|syncer|cli|pcluster)\/[^/]+\.ts$/

/** Functions above 70 lines, each with its reason. */
const longFunctions: Record<string, string> = {}
const linesMax = 400
const functionLinesMax = 70

function unitOf(file: string): { unit: string; rank: number } {
  if (rootFiles.test(file)) return { unit: `${file.split('/')[0]}/`, rank: 8 }
  const match = ranks.findLast(([prefix]) => file.startsWith(prefix))
  if (!match) return { unit: dirname(file), rank: 9 }
  const [prefix, rank] = match
  // Inside programs the sub-folders are peers.
  if (rank === 7) return { unit: file.split('/').slice(0, 2).join('/'), rank }
  return { unit: prefix, rank }
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const found: string[] = []
  for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
    if (match[1]) found.push(normalize(join(dirname(file), match[1])))
  }
  return found
}

describe('imports', () => {
  test('point to the same unit or to a lower rank', () => {
    const wrong: string[] = []
    for (const file of productFiles) {
      const from = unitOf(file)
      for (const target of importsOf(file)) {
        const to = unitOf(target)
        if (from.unit === to.unit || to.rank < from.rank) continue
        // Files at the top of a program (options.ts, log.ts) are the words of that program.
        if (rootFiles.test(target) && target.split('/')[0] === file.split('/')[0] && from.rank === 7) continue
        wrong.push(`${file} → ${target}`)
      }
    }
    assert.deepEqual(wrong, [])
  })

  test('reach a program only through its own folder', () => {
    const wrong = productFiles.flatMap(file => {
      const top = file.split('/')[0]
      const allowed: Record<string, string[]> = {
        syncer: ['syncer'],
        cli: ['cli'],
        kcp: ['kcp'],
        pcluster: ['pcluster', 'kcp'],
      }
      const programs = Object.keys(allowed)
      return importsOf(file)
        .filter(target => programs.includes(target.split('/')[0] ?? ''))
        .filter(target => !(allowed[top ?? ''] ?? []).includes(target.split('/')[0] ?? ''))
        .map(target => `${file} → ${target}`)
    })
    assert.deepEqual(wrong, [])
  })

  test('never come from test/', () => {
    const wrong = productFiles.filter(file => importsOf(file).some(target => target.startsWith('test/')))
    assert.deepEqual(wrong, [])
  })

  test('have no cycles of values', () => {
    const graph = new Map(productFiles.map(file => [file, valueImportsOf(file)]))
    assert.deepEqual(findCycle(graph), [])
  })
})

function valueImportsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const found: string[] = []
  for (const match of text.matchAll(/^(import|export)\s+(type\s+)?([^;]*?)from\s+'(\.[^']+)'/gms)) {
    const names = match[3] ?? ''
    const onlyTypes = match[2] !== undefined || /^\{\s*(type\s+[\w\s]+,?\s*)+\}\s*$/.test(names)
    if (!onlyTypes && match[4]) found.push(normalize(join(dirname(file), match[4])))
  }
  return found
}

function findCycle(graph: Map<string, string[]>): string[] {
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string): string[] => {
    if (done.has(file)) return []
    const at = path.indexOf(file)
    if (at >= 0) return [...path.slice(at), file]
    path.push(file)
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next)
      if (cycle.length > 0) return cycle
    }
    path.pop()
    done.add(file)
    return []
  }
  for (const file of graph.keys()) {
    const cycle = visit(file)
    if (cycle.length > 0) return cycle
  }
  return []
}

describe('sizes', () => {
  test(`no file is longer than ${linesMax} lines`, () => {
    const long = files.filter(file => readFileSync(file, 'utf8').split('\n').length - 1 > linesMax)
    assert.deepEqual(long, [])
  })

  test(`no function is longer than ${functionLinesMax} lines, but for those listed with a reason`, () => {
    const long = productFiles.flatMap(file => longFunctionsOf(file)).filter(name => !(name in longFunctions))
    assert.deepEqual(long, [])
  })
})

/** Top-level functions end at the first line that is just a closing brace: formatting makes that reliable. */
function longFunctionsOf(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  const found: string[] = []
  lines.forEach((line, start) => {
    const name = /^(?:export )?(?:async )?function\*? (\w+)/.exec(line)?.[1]
    if (!name || line.endsWith('}')) return
    const length = lines.slice(start).indexOf('}') + 1
    if (length > functionLinesMax) found.push(`${file}:${name} (${length})`)
  })
  return found
}

describe('words', () => {
  const banned: [pattern: RegExp, instead: string, allowed: RegExp][] = [
    [/: any\b|<any>|as any\b/, 'unknown, narrowed', /^test\/tidy/],
    [/@ts-(ignore|expect-error|nocheck)/, 'a type that fits', /^test\/tidy/],
    [/^export \* from/m, 'the file that has it', /^$/],
    [
      /\bMath\.random\(/,
      'random passed in',
      /(^kcp\/|^syncer\/|^pcluster\/|^cli\/|^api-client\/)[\w/-]*(clock|random)\.ts$|^(test|bench|scripts)\//,
    ],
    [/\bDate\.now\(/, 'a clock passed in', /clock\.ts$|^(test|bench|scripts)\//],
    [/\b(TODO|FIXME|XXX)\b/, 'an issue', /^test\/tidy/],
  ]
  for (const [pattern, instead, allowed] of banned) {
    test(`${pattern.source} is not used: ${instead}`, () => {
      const found = files.filter(file => !allowed.test(file) && pattern.test(readFileSync(file, 'utf8')))
      assert.deepEqual(found, [])
    })
  }

  test('no folder is named after nothing', () => {
    const bad = files.filter(file => /(^|\/)(utils?|helpers?|common|misc|lib|managers?)(\/|\.ts$)/.test(file))
    assert.deepEqual(bad, [])
  })
})

describe('documents', () => {
  const documents = globSync(['*.md', 'docs/**/*.md'])
  test('name only files that exist', () => {
    const missing: string[] = []
    for (const document of documents) {
      for (const match of readFileSync(document, 'utf8').matchAll(
        /`((?:api|api-client|kcp|syncer|cli|pcluster|manifests|test|bench|scripts|bin|docs)\/[\w./<>*-]*)`/g,
      )) {
        const path = match[1] ?? ''
        if (/[<>*]/.test(path)) continue
        if (!existsSync(path)) missing.push(`${document}: ${path}`)
      }
    }
    assert.deepEqual(missing, [])
  })

  test('link only to files that exist', () => {
    const missing: string[] = []
    for (const document of documents) {
      for (const [, link = ''] of readFileSync(document, 'utf8').matchAll(/\]\(([^)#\s]+)/g)) {
        if (/^[a-z]+:/.test(link) || existsSync(join(dirname(document), link))) continue
        missing.push(`${document}: ${link}`)
      }
    }
    assert.deepEqual(missing, [])
  })

  test('stay short enough to be read', () => {
    const linesMaxOf: Record<string, number> = { 'ARCHITECTURE.md': 200, 'CONTRIBUTING.md': 150 }
    const linesOf = (document: string) => readFileSync(document, 'utf8').split('\n').length - 1
    const long = documents.filter(document => linesOf(document) > (linesMaxOf[document] ?? 200))
    assert.deepEqual(long, [])
  })

  test('give a reason for every dependency', () => {
    const reasons = readFileSync('docs/dependencies.md', 'utf8')
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
    assert.deepEqual(
      names.filter(name => !reasons.includes(`\`${name}\``)),
      [],
    )
    assert.deepEqual(
      [...reasons.matchAll(/^\| (`[^|]+`) \|/gm)]
        .flatMap(([, cell = '']) => cell.split(', ').map(name => name.replaceAll('`', '')))
        .filter(name => !names.includes(name)),
      [],
    )
  })
})

describe('dependencies', () => {
  test('are imported by the programs', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    const code = productFiles.map(file => readFileSync(file, 'utf8')).join('\n')
    const unused = Object.keys(dependencies).filter(name => !new RegExp(`(from|import\\() ?'${name}['/]`).test(code))
    assert.deepEqual(unused, [])
  })
})
