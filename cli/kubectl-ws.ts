// `kubectl ws`.
import { main } from './main.ts'

process.exitCode = await main('kubectl-ws', process.argv.slice(2))
