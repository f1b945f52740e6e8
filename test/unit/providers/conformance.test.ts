import { conformance } from '../../support/provider-conformance.js'
import { providers } from '../../support/providers.js'

for (const adapter of providers.adapters) conformance(adapter)
