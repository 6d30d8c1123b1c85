// SPDX-License-Identifier: EUPL-1.2
// Writes docs/api/openapi.json from docs/api/parts/*.json, one file a noun, and config/access.json.
//
//     node docs/api/merge.mjs           writes it
//     node docs/api/merge.mjs --check   ends with 1 when it is not what the parts make
//
// A part has `paths` and `components`. What every operation shares is added here: who may ask (x-roles, from the matrix), 401 and 403
// where a role is needed, 400 and 413 where there is a body, 429 and 503.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const read = file => JSON.parse(fs.readFileSync(path.join(here, file), 'utf8'))
const access = read('../../config/access.json')
const target = path.join(here, 'openapi.json')
const verbs = ['get', 'post', 'put', 'patch', 'delete']

function put (into, from, where) {
  for (const [name, value] of Object.entries(from)) {
    if (name in into) throw new Error(`${where}: ${name} is written twice`)
    into[name] = value
  }
}

function rolesOf (verb, route) {
  const row = access.routes.find(each => each.verb === verb && each.path === route)
  if (!row) throw new Error(`config/access.json has no row for ${verb} ${route}`)
  return [...new Set(row.who.flatMap(who => access.groups[who] ?? [who]))]
}

function complete (operation, verb, route) {
  const roles = rolesOf(verb.toUpperCase(), route)
  const isOpen = roles.includes('anonymous')
  const shared = { 429: 'too_many', 503: 'busy' }
  if (!isOpen) Object.assign(shared, { 401: 'unauthorized', 403: 'forbidden' })
  if (operation.requestBody) Object.assign(shared, { 400: 'malformed', 413: 'too_large' })
  if (isOpen) operation.security = [{}, { token: [] }]
  operation['x-roles'] = roles
  for (const [status, name] of Object.entries(shared)) operation.responses[status] ??= { $ref: '#/components/responses/' + name }
}

const parts = fs.readdirSync(path.join(here, 'parts')).filter(name => name.endsWith('.json')).sort()
const out = { ...read('parts/common.json'), paths: {}, components: {}, security: [{ token: [] }] }
for (const name of parts) {
  const part = read('parts/' + name)
  for (const [route, item] of Object.entries(part.paths ?? {})) {
    for (const verb of verbs.filter(each => each in item)) {
      item[verb].tags ??= [name.replace('.json', '').split('_')[0]]
      complete(item[verb], verb, route)
    }
    out.paths[route] ??= {}
    put(out.paths[route], item, `${name}: ${route}`)
  }
  for (const [kind, entries] of Object.entries(part.components ?? {})) put(out.components[kind] ??= {}, entries, `${name}: ${kind}`)
}
out.paths = Object.fromEntries(Object.entries(out.paths).sort(([a], [b]) => (a < b ? -1 : 1)))

const text = JSON.stringify(out, null, 1) + '\n'
if (!process.argv.includes('--check')) {
  fs.writeFileSync(target, text)
} else if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== text) {
  console.error('docs/api/openapi.json is not what docs/api/parts and config/access.json make: run `node docs/api/merge.mjs` and commit it')
  process.exit(1)
}
