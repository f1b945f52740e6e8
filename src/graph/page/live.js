// The first live page: plain modules of the platform, nothing to build. It speaks graphql-transport-ws by hand.
const MAX_ROWS = 300
const RATE_SECONDS = 120
const RECONNECT_MS = 1_000

const EVENTS = `subscription ($after: String) {
  events(after: $after) { cursor kind at eventId provider clientId event stage attempt statusCode responseTime error }
}`
const LOG = `query ($id: ID!) {
  log(id: $id) { id provider clientId event type status stage timestamp duplicates payload canonical
    attempts { attempt trigger at statusCode responseTime error result nextAttemptAt url } }
}`
const RETRY = 'mutation ($id: ID!) { retryLog(id: $id) { success message } }'

const byId = (id) => document.getElementById(id)
const state = {
  token: '',
  cursor: undefined,
  paused: false,
  held: [],
  perSecond: new Map(),
  byProvider: new Map(),
  counts: { events: 0, delivered: 0, retrying: 0, dead: 0, rejected: 0 },
  shown: undefined,
}

function start() {
  const fragment = new URLSearchParams(location.hash.slice(1)).get('token')
  if (fragment) history.replaceState(null, '', location.pathname)
  state.token = fragment ?? sessionStorage.getItem('orderwire-token') ?? ''
  byId('sign-in').addEventListener('submit', (event) => {
    event.preventDefault()
    state.token = byId('token').value.trim()
    connect()
  })
  byId('pause').addEventListener('click', togglePause)
  for (const id of ['provider', 'client', 'stage']) byId(id).addEventListener('input', filterRows)
  byId('detail-close').addEventListener('click', () => byId('detail').close())
  byId('retry').addEventListener('click', retry)
  setInterval(drawRate, 1_000)
  if (state.token) connect()
  else signIn('')
}

function signIn(message) {
  byId('live').hidden = true
  byId('sign-in').hidden = false
  byId('sign-in-error').textContent = message
  byId('token').focus()
}

function say(kind, text) {
  byId('connection').dataset.state = kind
  byId('connection').textContent = text
}

function connect() {
  say('waiting', 'connecting …')
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = new WebSocket(`${scheme}://${location.host}/graphql`, 'graphql-transport-ws')
  const send = (message) => socket.send(JSON.stringify(message))
  socket.addEventListener('open', () =>
    send({ type: 'connection_init', payload: { authorization: `Bearer ${state.token}` } }),
  )
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data)
    if (message.type === 'ping') send({ type: 'pong' })
    if (message.type === 'connection_ack') {
      sessionStorage.setItem('orderwire-token', state.token)
      byId('sign-in').hidden = true
      byId('live').hidden = false
      say('live', 'live')
      send({ id: '1', type: 'subscribe', payload: { query: EVENTS, variables: { after: state.cursor } } })
    }
    if (message.type === 'next' && message.payload.data) take(message.payload.data.events)
    const errors =
      message.type === 'error' ? message.payload : message.type === 'next' ? message.payload.errors : undefined
    // The place we left off is gone: go on from now.
    if (errors?.some(({ extensions }) => extensions?.code === 'CURSOR_EXPIRED')) state.cursor = undefined
    if (errors || message.type === 'error' || message.type === 'complete') socket.close()
  })
  socket.addEventListener('close', ({ code }) => {
    if (code === 4403 || code === 4401) {
      sessionStorage.removeItem('orderwire-token')
      say('off', 'not connected')
      return signIn('The token is not valid, or has expired.')
    }
    say('waiting', 'connection lost, trying again …')
    setTimeout(connect, RECONNECT_MS)
  })
}

function take(event) {
  state.cursor = event.cursor
  count(event)
  if (state.paused) {
    state.held.push(event)
    if (state.held.length > MAX_ROWS) state.held.shift()
    byId('pause').textContent = `Resume (${state.held.length})`
  } else show(event)
}

function count({ kind, stage, provider }) {
  if (kind === 'DISPATCHED') state.counts.events += 1
  if (kind === 'ATTEMPTED' && stage === 'DELIVERED') state.counts.delivered += 1
  if (kind === 'ATTEMPTED' && stage === 'RETRYING') state.counts.retrying += 1
  if (kind === 'ATTEMPTED' && stage === 'DEAD') state.counts.dead += 1
  if (kind === 'REJECTED') state.counts.rejected += 1
  for (const [name, figure] of Object.entries(state.counts)) byId(`count-${name}`).textContent = figure.toLocaleString()
  if (kind !== 'DISPATCHED') return
  const second = Math.floor(Date.now() / 1_000)
  state.perSecond.set(second, (state.perSecond.get(second) ?? 0) + 1)
  state.byProvider.set(provider, (state.byProvider.get(provider) ?? 0) + 1)
  const figures = [...state.byProvider]
    .sort()
    .map(([name, figure]) => `${name.toLowerCase()} ${figure.toLocaleString()}`)
  byId('by-provider').textContent = figures.join(' · ')
}

