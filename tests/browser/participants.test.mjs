// SPDX-License-Identifier: EUPL-1.2
// A citizen, her driving school and a France services adviser on one request: each reads only what concerns them, by their own link.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, launch, person, signInAnew, Site, until } from './support.mjs'

const kind = process.env.RELAIS_TEST_DATABASE ?? 'sqlite'
const zoe = 'zoe@example.test'; const school = 'ecole@example.test'; const house = 'maison@example.test'
let site, browser
before(async () => {
  site = await Site.start(kind)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await site?.close()
  if (site) assert.equal(site.status, 0)
})

// The link of the last mail to somebody that has these words.
async function linkTo (address, words) {
  const mail = await until(`a mail to ${address}: ${words}`, () => site.mailsTo(address).findLast(each => each.text.includes(words)))
  return mail.text.match(/\S+\/suivi\/\S+/)[0]
}

// Somebody at 320 px who opens their link; what they read is told by texts().
async function reader (link, name) {
  const page = await person(browser, { viewport: { width: 320, height: 700 } })
  await page.goto(link)
  assert.deepEqual(await checkPage(page, name), [])
  return page
}
const texts = page => page.locator('.relais-thread .relais-prose').allInnerTexts()

async function write (page, words) {
  await page.locator('#body').fill(words)
  await page.locator('form[action="/suivi/messages"] button').click()
  await page.waitForURL('**/suivi?fait=message*')
}

async function add (page, role, name, email) {
  await page.getByText('Ajouter une personne', { exact: true }).click()
  await page.locator('#person-role').selectOption(role)
  await page.locator('#person-name').fill(name)
  await page.locator('#person-email').fill(email)
  await page.getByRole('button', { name: 'Ajouter', exact: true }).click()
  await page.waitForURL('**done=person_added*')
}

async function answer (page, words, names) {
  for (const box of await page.locator('input[name="to[]"]').all()) await box.setChecked(false, { force: true })
  for (const name of names) await page.getByRole('checkbox', { name }).setChecked(true, { force: true })
  await page.locator('#body').fill(words)
  await page.getByRole('button', { name: 'Envoyer la réponse', exact: true }).click()
  await page.waitForURL('**done=replied*')
}

test('a citizen, a proxy and an adviser each read only what concerns them', async () => {
  const token = site.command(['token', 'add', 'desk', '--role', 'agent'])
  const opened = await fetch(site.url + '/api/v1/tickets', {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'phone', requester: { name: 'Zoé Martin', email: zoe }, procedure: 'REGISTRATION', department: '33', subject: 'Mon secret', body: 'Mes mots à moi' })
  }).then(answer => answer.json())
  const address = '/console/tickets/' + opened.reference
  const agent = await person(browser, { viewport: { width: 1280, height: 900 } })
  await signInAnew(site, agent, { login: 'nadia', role: 'agent', name: 'Nadia Petit', address })
  await agent.goto(site.url + address)
  await add(agent, 'proxy', 'Auto-école du Port', school)
  await add(agent, 'adviser', 'France services Saint-Paul', house)
  await answer(agent, 'Pour Zoé seule', [/Zoé Martin/])
  await answer(agent, 'Pour l’école', [/Auto-école/])
  await answer(agent, 'Pour Zoé et la maison', [/Zoé Martin/, /France services/])
  await agent.goto(site.url + address)
  assert.deepEqual(await checkPage(agent, 'agent'), [])
  assert.match(await agent.locator('#thread').innerText(), /Lu par\s:\sAuto-école du Port \(mandataire\)/)

  const teacher = await reader(await linkTo(school, 'Pour l’école'), 'mandataire')
  assert.deepEqual(await texts(teacher), ['Pour l’école'])
  assert.doesNotMatch(await teacher.locator('body').innerText(), /secret|Mes mots|zoe@/)
  const adviser = await reader(await linkTo(house, 'Pour Zoé et la maison'), 'accompagnant')
  assert.deepEqual(await texts(adviser), ['Pour Zoé et la maison'])
  const citizen = await reader(await linkTo(zoe, 'Pour Zoé seule'), 'demandeur')
  assert.deepEqual(await texts(citizen), ['Mes mots à moi', 'Pour Zoé seule', 'Pour Zoé et la maison'])
  for (const address of [zoe, house]) assert.ok(!site.mailsTo(address).some(mail => mail.text.includes('Pour l’école')))
  assert.ok(!site.mailsTo(school).some(mail => /Pour Zoé|Mes mots|Mon secret/.test(mail.text)))

  await write(teacher, 'L’examen est le 12')
  assert.deepEqual(await texts(teacher), ['Pour l’école', 'L’examen est le 12'])
  await citizen.reload()
  assert.equal((await texts(citizen)).length, 3)
  await agent.goto(site.url + address)
  assert.ok(await agent.getByRole('checkbox', { name: /Auto-école/ }).isChecked(), 'one answers who wrote last')
  assert.ok(!await agent.getByRole('checkbox', { name: /Zoé Martin/ }).isChecked())

  // The mandate ends: by the citizen, with the keyboard.
  const fold = citizen.locator('summary', { hasText: 'Auto-école du Port' })
  await fold.focus()
  await citizen.keyboard.press('Enter')
  await citizen.keyboard.press('Tab')
  await citizen.keyboard.press('Enter')
  await citizen.waitForURL('**/suivi?fait=retrait*')
  assert.match(await citizen.locator('#personnes ~ ul').innerText(), /ne la suit plus depuis/)
  assert.deepEqual(await checkPage(citizen, 'mandat-retire'), [])
  await teacher.reload()
  assert.equal(await teacher.locator('h1').innerText(), 'Suivre ma demande')
  await agent.goto(site.url + address)
  assert.equal(await agent.getByRole('checkbox', { name: /Auto-école/ }).count(), 0)
  await agent.getByText('Historique', { exact: true }).click()
  assert.match(await agent.locator('.relais-history').first().innerText(), /personne retirée de la demande/)
  for (const page of [agent, citizen, teacher, adviser]) assert.deepEqual(page.reports, [])
})
