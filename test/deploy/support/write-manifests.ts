// `npm run manifests`: writes deploy/k8s from the chart.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { plainManifests } from './manifests.js'
import { goTool, ROOT } from './tools.js'

const helm = await goTool('helm', console.log)
for (const [file, content] of plainManifests(helm)) {
  const path = join(ROOT, 'deploy/k8s', file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
