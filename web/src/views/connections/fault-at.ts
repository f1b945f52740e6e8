import type { ApiFault } from '../../api/request'

/** What the server said of one field of an input, or of an element of a list there. */
export function faultAt(fault: ApiFault | null, path: string): string | undefined {
  return fault?.details.find((detail) => detail.path === path || detail.path.startsWith(`${path}.`))?.message
}
