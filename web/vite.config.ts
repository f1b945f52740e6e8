import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { operationsManifest } from './operations-manifest.js'

/** `npx vite web` serves the sources against an orderwire on this port. */
const DEVELOPMENT_API = 'http://127.0.0.1:4000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), writeOperations()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The page's policy allows no inlined data but images; small files are files too.
    assetsInlineLimit: 0,
    target: 'es2022',
    // A release changes our own code: browsers keep the libraries.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'libraries', test: /node_modules/ }] } } },
  },
  server: { proxy: { '/graphql': { target: DEVELOPMENT_API, ws: true } } },
})

/** `operations.json`, which the graph role reads and never serves. */
function writeOperations(): Plugin {
  return {
    name: 'orderwire:operations',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'operations.json', source: JSON.stringify(operationsManifest()) })
    },
  }
}
