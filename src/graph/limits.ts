import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  Kind,
  parse,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { ApiError } from './errors.js'

/** What one operation may be. */
export type OperationLimits = { readonly maxDepth: number; readonly maxAliases: number; readonly maxTokens: number }
export const OPERATION_LIMITS: OperationLimits = { maxDepth: 15, maxAliases: 30, maxTokens: 2_000 }

/** What one operation may cost the database: a log read is one point, counting over a period is many. */
export const MAX_COST = 1_000
export const AGGREGATE_COST = 50

/** Charges one operation for what it reads; throws BAD_USER_INPUT beyond `MAX_COST`, so that aliases do not multiply a page. */
export type Budget = { charge(points: number): void }

export function createBudget(): Budget {
  let spent = 0
  return {
    charge: (points) => {
      spent += points
      if (spent > MAX_COST)
        throw new ApiError(
          'BAD_USER_INPUT',
          `The operation costs more than ${MAX_COST}: ask for fewer or shorter lists`,
        )
    },
  }
}

/** Refuses operations beyond the limits before they run. */
export function useOperationLimits(limits: OperationLimits): Plugin {
  return {
    onParse: ({ setParseFn }) =>
      setParseFn((source: string, options: object) => parse(source, { ...options, maxTokens: limits.maxTokens })),
    onValidate: ({ addValidationRule }) => {
      addValidationRule((context: ValidationContext) => depthRule(context, limits.maxDepth))
      addValidationRule((context: ValidationContext) => aliasRule(context, limits.maxAliases))
    },
  }
}

function depthRule(context: ValidationContext, maxDepth: number): ASTVisitor {
  // Each fragment is measured once: measured at every spread, a chain of doubled spreads would take for ever.
  const fragments = new Map<string, number>()
  return {
    OperationDefinition: (node) => {
      if (depthOf(node.selectionSet, context, fragments) > maxDepth)
        refuse(context, `The operation is deeper than ${maxDepth} levels`)
    },
  }
}

function depthOf(
  selections: SelectionSetNode | undefined,
  context: ValidationContext,
  fragments: Map<string, number>,
): number {
  let deepest = 0
  for (const selection of selections?.selections ?? []) {
    deepest = Math.max(deepest, depthOfSelection(selection, context, fragments))
  }
  return deepest
}

function depthOfSelection(
  selection: SelectionSetNode['selections'][number],
  context: ValidationContext,
  fragments: Map<string, number>,
): number {
  if (selection.kind === Kind.FIELD)
    return isIntrospection(selection) ? 0 : 1 + depthOf(selection.selectionSet, context, fragments)
  if (selection.kind === Kind.INLINE_FRAGMENT) return depthOf(selection.selectionSet, context, fragments)
  const name = selection.name.value
  const known = fragments.get(name)
  if (known !== undefined) return known
  // Until it is measured: a circular one (another rule refuses it) must not loop.
  fragments.set(name, 0)
  const depth = depthOf(context.getFragment(name)?.selectionSet, context, fragments)
  fragments.set(name, depth)
  return depth
}

/** Tools ask for the schema 13 levels deep; it costs us nothing. */
function isIntrospection(field: FieldNode): boolean {
  return field.name.value.startsWith('__')
}

function aliasRule(context: ValidationContext, maxAliases: number): ASTVisitor {
  let aliases = 0
  return {
    Field: (node) => {
      if (node.alias !== undefined) aliases += 1
      if (aliases === maxAliases + 1) refuse(context, `The operation has more than ${maxAliases} aliases`)
    },
  }
}

function refuse(context: ValidationContext, message: string): void {
  context.reportError(new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } }))
}
