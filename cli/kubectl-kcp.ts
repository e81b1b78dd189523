// `kubectl kcp`.
import { main } from './main.ts'

process.exitCode = await main('kubectl-kcp', process.argv.slice(2))
