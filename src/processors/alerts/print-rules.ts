import { writeFileSync } from 'node:fs'
import { prometheusRules } from './prometheus-rules.js'

writeFileSync(new URL('../../../deploy/prometheus/rules.yaml', import.meta.url), prometheusRules())
