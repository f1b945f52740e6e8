import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npx vite web` serves the sources against an orderwire on this port. */
const DEVELOPMENT_API = 'http://127.0.0.1:4000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
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
