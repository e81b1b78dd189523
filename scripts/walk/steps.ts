// The walk of the README as one table. The quickstart prints and runs it, the e2e tests run it with other names. Pure.

export interface WalkNames {
  /** User of kcp whose home the walk ends in. */
  user: string
  locations: string
  target: string
  apps: string
  app: string
  /** How the location workspace is named in `bind compute`. */
  bindPath: string
  syncerImage: string
  image: string
  port: number
}

export interface WalkPlaces {
  /** Kubeconfig of the physical cluster, as the commands name it. */
  pcluster: string
  /** Extra flags of `workload sync`. */
  syncFlags: string
}

export interface Step {
  /** What it is for, printed before. */
  title: string
  /** Run by sh in the walk's directory, with KUBECONFIG of kcp. */
  command: string
  /** Lines the output must contain; e2e tests check them, the quickstart stops when one is missing. */
  expect: RegExp[]
}

export const seedNames: WalkNames = {
  user: 'kcp-admin',
  locations: 'locations',
  target: 'kind',
  apps: 'myapps',
  app: 'kuard',
  bindPath: 'root:users:zu:yc:kcp-admin:locations',
  syncerImage: 'ghcr.io/kcp-dev/kcp/syncer:v0.8.0',
  image: 'gcr.io/kuar-demo/kuard-amd64:blue',
  port: 8080,
}

/** The steps between the two servers being up and the deployment being seen in both. */
export function walkSteps(names: WalkNames, places: WalkPlaces): Step[] {
  const manifest = `syncer-${names.target}-main.yaml`
  const downstream = `KUBECONFIG=${places.pcluster} kubectl`
  return [
    {
      title: 'kcp answers like a Kubernetes API server',
      command: 'kubectl version',
      expect: [/Server Version: v1\.31\.\d+\+kcp-v0\.11\.0/],
    },
    {
      title: 'A workspace for the physical clusters',
      command: `kubectl kcp workspace create "${names.locations}" --enter`,
      expect: [new RegExp(`Workspace "${names.locations}" \\(type .*\\) is ready to use\\.`), /Current workspace is /],
    },
    {
      title: 'Tell kcp about the physical cluster; this writes the YAML of its syncer',
      command: `kubectl kcp workload sync ${names.target} --syncer-image ${names.syncerImage}${places.syncFlags} -o ${manifest}`,
      expect: [
        new RegExp(`Creating synctarget "${names.target}"`),
        new RegExp(`Wrote physical cluster manifest to ${manifest}`),
      ],
    },
    {
      title: 'Install the syncer in the physical cluster',
      command: `${downstream} apply -f "${manifest}"`,
      expect: [/^namespace\/kcp-syncer-\S+ created$/m, /^deployment\.apps\/kcp-syncer-\S+ created$/m],
    },
    {
      title: 'Let workloads run there',
      command: `kubectl kcp bind compute "${names.bindPath}"`,
      expect: [/^placement placement-\w+ created\.$/m, /Placement "placement-\w+" is ready\./],
    },
    { title: 'Go to the home workspace', command: 'kubectl kcp workspace', expect: [/Current workspace is "\w+"\./] },
    {
      title: 'A workspace for the application',
      command: `kubectl kcp workspace create "${names.apps}" --enter`,
      expect: [/Copied Placement "placement-\w+"/, new RegExp(`Current workspace is "\\w+:${names.apps}"`)],
    },
    {
      title: 'Create a deployment in kcp',
      command: `kubectl create deployment --image=${names.image} --port=${names.port} ${names.app}`,
      expect: [new RegExp(`deployment\\.apps/${names.app} created`)],
    },
    {
      title: 'Wait until it runs in the physical cluster',
      command: `kubectl wait --for=condition=Available deployment/${names.app} --timeout=60s`,
      expect: [/condition met/],
    },
    {
      title: 'Its status is seen in kcp',
      command: 'kubectl get deployments',
      expect: [new RegExp(`^${names.app} +1/1 +1 +1 +`, 'm')],
    },
    {
      title: 'Its pod runs in a namespace of the physical cluster',
      command: `${downstream} get pods --all-namespaces --selector app=${names.app}`,
      expect: [new RegExp(`^kcp-[0-9a-z]{12} +${names.app}-\\S+ +1/1 +Running`, 'm')],
    },
  ]
}

/** The last step needs the namespace that the one before printed. */
export function logStep(names: WalkNames, places: WalkPlaces, podsOutput: string): Step {
  const namespace = /^(kcp-[0-9a-z]{12}) /m.exec(podsOutput)?.[1] ?? ''
  return {
    title: 'And its log',
    command: `KUBECONFIG=${places.pcluster} kubectl --namespace ${namespace} logs deployment/${names.app} | head`,
    expect: [/\S/],
  }
}
