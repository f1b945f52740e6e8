import { createRoot } from 'react-dom/client'
import 'uplot/dist/uPlot.min.css'
import './style/tokens.css'
import './style/base.css'
import './style/shell.css'
import './style/parts.css'
import './style/tables.css'
import './style/forms.css'
import './style/views.css'
import './style/live.css'
import './style/board.css'
import './style/restaurant.css'
import { openSession } from './api/session'
import { App } from './app/app'

openSession()
const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
createRoot(root).render(<App />)