function show(event) {
  byId('empty').hidden = true
  const stage = event.kind === 'DUPLICATE' ? 'duplicate' : event.stage.toLowerCase()
  const row = document.createElement('tr')
  row.tabIndex = 0
  Object.assign(row.dataset, { provider: event.provider.toLowerCase(), client: event.clientId, stage })
  cell(row, new Date(event.at).toLocaleTimeString([], { hour12: false }))
  cell(row, row.dataset.provider)
  cell(row, event.clientId)
  cell(row, event.event)
  const stageCell = cell(
    row,
    {
      delivering: 'taken, delivering',
      dispatched: 'taken, nobody asked for it',
      dead: 'given up',
      duplicate: 'sent again by the platform',
    }[stage] ?? stage,
    'stage',
  )
  stageCell.dataset.stage = stage
  cell(row, event.attempt ?? '', 'number')
  cell(row, event.responseTime ?? '', 'number')
  cell(row, event.error ?? (event.statusCode ? `HTTP ${event.statusCode}` : ''), 'detail')
  row.addEventListener('click', () => openDetail(event.eventId))
  row.addEventListener('keydown', ({ key }) => key === 'Enter' && openDetail(event.eventId))
  row.hidden = !fits(row)
  const rows = byId('rows')
  rows.prepend(row)
  if (rows.children.length > MAX_ROWS) rows.lastElementChild.remove()
}

function cell(row, text, className = '') {
  const made = row.insertCell()
  made.textContent = text
  made.className = className
  return made
}

function fits(row) {
  const client = byId('client').value.trim()
  return (
    (!byId('provider').value || row.dataset.provider === byId('provider').value) &&
    (!byId('stage').value || row.dataset.stage === byId('stage').value) &&
    row.dataset.client.includes(client)
  )
}

function filterRows() {
  for (const row of byId('rows').children) row.hidden = !fits(row)
}

function togglePause() {
  state.paused = !state.paused
  byId('pause').setAttribute('aria-pressed', String(state.paused))
  byId('pause').textContent = state.paused ? 'Resume' : 'Pause'
  if (!state.paused) for (const event of state.held.splice(0)) show(event)
}

function drawRate() {
  const now = Math.floor(Date.now() / 1_000)
  const values = Array.from(
    { length: RATE_SECONDS },
    (_, index) => state.perSecond.get(now - RATE_SECONDS + index) ?? 0,
  )
  for (const second of state.perSecond.keys()) if (second < now - RATE_SECONDS) state.perSecond.delete(second)
  const top = Math.max(4, ...values)
  const points = values.map(
    (value, index) => `${((index / (RATE_SECONDS - 1)) * 240).toFixed(1)},${(54 - (value / top) * 50).toFixed(1)}`,
  )
  byId('rate-line').setAttribute('d', `M${points.join('L')}`)
  byId('rate-area').setAttribute('d', `M0,56L${points.join('L')}L240,56Z`)
  const recent = values.slice(-5)
  byId('rate-now').textContent = (recent.reduce((sum, value) => sum + value, 0) / recent.length).toFixed(1)
}

async function ask(query, variables) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${state.token}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await answer.json()
  if (errors) throw new Error(errors[0].message)
  return data
}

async function openDetail(id) {
  state.shown = id
  byId('retry-answer').textContent = ''
  byId('detail-title').textContent = id
  byId('detail-summary').textContent = 'Loading …'
  byId('attempts').replaceChildren()
  for (const part of ['canonical', 'payload']) byId(part).textContent = ''
  if (!byId('detail').open) byId('detail').showModal()
  try {
    const { log } = await ask(LOG, { id })
    // Another row may have been opened meanwhile.
    if (state.shown === id) showDetail(log)
  } catch (error) {
    if (state.shown !== id) return
    byId('detail-summary').textContent = error.message
    byId('retry').disabled = true
  }
}

function showDetail(log) {
  const again = log.duplicates === 0 ? '' : `, sent again ${log.duplicates} times`
  byId('detail-title').textContent = `${log.provider.toLowerCase()} · ${log.event} · ${log.clientId}`
  byId('detail-summary').textContent =
    `${log.id}: ${log.status.toLowerCase()}, ${log.stage.toLowerCase()}${again}. Received ${new Date(log.timestamp).toLocaleString()}.`
  byId('retry').disabled = log.stage !== 'DEAD' && log.stage !== 'RETRYING'
  byId('attempts').replaceChildren(...log.attempts.map(attemptItem))
  byId('canonical').textContent = JSON.stringify(log.canonical?.data ?? null, null, 2)
  byId('payload').textContent = JSON.stringify(log.payload, null, 2)
}

function attemptItem(attempt) {
  const item = document.createElement('li')
  item.className = { delivered: 'ok', retrying: 'later', dead: 'no' }[attempt.result]
  const outcome = attempt.error ?? `HTTP ${attempt.statusCode}`
  const next = attempt.nextAttemptAt ? `, next at ${new Date(attempt.nextAttemptAt).toLocaleTimeString()}` : ''
  const manual = attempt.trigger === 'manual' ? ' (by hand)' : ''
  item.textContent = `${new Date(attempt.at).toLocaleTimeString()}${manual}: ${attempt.result}, ${outcome}, ${attempt.responseTime} ms${next}`
  return item
}

async function retry() {
  byId('retry').disabled = true
  try {
    const { retryLog } = await ask(RETRY, { id: state.shown })
    byId('retry-answer').textContent = retryLog.message
    setTimeout(() => byId('detail').open && openDetail(state.shown), 1_500)
  } catch (error) {
    byId('retry-answer').textContent = error.message
  }
}

start()
