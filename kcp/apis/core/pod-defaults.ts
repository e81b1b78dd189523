// Defaults of pods and pod templates as Kubernetes writes them into what users send.
import { getOwn, isJsonObject, type JsonObject } from '../../../api/json.ts'
import { ensureObject, objectAt, objectsAt, setDefault, textAt } from '../members.ts'

const containerLists = ['initContainers', 'containers', 'ephemeralContainers']
const volumeModeDefault = 420
const tokenSecondsDefault = 3600

/** Members of `spec`, which is a PodSpec. */
export function defaultPodSpec(spec: JsonObject): void {
  setDefault(spec, 'restartPolicy', 'Always')
  setDefault(spec, 'terminationGracePeriodSeconds', 30)
  setDefault(spec, 'dnsPolicy', 'ClusterFirst')
  setDefault(spec, 'securityContext', {})
  setDefault(spec, 'schedulerName', 'default-scheduler')
  copyServiceAccount(spec)
  for (const list of containerLists) {
    for (const container of objectsAt(spec, list)) defaultContainer(container, spec.hostNetwork === true)
  }
  for (const volume of objectsAt(spec, 'volumes')) defaultVolume(volume)
}

/** The old and the new name of the same member. */
function copyServiceAccount(spec: JsonObject): void {
  const name = textAt(spec, 'serviceAccountName') || textAt(spec, 'serviceAccount')
  if (name === '') return
  spec.serviceAccountName = name
  spec.serviceAccount = name
}

export function defaultPodTemplate(template: JsonObject): void {
  if (Object.keys(template).length === 0) return
  const metadata = ensureObject(template, 'metadata')
  if (!Object.hasOwn(metadata, 'creationTimestamp')) metadata.creationTimestamp = null
  defaultPodSpec(ensureObject(template, 'spec'))
}

export function defaultPod(pod: JsonObject): void {
  const spec = ensureObject(pod, 'spec')
  defaultPodSpec(spec)
  if (getOwn(spec, 'enableServiceLinks') === undefined) spec.enableServiceLinks = true
  for (const list of containerLists) for (const container of objectsAt(spec, list)) defaultRequests(container)
}

/** What is limited but not requested is requested up to its limit. */
function defaultRequests(container: JsonObject): void {
  const limits = objectAt(container, 'resources', 'limits')
  if (Object.keys(limits).length === 0) return
  const requests = ensureObject(ensureObject(container, 'resources'), 'requests')
  for (const [name, quantity] of Object.entries(limits)) {
    if (quantity !== undefined && getOwn(requests, name) === undefined) requests[name] = quantity
  }
}

function defaultContainer(container: JsonObject, hostNetwork: boolean): void {
  setDefault(container, 'resources', {})
  setDefault(container, 'terminationMessagePath', '/dev/termination-log')
  setDefault(container, 'terminationMessagePolicy', 'File')
  setDefault(container, 'imagePullPolicy', pullPolicy(textAt(container, 'image')))
  for (const port of objectsAt(container, 'ports')) {
    setDefault(port, 'protocol', 'TCP')
    if (hostNetwork && port.containerPort !== undefined) setDefault(port, 'hostPort', port.containerPort)
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name]
    if (isJsonObject(probe)) defaultProbe(probe)
  }
  for (const name of ['postStart', 'preStop']) defaultHttpGet(objectAt(container, 'lifecycle', name, 'httpGet'))
  for (const variable of objectsAt(container, 'env')) defaultFieldReference(objectAt(variable, 'valueFrom', 'fieldRef'))
}

/** Images without a tag, or with `latest`, are pulled each time; a digest counts as a tag. */
function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent'
  const tag = /:([^/:]+)$/.exec(image)?.[1]
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent'
}

function defaultProbe(probe: JsonObject): void {
  setDefault(probe, 'timeoutSeconds', 1)
  setDefault(probe, 'periodSeconds', 10)
  setDefault(probe, 'successThreshold', 1)
  setDefault(probe, 'failureThreshold', 3)
  defaultHttpGet(objectAt(probe, 'httpGet'))
}

function defaultHttpGet(action: JsonObject): void {
  if (Object.keys(action).length === 0) return
  setDefault(action, 'path', '/')
  setDefault(action, 'scheme', 'HTTP')
}

function defaultFieldReference(reference: JsonObject): void {
  if (Object.keys(reference).length > 0) setDefault(reference, 'apiVersion', 'v1')
}

function defaultVolume(volume: JsonObject): void {
  if (Object.keys(volume).every(name => name === 'name')) volume.emptyDir = {}
  for (const name of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = volume[name]
    if (isJsonObject(source)) setDefault(source, 'defaultMode', volumeModeDefault)
  }
  const hostPath = volume.hostPath
  if (isJsonObject(hostPath) && getOwn(hostPath, 'type') === undefined) hostPath.type = ''
  for (const item of objectsAt(volume, 'downwardAPI', 'items')) defaultFieldReference(objectAt(item, 'fieldRef'))
  for (const source of objectsAt(volume, 'projected', 'sources')) {
    const token = source.serviceAccountToken
    if (isJsonObject(token)) setDefault(token, 'expirationSeconds', tokenSecondsDefault)
    for (const item of objectsAt(source, 'downwardAPI', 'items')) defaultFieldReference(objectAt(item, 'fieldRef'))
  }
}
