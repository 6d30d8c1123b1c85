// SPDX-License-Identifier: EUPL-1.2
// A callback from end to end, over four days that pass while the test runs: the program's clock is moved (tests/support/clock_shift.cpp).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, launch, person, Site, totp, until } from './support.mjs'

const password = 'une phrase assez longue pour tenir'
const email = 'aimee@example.test'
let site, browser, seed
before(async () => {
  site = await Site.start(process.env.RELAIS_TEST_DATABASE ?? 'sqlite', { at: '2026-11-23T10:00:00Z' }) // Monday, 6:00 in Fort-de-France
  browser = await launch()
  site.command(['user', 'add', 'camille', '--role', 'agent', '--full-name', 'Camille Martin', '--quality', 'conseillère', '--password-stdin'], password + '\n')
})
after(async () => {
  await browser?.close()
  await site?.close()
  if (site) assert.equal(site.status, 0, 'the server drains and ends well')
})

// Signs in; the first time the second factor is enrolled.
async function agentAt (when) {
  site.travel(when)
  const page = await person(browser, { viewport: { width: 1280, height: 900 } })
  await page.goto(site.url + '/console/callbacks')
  await page.locator('#login').fill('camille')
  await page.locator('#password').fill(password)
  await page.locator('main form button[type=submit]').first().click()
  if (!seed) {
    await page.waitForURL('**/connexion/inscription*')
    seed = (await page.locator('code.relais-reference').innerText()).trim()
  } else {
    await page.waitForURL('**/connexion/code*')
  }
  await page.locator('#code').fill(totp(seed, site.now()))
  await page.locator('main form button[type=submit]').click()
  await page.goto(site.url + '/console/callbacks')
  return page
}

// Claims the next callback, dials, and says how it ended.
async function call (page, outcome, faults, summary = '') {
  await page.getByRole('button', { name: 'Prendre le suivant' }).click()
  await page.waitForURL(/callbacks\/[0-9a-f]{32}$/)
  faults.push(...await checkPage(page, 'callback-claimed-' + outcome))
  assert.ok(await page.getByText('Aimée Césaire').first().isVisible())
  await page.getByRole('button', { name: 'J’appelle' }).click()
  await page.locator('#outcome-' + outcome).check({ force: true })
  if (summary) await page.locator('#summary').fill(summary)
  faults.push(...await checkPage(page, 'callback-dialling-' + outcome))
  await page.getByRole('button', { name: 'Enregistrer l’issue' }).click()
  await page.waitForURL('**/console/callbacks?fait=*')
}

test('a citizen of Fort-de-France books in her own time, is called twice, and is reached', async () => {
  const faults = []
  const citizen = await person(browser, { javaScriptEnabled: false })
  await citizen.goto(site.url + '/rappel')
  await citizen.locator('button[value=next]').click()
  await citizen.waitForSelector('#faults')
  await citizen.locator('#requester-name').fill('Aimée Césaire')
  await citizen.locator('#phone').fill('0696 12 34 56')
  await citizen.locator('#department').selectOption('972')
  await citizen.locator('#requester-email').fill(email)
  await citizen.locator('#procedure').selectOption('RENEWAL')
  await citizen.locator('#subject').fill('Ma demande n’avance plus')
  await citizen.locator('#access_need').fill('Parlez lentement, s’il vous plaît')
  await citizen.locator('button[value=next]').click()
  await citizen.waitForURL('**/rappel/creneau')
  const hours = await citizen.locator('#hours').innerText()
  assert.match(hours, /Fort-de-France \(Martinique\).*6\s?h\s?0\d.*À Paris, il est 11\s?h/s)
  const slot = citizen.locator('label.relais-slot', { hasText: '9 h 00' }).nth(2) // Monday is the first day, Wednesday the third
  assert.match(await slot.innerText(), /14\s?h\s?00 à Paris/)
  await slot.locator('input').check()
  await until('the form to be taken', async () => {
    await citizen.locator('button[value=book]').click()
    return citizen.waitForURL('**/rappel/confirmation', { timeout: 5000 }).then(() => true, () => false)
  }, 60000)
  const promised = await citizen.locator('#promised-slot').innerText()
  assert.match(promised, /mercredi 25 novembre 2026, entre 9\s?h\s?00 et 9\s?h\s?30.*Fort-de-France.*14\s?h\s?00 et 14\s?h\s?30/s)
  const word = (await citizen.locator('#code-word').innerText()).trim()
  const link = await citizen.locator('#follow-up-link').getAttribute('href')

  const first = (await until('the promise by mail', () => site.mailsTo(email).length > 0 && site.mailsTo(email)))[0]
  assert.ok(first.text.includes(word) && first.text.includes('9 h 00') && first.text.includes('14 h 00') && first.text.includes(link))
  assert.ok(!first.text.includes('n’avance plus') && !first.text.includes('0696'), 'and nothing that the sender chose')
  const file = Buffer.from(first.attachments[0].content, 'base64').toString('utf8')
  assert.match(file, /DTSTART:20261125T130000Z\r\n/)

  site.travel('2026-11-24T13:01:00Z') // the day before
  const second = (await until('the reminder', () => site.mailsTo(email).length > 1 && site.mailsTo(email)))[1]
  assert.match(second.subject, /demain/)
  assert.ok(second.text.includes(word))

  const agent = await agentAt('2026-11-25T13:02:00Z')
  faults.push(...await checkPage(agent, 'callbacks'))
  assert.ok(await agent.getByText('Parlez lentement').isVisible())
  await call(agent, 'no_answer', faults)
  assert.ok(await agent.getByText('un autre essai').isVisible())
  await agent.getByRole('button', { name: 'Prendre le suivant' }).click()
  await agent.waitForURL('**fait=aucun')
  await citizen.goto(link)
  await citizen.waitForURL('**/suivi')
  assert.match(await citizen.locator('#rappel').innerText(), /jeudi 26 novembre 2026.*9\s?h\s?00/s)

  const again = await agentAt('2026-11-26T13:04:00Z')
  await call(again, 'reached', faults, 'Votre renouvellement est validé, la carte part lundi.')
  const last = (await until('the written trace', () => site.mailsTo(email).length > 2 && site.mailsTo(email)))[2]
  assert.ok(last.text.includes('la carte part lundi') && last.text.includes('Camille Martin'))
  await citizen.goto(link)
  await citizen.waitForURL('**/suivi')
  assert.match(await citizen.locator('#callback-state').innerText(), /Nous vous avons parlé/)
  assert.ok(await citizen.getByText('la carte part lundi').isVisible())

  assert.deepEqual(faults, [])
  assert.deepEqual([...agent.reports, ...again.reports], [], 'no report of the content policy, no error of a script')
})

