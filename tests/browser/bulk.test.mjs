// SPDX-License-Identifier: EUPL-1.2
// Five hundred people answered at once: stopped half-way, taken up, the server killed and started again. One message each, one mail each.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, person, signInAnew, Site, until } from './support.mjs'

const kind = process.env.RELAIS_TEST_DATABASE ?? 'sqlite'
const people = 500
const said = 'Votre demande avance, vous n’avez rien à faire.'
let site, browser, token
before(async () => {
  site = await Site.start(kind)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await site?.close()
})

async function api (method, address, body) {
  const answer = await fetch(site.url + address, {
    method, headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body)
  })
  return { status: answer.status, data: await answer.json() }
}

async function openTickets () {
  token = site.command(['token', 'add', 'essai', '--role', 'agent', '--rate', '0'])
  const open = async number => {
    const { status, data } = await api('POST', '/api/v1/tickets', {
      channel: 'prefecture', requester: { name: `Personne ${number}`, email: `personne-${number}@example.test` },
      procedure: 'LOSS', department: '08', subject: `Demande ${number}`, body: `Où en est ma demande ${number} ?`
    })
    assert.equal(status, 201)
    return data.reference
  }
  const out = []
  for (let from = 1; from <= people; from += 20) out.push(...await Promise.all(Array.from({ length: 20 }, (_, i) => open(from + i))))
  return out
}

test('five hundred answers, stopped, taken up and killed on the way, are one message and one mail each', async () => {
  const references = await openTickets()
  const page = await person(browser, { viewport: { width: 1280, height: 900 } })
  await signInAnew(site, page, { login: 'camille', role: 'agent', name: 'Camille Martin', address: '/console/tickets' })
  await page.goto(site.url + '/console/tickets')
  await page.locator('summary', { hasText: 'Traiter plusieurs demandes' }).click()
  await page.locator('#scope-view').check({ force: true })
  await page.locator('#bulk-action').selectOption('answer')
  await page.locator('#bulk-body').fill(said)
  await page.locator('form#bulk button[type=submit]').click()
  await page.waitForURL('**/bulk/preview')
  assert.ok((await page.locator('h1').innerText()).includes(String(people)))
  assert.equal(await page.locator('blockquote').count(), 5)
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL('**/console/bulk/*')
  const address = page.url()
  const job = async () => (await page.request.get(address, { headers: { Accept: 'application/json' } })).json()
  const reaches = count => until(`${count} answers`, async () => (await job()).done >= count, 240000)

  await reaches(100)
  await page.goto(address)
  await page.locator('form[action$=stop] button').click()
  await page.locator('form[action$=resumption] button').waitFor()
  const stopped = await job()
  assert.equal(stopped.state, 'stopped')
  assert.ok(stopped.done < people, `${stopped.done} were done before the stop`)
  await page.locator('form[action$=resumption] button').click()
  await reaches(Math.min(people - 50, stopped.done + 60))
  await site.kill()
  await site.serve()
  await reaches(people)
  const ended = await job()
  assert.deepEqual([ended.state, ended.done, ended.refused], ['done', people, 0])

  for (const each of references) {
    const { data } = await api('GET', '/api/v1/tickets/' + each)
    assert.equal(data.messages.filter(message => message.kind === 'reply').length, 1, each)
  }
  // A mail in flight when the server was killed may come twice, and is then the same message.
  const answers = () => site.allMails().filter(mail => mail.text.includes(said))
  await until('the mails', () => new Set(answers().map(mail => mail.envelope.to[0])).size === people, 240000)
  const identifiers = new Map()
  for (const mail of answers()) {
    const to = mail.envelope.to[0]
    identifiers.set(to, (identifiers.get(to) ?? new Set()).add(mail.message_id))
  }
  for (const [to, found] of identifiers) assert.equal(found.size, 1, to)
})
