import type { ApiFault } from '../../api/request'

/** What the server said of one field of an input; its paths may name the input before it. */
export function faultAt(fault: ApiFault | null, path: string): string | undefined {
  return fault?.details.find((detail) => detail.path === path || detail.path.endsWith(`.${path}`))?.message
}