test('who never answers is called three times, then told how to book again, and does', async () => {
  const faults = []
  site.travel('2026-11-30T08:00:00Z')
  const to = 'absent@example.test'
  const looking = await agentAt('2026-11-30T08:00:00Z')
  await looking.waitForFunction(() => document.documentElement.dataset.liveState === 'open')
  const made = await fetch(site.url + '/api/v1/callbacks', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phone: '0639981288', slot_start: '2026-12-01T09:00:00Z', zone: 'Europe/Paris', requester: { name: 'Aimée Césaire', email: to }, procedure: 'LOSS', subject: 'Perdu' })
  }).then(answer => answer.json())
  assert.ok(made.id, JSON.stringify(made))
  await looking.locator('#callback-list').getByText('Aimée Césaire').waitFor() // without a reload
  for (const when of ['2026-12-01T09:01:00Z', '2026-12-01T12:31:00Z', '2026-12-02T08:01:00Z']) await call(await agentAt(when), 'no_answer', faults)
  const told = (await until('the message', () => site.mailsTo(to).find(mail => /pas pu vous parler/.test(mail.subject)) && site.mailsTo(to))).at(-1)
  assert.match(told.text, /essayé 3 fois/)
  const citizen = await person(browser)
  await citizen.goto(made.follow_up_url)
  await citizen.waitForURL('**/suivi')
  await citizen.getByRole('link', { name: 'Demander un nouvel appel' }).click()
  await citizen.waitForURL('**/suivi/rappel')
  faults.push(...await checkPage(citizen, 'suivi-rappel'))
  await citizen.locator('input[name=slot_start]').first().check()
  await citizen.getByRole('button', { name: 'Choisir ce créneau' }).click()
  await citizen.waitForURL('**/suivi?fait=rappel*')
  faults.push(...await checkPage(citizen, 'suivi-callback'))
  await citizen.getByRole('button', { name: 'Renoncer à l’appel' }).click()
  await citizen.waitForURL('**fait=rappel_annule*')
  await until('the cancellation by mail', () => site.mailsTo(to).some(mail => /annulé/.test(mail.subject)))
  assert.deepEqual(faults, [])
  assert.deepEqual(citizen.reports, [])
})

test('the booking pages pass axe in both languages, on a telephone', async () => {
  const faults = []
  site.travel('2026-12-03T09:00:00Z')
  for (const language of ['fr', 'en']) {
    const page = await person(browser, { viewport: { width: 320, height: 700 } })
    await page.goto(site.url + '/rappel?lang=' + language)
    faults.push(...await checkPage(page, language + '-rappel'))
    await page.locator('button[value=next]').click()
    await page.waitForSelector('#faults')
    faults.push(...await checkPage(page, language + '-rappel-faults'))
    await page.locator('#requester-name').fill('Jean Kanak')
    await page.locator('#phone').fill('+687 41 23 45')
    await page.locator('#department').selectOption('988')
    await page.locator('#procedure').selectOption('LOSS')
    await page.locator('#subject').fill('Permis perdu')
    await page.locator('button[value=next]').click()
    await page.waitForURL('**/rappel/creneau')
    faults.push(...await checkPage(page, language + '-rappel-creneau-nouvelle-caledonie'))
    assert.ok(await page.locator('input[name=slot_start]').count() > 0, 'the extended hours reach the Pacific')
  }
  assert.deepEqual(faults, [])
})
