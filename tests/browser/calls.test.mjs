// SPDX-License-Identifier: EUPL-1.2
// The telephone at the console, by keyboard alone: a known, an unknown and a withheld number; the written trace in the mail sink.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { checkPage, launch, person, Site, totp, until } from './support.mjs'

const kind = process.env.RELAIS_TEST_DATABASE ?? 'sqlite'
const password = 'une phrase assez longue pour tenir'
let site, browser, token, agent
before(async () => {
  site = await Site.start(kind)
  browser = await launch()
  token = site.command(['token', 'add', 'standard', '--role', 'telephony'])
  site.command(['user', 'add', 'camille', '--role', 'agent', '--full-name', 'Camille Martin', '--quality', 'conseillère', '--password-stdin'], password + '\n')
  agent = await person(browser, { viewport: { width: 1280, height: 900 } })
  await signIn(agent, 'camille')
})
after(async () => {
  await browser?.close()
  await site?.close()
  if (site) assert.equal(site.status, 0, 'the server drains and ends well, open streams included')
})

async function signIn (page, login) {
  await page.goto(site.url + '/connexion')
  await page.locator('#login').fill(login)
  await page.locator('#password').fill(password)
  await page.locator('main form button[type=submit]').first().click()
  await page.waitForURL('**/connexion/inscription*')
  await page.locator('#code').fill(totp((await page.locator('code.relais-reference').innerText()).trim()))
  await page.locator('main form button[type=submit]').click()
  await page.locator('code.relais-reference').nth(1).waitFor() // the recovery codes
}

let calls = 0
// What the telephone system says.
async function tell (event, fields) {
  const answer = await fetch(`${site.url}/api/v1/cti/${token}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ event, to: '3400', direction: 'in', ...fields })
  })
  assert.equal(answer.status, 200, await answer.text())
}

// Somebody calls, camille's telephone rings and she takes it; her page turns to the card by itself.
async function ring (from) {
  const callId = `call-${++calls}`
  await agent.goto(site.url + '/console/calls')
  await agent.waitForFunction(() => document.documentElement.dataset.liveState === 'open')
  await tell('newCall', { callId, from, user: ['Camille Martin'], queue: 'permis' })
  await agent.waitForURL(/\/console\/calls\/[0-9a-f]{24}/)
  await tell('answer', { callId, from, user: ['Camille Martin'] })
  await agent.locator('#call-state').getByText('en cours').waitFor()
  return callId
}

async function openTicket (phone, email) {
  const answer = await fetch(site.url + '/api/v1/tickets', {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      requester: { name: 'Zoé N’Diaye', email, phone, postal_address: '3 rue de l’Église, 97400 Saint-Denis' },
      subject_person: { birth_name: 'N’Diaye', first_names: 'Zoé', birth_date: '1991-05-12' },
      procedure: 'REGISTRATION', department: '974', subject: 'Date de naissance refusée', body: 'Le site refuse ma date de naissance.'
    })
  })
  assert.equal(answer.status, 201)
  return (await answer.json()).reference
}

// A dossier known after the request came, so that nothing has linked them yet.
function knowDossier (number) {
  const file = path.join(site.folder, 'dossiers.csv')
  fs.writeFileSync(file, 'number;birth_name;first_names;birth_date;procedure;status;status_since;department;phone;updated_at\n' +
    `${number};N’Diaye;Zoé;1991-05-12;REGISTRATION;UNDER_ASSESSMENT;2026-10-01;974;+33639981234;2026-11-20T08:00:00Z\n`)
  site.command(['import', 'dossiers', file])
}

async function trace (email) {
  return until('the written trace', () => site.mailsTo(email).find(mail => /trace de votre appel/i.test(mail.subject)))
}

test('a known caller: the card opens, identity, report and closing by keyboard alone, and a trace is sent', async () => {
  const email = 'zoe@example.test'
  const reference = await openTicket('06 39 98 12 34', email)
  knowDossier('REG-2026-001234')
  const callId = await ring('33639981234')
  const faults = await checkPage(agent, 'console-call')
  assert.ok(await agent.getByText('Zoé N’Diaye').first().isVisible())
  assert.ok(await agent.locator(`#ticket-${reference}`).isChecked(), 'the open request is proposed')
  const begun = Date.now()
  await agent.keyboard.press('Alt+1')
  await agent.keyboard.press('Alt+2')
  await agent.keyboard.press('F2')
  await agent.waitForURL('**?done=confirmed')
  await agent.keyboard.type('Votre date de naissance est corrigée depuis ce matin.')
  await agent.keyboard.press('Tab') // on to the dossier
  await agent.keyboard.type('REG-2026')
  await agent.keyboard.press('Tab')
  await agent.keyboard.type('Prob')
  await agent.keyboard.press('F9')
  await agent.waitForURL('**/console/tickets/' + reference + '*')
  assert.ok(Date.now() - begun < 20000, 'logged, linked and closed in under 20 s')
  await tell('hangup', { callId, from: '33639981234', cause: 'normalClearing' })
  assert.ok(await agent.getByText('corrigée depuis ce matin').first().isVisible(), 'the ticket holds what was said')
  assert.ok(await agent.getByText('REG-2026-001234').first().isVisible(), 'the dossier is linked')
  assert.match(await agent.locator('main').innerText(), /Clôturée|Close/i)
  const mail = await trace(email)
  assert.ok(mail.text.includes('corrigée depuis ce matin'))
  assert.ok(mail.text.includes('Camille Martin'))
  assert.ok(mail.text.includes(reference))
  assert.deepEqual(faults, [])
})

