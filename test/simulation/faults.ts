// What goes wrong: the network, the servers, their history, the agent and its clock.
import { fairWeather, type OpenWatch } from './network.ts'
import type { Side, World } from './world.ts'

export interface Faults {
  act(): void
  /** Everything works again from now on. */
  end(): Promise<void>
  readonly isOver: boolean
}

export function createFaults(world: World): Faults {
  const { network, timeline, trace, links } = world
  const chance = world.chance.stream('faults')
  let isOver = false
  const sides: readonly Side[] = ['kcp', 'physical']
  const later = (minMs: number, maxMs: number, call: () => void): void => {
    timeline.after(chance.between(minMs, maxMs), () => {
      if (!isOver) call()
    })
  }
  const tell = (text: string) => trace.tell('fault', text)

  function storm(): void {
    const level = chance.pick([0.02, 0.1, 0.3])
    Object.assign(network.weather, {
      lostBefore: level * chance.random(),
      lostAfter: level * chance.random(),
      refused: level * chance.random(),
      forbidden: chance.happens(0.2) ? level * chance.random() : 0,
      hangs: chance.pick([0, 0.2]),
      latencyMsMax: chance.pick([20, 200, 3000, 20_000]),
    })
    tell(`storm ${JSON.stringify(network.weather)}`)
    later(1000, 60_000, calm)
  }
  function calm(): void {
    Object.assign(network.weather, fairWeather)
    tell('calm')
  }
  function cutAll(which: (watch: OpenWatch) => boolean): void {
    const how = chance.pick(['reset', 'half', 'silence'] as const)
    for (const watch of [...network.watches]) {
      if (!which(watch)) continue
      if (how === 'silence') watch.silence()
      else watch.cut(how)
    }
  }
  function outage(): void {
    const link = links[chance.pick(sides)]
    if (link.isDown) return
    link.isDown = true
    tell(`${link.name} cannot be reached`)
    cutAll(watch => watch.link === link)
    later(1000, chance.pick([5000, 60_000, 600_000]), () => {
      link.isDown = false
      tell(`${link.name} can be reached again`)
    })
  }
  function restart(): void {
    const side = chance.pick(sides)
    const link = links[side]
    if (link.isDown) return
    link.isDown = true
    tell(`${side} goes down`)
    cutAll(watch => watch.link === link)
    later(500, 20_000, () => {
      void timeline.running(world.restart(side)).then(() => {
        link.isDown = false
      })
    })
  }
  function cutOne(): void {
    const watches = [...network.watches]
    if (watches.length === 0) return
    const watch = chance.pick(watches)
    const how = chance.pick(['end', 'reset', 'half', 'silence'] as const)
    if (how === 'silence') watch.silence()
    else watch.cut(how)
  }
  function forget(): void {
    const side = chance.pick(sides)
    const store = world.stores[side]
    tell(`${side} forgets its history`)
    void timeline.running(store.compact(store.revision))
    if (chance.happens(0.8)) cutAll(watch => watch.link === links[side])
  }
  function endAgent(): void {
    const { agent } = world
    if (!agent?.isAlive) return
    if (chance.happens(0.7)) agent.kill()
    else void agent.stop()
    later(10, chance.pick([500, 10_000, 180_000]), () => {
      if (world.agent === agent) void world.startAgent()
    })
  }
  function jump(): void {
    const { agent } = world
    if (!agent) return
    const byMs = Math.round(chance.between(1000, chance.pick([5000, 120_000, 3_600_000])) * chance.pick([-1, 1]))
    agent.clock.offsetMs += byMs
    tell(`the clock of ${agent.name} jumps by ${byMs} ms`)
  }
  const acts = [storm, storm, storm, outage, restart, cutOne, cutOne, cutOne, forget, endAgent, endAgent, jump]
  return {
    act: () => chance.pick(acts)(),
    get isOver() {
      return isOver
    },
    async end() {
      isOver = true
      tell('everything works again')
      calm()
      for (const side of sides) {
        if (links[side].isDown) await world.restart(side)
        links[side].isDown = false
      }
      if (!world.agent?.isAlive) await world.startAgent()
    },
  }
}
