import { describe, expect, it } from 'vitest'
import { read } from '../support/facts.js'
import { runTool, withFile } from '../support/run-tool.js'

const dockerfile = read('Dockerfile')
const lint = (content: string) =>
  withFile('Dockerfile', content, (path) => runTool('hadolint', ['--failure-threshold=style', path]))

describe('the Dockerfile', () => {
  it('passes hadolint', () => {
    expect(lint(dockerfile)).toEqual({ ok: true, output: '' })
  })

  it.each([
    ['an unpinned base', 'FROM node\n'],
    ['a root user', 'FROM node:22.0.0\nUSER root\n'],
    ['a field that is none', 'FROM node:22.0.0\nENTRYPONT ["node"]\n'],
  ])('would not pass with %s', (_, content) => {
    expect(lint(content).ok).toBe(false)
  })

  it('runs as a numbered user that is not root, checks its health, and takes the role as its argument', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
    expect(last).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m)
    expect(last).toMatch(/^HEALTHCHECK .*CMD/m)
    expect(last).toMatch(/^CMD \["serve", "--role", "all"\]$/m)
  })

  it('pins every base to a patch release', () => {
    const bases = [...dockerfile.matchAll(/^(?:FROM|ARG NODE_IMAGE=) ?(\S+)/gm)].map(([, base]) => base)
    expect(bases.length).toBeGreaterThan(1)
    for (const base of bases) expect(base).toMatch(/^(\$\{NODE_IMAGE\}|node:\d+\.\d+\.\d+-\S+)$/)
  })
})
