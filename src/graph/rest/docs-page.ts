import type { HttpResponse } from '../../http/http.js'
import type { Json, OpenApi } from './openapi.js'

type Described = {
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Json }[]
  readonly requestBody?: Json
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}

/** The OpenAPI document for people: one page of plain HTML that needs no script and no network. */
export function docsPage(document: OpenApi): HttpResponse {
  const sections = Object.entries(document.paths).flatMap(([path, methods]) =>
    // Written by createOpenApi.
    Object.entries(methods).map(([method, operation]) => section(path, method, operation as Described)),
  )
  const schemas = JSON.stringify(document['components'], null, 2)
  const body = `<h1>orderwire REST API</h1>
<p>Send <code>Authorization: Bearer &lt;JWT&gt;</code> with every request but <code>/health</code>. Errors are <code>{"error":{"code","message","details?"}}</code>. The document for tools: <a href="/api/openapi.json">/api/openapi.json</a>. For everything else, and live, there is <a href="/graphql">GraphQL</a>.</p>
<h2 id="versions">Versions</h2>
<p><code>/api/v1/webhooks</code> stays as it is; <code>/api/webhooks</code> is always the current version. Fields are added without a new version; none is taken away or changed. A version that is to end says so for at least twelve months in <code>Deprecation</code> and <code>Sunset</code> headers.</p>
<h2>Operations</h2>${sections.join('\n')}
<h2 id="schemas">Schemas</h2><details><summary>JSON Schema 2020-12</summary><pre>${escapeHtml(schemas)}</pre></details>`
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>orderwire REST API</title><style>${STYLE}</style><main>${body}</main></html>`,
  }
}

function section(path: string, method: string, operation: Described): string {
  const { summary, description = '', parameters = [], requestBody, responses } = operation
  const rows = parameters.map((each) => row(`${each.name} (${each.in})`, JSON.stringify(each.schema)))
  const answers = Object.entries(responses).map(([status, answer]) => row(status, answer.description))
  return `<section><h3><code>${method.toUpperCase()} ${escapeHtml(path)}</code></h3><p>${escapeHtml(summary)}. ${escapeHtml(description)}</p>
${rows.length > 0 ? `<table><caption>Parameters</caption>${rows.join('')}</table>` : ''}
${requestBody === undefined ? '' : `<details><summary>Body</summary><pre>${escapeHtml(JSON.stringify(requestBody, null, 2))}</pre></details>`}
<table><caption>Answers</caption>${answers.join('')}</table></section>`
}

function row(name: string, text: string): string {
  return `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(text)}</td></tr>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0}main{max-width:60rem;margin:0 auto;padding:2rem 1rem}section{border-top:1px solid #8884;padding:.5rem 0}table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;font-weight:600}th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;font-weight:400}th{white-space:nowrap;font-family:ui-monospace,monospace}pre{overflow:auto;background:#8881;padding:1rem}`
