import { defineConfig } from 'vitest/config'

const onStack = { globalSetup: ['test/support/stack-setup.ts'], testTimeout: 60_000, hookTimeout: 60_000 }

// Vite would take graphql's ES build where Node (and so every dependency) takes the CommonJS one: two copies that refuse each other.
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // The dashboard is driven in a browser, which tells nothing here.
      exclude: ['src/main.ts', 'web/**'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: [
      { resolve, test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { resolve, test: { name: 'security', include: ['test/security/**/*.test.ts'], ...onStack } },
      { resolve, test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...onStack } },
      {
        resolve,
        test: {
          name: 'deploy',
          include: ['test/deploy/static/**/*.test.ts'],
          globalSetup: ['test/deploy/support/setup-static.ts'],
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        test: {
          name: 'chart',
          include: ['test/deploy/chart/**/*.test.ts'],
          globalSetup: ['test/deploy/support/setup-chart.ts'],
          testTimeout: 120_000,
        },
      },
      {
        resolve,
        test: {
          name: 'cluster',
          include: ['test/deploy/cluster/**/*.test.ts'],
          globalSetup: ['test/deploy/support/setup-cluster.ts'],
          testTimeout: 600_000,
        },
      },
      {
        resolve,
        test: { name: 'performance', include: ['test/performance/**/*.test.ts'], fileParallelism: false, ...onStack },
      },
      {
        resolve,
        test: { name: 'browser', include: ['test/browser/**/*.test.ts'], fileParallelism: false, ...onStack },
      },
    ],
  },
})
