// Shapes of Workspace and LogicalCluster that the controllers of both read and write.

import type { Condition, KubeObject } from '../../../api/objects.ts'
import type { TypeReference } from '../../admission/workspace-type-graph.ts'

export interface WorkspaceStatus {
  phase?: string
  conditions?: Condition[]
  initializers?: string[]
}

export interface Workspace extends KubeObject {
  spec: {
    type?: TypeReference
    location?: { selector?: Record<string, unknown> }
    cluster?: string
    URL?: string
  }
  status?: WorkspaceStatus
}

export interface LogicalCluster extends KubeObject {
  spec: {
    directlyDeletable?: boolean
    owner?: { apiVersion: string; resource: string; name: string; namespace?: string; cluster: string; uid: string }
    initializers?: string[]
  }
  status?: WorkspaceStatus & { URL?: string }
}

/** The singleton's name in every logical cluster. */
export const logicalClusterName = 'cluster'
