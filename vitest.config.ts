import { defineConfig } from 'vitest/config'

const onStack = { globalSetup: ['test/support/stack-setup.ts'], testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/main.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'security', include: ['test/security/**/*.test.ts'], ...onStack } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...onStack } },
      { test: { name: 'performance', include: ['test/performance/**/*.test.ts'], fileParallelism: false, ...onStack } },
    ],
  },
})
