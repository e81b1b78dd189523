// `kubectl workspace`.
import { main } from './main.ts'

process.exitCode = await main('kubectl-workspace', process.argv.slice(2))