test('an unknown caller: F4 begins a request, filled in with the number', async () => {
  await ring('33199005678')
  assert.ok(await agent.getByText('Personne n’a ce numéro').isVisible())
  await agent.keyboard.press('F4')
  assert.equal(await agent.evaluate(() => document.activeElement.id), 'subject')
  await agent.keyboard.type('Permis perdu')
  assert.equal(await agent.locator('#requester-phone').inputValue(), '+33199005678')
  const next = async (text) => { await agent.keyboard.press('Tab'); await agent.keyboard.type(text) }
  await next('Jean Petit')
  await next('jean@example.test')
  await agent.keyboard.press('Tab') // the number is there
  await agent.keyboard.press('Tab') // no postal address
  await next('Perte')
  await next('33')
  await agent.keyboard.press('Tab') // no dossier number
  await next('Il a perdu son permis dans le train.')
  await next('Une attestation lui est envoyée.')
  await agent.keyboard.press('F8')
  await agent.waitForURL('**/console/tickets/*')
  assert.ok(await agent.getByText('perdu son permis dans le train').first().isVisible())
  const mail = await trace('jean@example.test')
  assert.ok(mail.text.includes('Une attestation lui est envoyée.'))
})

test('a withheld number: the call is written without a request', async () => {
  await ring('anonymous')
  assert.ok(await agent.getByRole('heading', { level: 1 }).filter({ hasText: 'numéro masqué' }).isVisible())
  await agent.locator('#ticket-none').focus()
  await agent.keyboard.press('Space')
  await agent.locator('#note').focus()
  await agent.keyboard.type('Renseignement général')
  await agent.keyboard.press('F8')
  await agent.waitForURL('**/console/calls?done=written')
  assert.ok(await agent.getByText('Renseignement général').isVisible())
})

test('three missed calls of one number are one callback, which goes when the person gets through', async () => {
  await agent.goto(site.url + '/console/callbacks')
  await agent.waitForFunction(() => document.documentElement.dataset.liveState === 'open')
  const from = '33199004321'
  const owed = agent.locator('#callback-list tbody tr', { hasText: '01 99 00 43 21' })
  for (let time = 1; time <= 3; time++) {
    await tell('newCall', { callId: `missed-${time}`, from, queue: 'permis' })
    await tell('hangup', { callId: `missed-${time}`, from, cause: time === 2 ? 'cancel' : 'noAnswer' })
    await owed.getByText(`sans réponse : ${time}`).waitFor()
  }
  assert.equal(await owed.count(), 1)
  assert.deepEqual(await checkPage(agent, 'console-callbacks-missed'), [])
  await tell('newCall', { callId: 'through', from, queue: 'permis' })
  await tell('answer', { callId: 'through', from, answeringNumber: '299' }) // a telephone that is nobody's here
  await owed.waitFor({ state: 'detached' })
  await tell('hangup', { callId: 'through', from, cause: 'normalClearing' })
})

test('somebody who is typing is not taken away; the call waits in the bar', async () => {
  await agent.goto(site.url + '/console/calls')
  await agent.waitForFunction(() => document.documentElement.dataset.liveState === 'open')
  await agent.locator('#phone_ending').focus()
  await agent.keyboard.type('12')
  await tell('newCall', { callId: 'call-typing', from: '33639984444', user: ['Camille Martin'] })
  await agent.locator('#my-calls strong', { hasText: '06 39 98 44 44' }).waitFor()
  assert.equal(new URL(agent.url()).pathname, '/console/calls')
  assert.equal(await agent.locator('#phone_ending').inputValue(), '12')
  await tell('hangup', { callId: 'call-typing', from: '33639984444', cause: 'cancel' })
  await agent.locator('#my-calls strong', { hasText: '06 39 98 44 44' }).waitFor({ state: 'detached' })
})

test('the log, the figures and the cards pass axe at both widths', async () => {
  const faults = []
  for (const width of [1280, 320]) {
    await agent.setViewportSize({ width, height: 900 })
    for (const address of ['/console/calls', '/console/calls/figures']) {
      await agent.goto(site.url + address)
      faults.push(...await checkPage(agent, `calls${address.replaceAll('/', '-')}-${width}`))
    }
    await agent.goto(site.url + '/console/calls')
    await agent.locator('#call-list td a').first().click()
    await agent.waitForURL(/\/console\/calls\/[0-9a-f]{24}/)
    faults.push(...await checkPage(agent, `calls-card-${width}`))
  }
  assert.deepEqual(faults, [])
  assert.deepEqual(agent.reports, [], 'no report of the content policy, no error of a script')
})

test('what a supervisor sees passes axe at both widths: staffing, raw events, roster, promises kept', async () => {
  const faults = []
  site.command(['user', 'add', 'marc', '--role', 'supervisor', '--full-name', 'Marc Petit', '--quality', 'superviseur', '--password-stdin'], password + '\n')
  const boss = await person(browser, { viewport: { width: 1280, height: 900 } })
  await signIn(boss, 'marc')
  for (const width of [1280, 320]) {
    await boss.setViewportSize({ width, height: 900 })
    for (const address of ['/console/calls/staffing', '/console/telephony', '/console/roster', '/console/callbacks/figures']) {
      await boss.goto(site.url + address)
      faults.push(...await checkPage(boss, `supervisor${address.replaceAll('/', '-')}-${width}`))
    }
  }
  assert.ok(await boss.goto(site.url + '/console/telephony').then(() => boss.getByText('newCall').first().isVisible()), 'the raw events are there')
  assert.deepEqual(faults, [])
  assert.deepEqual(boss.reports, [])
})
