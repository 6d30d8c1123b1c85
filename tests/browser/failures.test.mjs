// SPDX-License-Identifier: EUPL-1.2
// The pages of what the server cannot do: too many forms (429), a table that is gone (500), a database that takes no one in (503). Each is
// brought about for true and held against axe-core in both languages, wide and narrow; then the cause is taken away and the page is back.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, test } from 'node:test'
import { checkPage, launch, person, Site, until } from './support.mjs'

const kind = process.env.RELAIS_TEST_DATABASE ?? 'sqlite'
const skip = kind === 'sqlite' // nobody takes its file away from a running program
const languages = ['fr', 'en']
const words = Object.fromEntries(languages.map(each => [each, JSON.parse(fs.readFileSync(`templates/locales/${each}.json`, 'utf8')).error]))
const plain = text => text.replace(/\s+/g, ' ')
const account = 'relais_failures_' + process.pid

let site, browser
before(async () => {
  const environment = { RELAIS_FORMS_TOTAL_MINUTE: '1', RELAIS_FORMS_PER_ADDRESS: '1000', RELAIS_FORMS_BURST: '1000', RELAIS_FORMS_PROOF_OF_WORK_FROM: '1000' }
  site = await Site.start(kind, { environment })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await site?.close()
  if (!skip) site?.sql(`DROP USER IF EXISTS ${account}@localhost`)
})

const visitor = language => person(browser, { viewport: { width: 1280, height: 900 }, locale: language })

// What is wrong with the page of a failure.
async function faultsOf (page, answer, status, code, language) {
  const name = `${status} ${language}`
  const faults = await checkPage(page, name)
  const say = (is, text) => { if (!is) faults.push(`${name}: ${text}`) }
  say(answer.status() === status, `answered ${answer.status()}`)
  say(await page.locator('html').getAttribute('lang') === language, 'in another language')
  say(await page.locator('h1').innerText() === words[language][code].title, 'another title')
  say(plain(await page.locator('main').innerText()).includes(plain(words[language][code].text)), 'does not say what to do')
  say(/^\S+$/.test(await page.locator('main code').innerText()), 'no number to give on the telephone')
  await page.setViewportSize({ width: 320, height: 700 })
  faults.push(...await checkPage(page, name + ' narrow'))
  return faults.concat(page.reports.filter(text => !/Failed to load resource/.test(text)))
}

// Meets a failure of a page in each language.
async function meet (address, status, code) {
  const faults = []
  for (const language of languages) {
    const page = await visitor(language)
    const answer = await page.goto(`${site.url}${address}?lang=${language}`)
    faults.push(...await faultsOf(page, answer, status, code, language))
    await page.context().close()
  }
  assert.deepEqual(faults, [])
}

// Somebody else's forms, until no more are taken this minute.
async function useUpTheMinute () {
  const form = { requester: { name: 'Camille Essai', phone: '0639981234' }, procedure: 'LOSS', department: '75', subject: 'Permis perdu', body: 'Je ne sais que faire.' }
  const send = () => fetch(site.url + '/api/v1/tickets', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(form) })
  await until('the limit', async () => {
    const { status } = await send()
    assert.ok([201, 429].includes(status), `answered ${status}`)
    return status === 429
  })
}

async function fillContact (page, language) {
  const next = async address => {
    await page.locator('button[value=next]').click()
    await page.waitForURL('**' + address)
  }
  await page.goto(`${site.url}/contact?lang=${language}`)
  await page.locator('#requester-name').fill('Camille Dupont')
  await next('/contact/probleme')
  await page.locator('#procedure').selectOption('RENEWAL')
  await page.locator('#department').selectOption('33')
  await page.locator('#subject').fill('Photo refusée')
  await page.locator('#body').fill('Ma photo est refusée.')
  await next('/contact/pieces')
  await next('/contact/reponse')
  await page.locator('#requester-email').fill(`camille-${language}@example.test`)
  await next('/contact/envoi')
}

test('who sends a form when too many were sent is told to wait, and the form is kept', async () => {
  const faults = []
  for (const language of languages) {
    const page = await visitor(language)
    await fillContact(page, language)
    await useUpTheMinute()
    const [answer] = await Promise.all([page.waitForNavigation(), page.locator('button[value=send]').click()])
    assert.ok(Number(await answer.headerValue('retry-after')) > 0)
    faults.push(...await faultsOf(page, answer, 429, 'too_many_requests', language))
    await page.goto(site.url + '/contact/envoi')
    assert.ok((await page.locator('main').innerText()).includes('Ma photo est refusée.'))
    await page.context().close()
  }
  assert.deepEqual(faults, [])
})

test('a page whose table is gone says that the fault is ours', { skip }, async () => {
  site.sql(`RENAME TABLE ${site.database}.incident TO ${site.database}.incident_away`)
  await meet('/incidents', 500, 'fault')
  site.sql(`RENAME TABLE ${site.database}.incident_away TO ${site.database}.incident`)
  assert.equal((await fetch(site.url + '/incidents')).status, 200)
})

test('while the database takes no one in, pages ask to come back, and they come back by themselves', { skip }, async () => {
  site.sql(`CREATE USER ${account}@localhost; GRANT SELECT, INSERT, UPDATE, DELETE ON ${site.database}.* TO ${account}@localhost`)
  await site.kill()
  site.env.RELAIS_DATABASE_USER = account
  await site.serve()
  const isReady = () => fetch(site.url + '/readyz').then(answer => answer.ok)
  site.sql(`ALTER USER ${account}@localhost ACCOUNT LOCK; KILL USER ${account}`)
  await until('its sessions to be lost', async () => !await isReady())
  await meet('/incidents', 503, 'busy')
  site.sql(`ALTER USER ${account}@localhost ACCOUNT UNLOCK`)
  await until('its sessions to be back', isReady)
  await until('the page to be back', async () => (await fetch(site.url + '/incidents')).status === 200)
})
