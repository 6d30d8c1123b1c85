// SPDX-License-Identifier: EUPL-1.2
// Every page of config/access.json on the demonstration's data, by somebody who may, in both languages: axe-core at 1280 px, nothing wider
// than the screen at 320 px. A route that is no page says why; a page that nobody has been to fails the test.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { after, before, test } from 'node:test'
import { Demonstration } from './demonstration.mjs'
import { checkPage, launch, person, program, totp, until } from './support.mjs'

// The demonstration is the same on both databases; the story plays on each (story.test.mjs).
const skip = (process.env.RELAIS_TEST_DATABASE ?? 'sqlite') !== 'sqlite'
const wide = { width: 1280, height: 900 }
const narrow = { width: 320, height: 700 }
const lastDigit = { fr: 4, en: 5 } // a number is promised one call
const noPages = {
  '/suivi/{token}': 'goes on to /suivi',
  '/suivi/pieces/{file}': 'a download',
  '/suivi/rappel.ics': 'a file for a calendar',
  '/console/': 'goes on to the queue',
  '/console/views/{id}': 'goes on to the queue',
  '/console/tickets/counts': 'a part of the queue, read again',
  '/console/views/counts': 'a part of the queue, read again',
  '/console/tickets/{reference}/presence': 'a part of the ticket, read again',
  '/console/tickets/{reference}/changes': 'a part of the ticket, read again',
  '/console/tickets/{reference}/pieces/{file}': 'a download',
  '/console/recherche/apercu': 'a part of every page, under the search box',
  '/console/alertes/nouvelles': 'a part of every page, read again',
  '/console/calls/current': 'a part of every page, read again',
  '/console/shares/feed': 'an Atom feed',
  '/console/stream': 'events without an end',
  '/partage/{token}': 'goes on to /partage',
  '/partage/flux/{token}': 'an Atom feed',
  '/partage/fichiers/{file}': 'a download',
  '/donnees-ouvertes/{file}': 'a download'
}
const access = JSON.parse(fs.readFileSync('config/access.json', 'utf8'))
const pages = access.routes.filter(({ verb, path }) => verb === 'GET' && !path.startsWith('/api/')).map(({ path }) => path)
const patterns = pages.filter(path => !noPages[path]).sort((one, other) => (one.match(/\{/g) ?? []).length - (other.match(/\{/g) ?? []).length)
const routeOf = url => patterns.find(path => new RegExp('^' + path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+') + '$').test(new URL(url).pathname))

let demo, browser
before(async () => {
  if (skip) return
  demo = await Demonstration.start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.close()
})

// Somebody's browser in a language: goes to pages and holds each against axe and against a narrow screen.
class Visitor {
  constructor (page, language, seen, faults) { Object.assign(this, { page, language, seen, faults }) }

  static async arrive (language, seen, faults, role) {
    const page = await person(browser, { viewport: wide })
    const one = new Visitor(page, language, seen, faults)
    if (role) await demo.signIn(page, role)
    await page.goto(`${demo.url}${role ? '/console/tickets' : '/'}?lang=${language}`)
    return one
  }

  async go (address, name) {
    const answer = await this.page.goto(new URL(address, demo.url).href)
    await this.check(name, answer.ok())
  }

  // The first link that matches on this page.
  async follow (selector, name) { await this.go(await this.page.locator(selector).first().getAttribute('href'), name) }

  async check (name = '', isAnswered = true) {
    const route = routeOf(this.page.url())
    if (route && isAnswered) this.seen.add(route)
    const where = `${this.language} ${route ?? this.page.url()} ${name}`.trim()
    const shown = await this.page.locator('html').getAttribute('lang')
    if (shown !== this.language) this.faults.push(`${where} is in ${shown}`)
    this.faults.push(...await checkPage(this.page, where.replaceAll('/', '-')))
    await this.page.setViewportSize(narrow)
    const over = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (over > 0) this.faults.push(`${where}: ${over} px wider than 320`)
    await this.page.setViewportSize(wide)
  }

  async press (selector, address) {
    await this.page.locator(selector).first().click()
    await this.page.waitForURL(address)
  }

  // No report of the content policy, no error of a script; the browser's own words on a refusal are none of ours.
  done () {
    this.faults.push(...this.page.reports.filter(text => !/Failed to load resource/.test(text)).map(text => `${this.language}: ${text}`))
    return this.page.context().close()
  }
}

async function contact (by) {
  const { page } = by
  const next = address => by.press('button[value=next]', '**' + address)
  await by.go('/contact')
  await page.locator('#requester-name').fill('Camille Dupont')
  await next('/contact/probleme')
  await page.locator('button[value=next]').click()
  await page.waitForSelector('#faults')
  await by.check('with faults')
  await page.locator('#procedure').selectOption('RENEWAL')
  await page.locator('#department').selectOption('33')
  await page.locator('#subject').fill('Photo refusée')
  await page.locator('#body').fill('Ma photo est refusée.')
  await next('/contact/pieces')
  await page.locator('#files').setInputFiles({ name: 'lettre.txt', mimeType: 'text/plain', buffer: Buffer.from('Bonjour à tous') })
  await by.press('button[value=attach]', '**/contact/pieces')
  await by.check()
  await next('/contact/reponse')
  await by.check()
  await page.locator('#requester-email').fill(`camille-${by.language}@example.test`)
  await page.locator('#requester-phone').fill('06 39 98 12 3' + lastDigit[by.language])
  await next('/contact/envoi')
  await by.check()
  await by.press('button[value=send]', '**/contact/recu')
  await by.check()
  await by.go('/suivi')
  await by.follow('a[href^="/suivi/pieces/"]')
  await by.go('/suivi/rappel')
  const slots = page.locator('input[name=slot_start]')
  await (by.language === 'fr' ? slots.first() : slots.last()).check({ force: true }) // two people do not share a seat
  await by.press('button[value=book]', '**/suivi?fait=rappel*')
  await by.check('with a callback')
}

async function callback (by) {
  const { page } = by
  await by.go('/rappel')
  await page.locator('#requester-name').fill('Aimée Césaire')
  await page.locator('#phone').fill('0696 12 34 5' + lastDigit[by.language])
  await page.locator('#department').selectOption('972')
  await page.locator('#procedure').selectOption('RENEWAL')
  await page.locator('#subject').fill('Ma demande n’avance plus')
  await by.press('button[value=next]', '**/rappel/creneau')
  await by.check()
  await page.locator('label.relais-slot input').first().check({ force: true })
  await by.press('button[value=book]', '**/rappel/confirmation*')
  await by.check()
}

async function mails (by) {
  const { page } = by
  const share = 'main a[href^="/demo/courriels/"]:text-matches("\\\\d{4}-W\\\\d{2}")'
  await until('the mail of the weekly share', async () => {
    await page.goto(demo.url + '/demo/courriels')
    return await page.locator(share).count() > 0
  })
  await by.check()
  await by.follow(share)
  await page.goto(new URL(await page.locator('main a[href*="/partage/"]').first().getAttribute('href'), demo.url).href)
  await by.check()
}

async function citizens (language, seen, faults) {
  const by = await Visitor.arrive(language, seen, faults)
  const stranger = await Visitor.arrive(language, seen, faults)
  for (const address of ['/suivi', '/suivi?envoi=1', '/contact/recu', '/connexion', '/partage', '/contact/envoi']) await stranger.go(address, 'as a stranger')
  await stranger.done()
  for (const address of ['/', '/aide', '/accessibilite', '/donnees-personnelles', '/mentions-legales', '/donnees-ouvertes', '/tri-des-messages', '/demo/codes']) await by.go(address)
  await by.go('/aide')
  await by.follow('main a[href^="/aide/"]')
  await by.go('/incidents')
  await by.follow('main a[href^="/incidents/"]')
  await by.go('/incidents/arret/' + 'a'.repeat(43))
  await contact(by)
  await callback(by)
  await mails(by)
  await by.done()
}

// What is refused: unknown, forbidden, no such verb, a form of another.
async function refusals (language, seen, faults) {
  const by = await Visitor.arrive(language, seen, faults)
  for (const address of ['/nulle-part', '/deconnexion', '/suivi/rappel', '/incidents/999999']) await by.go(address, 'refused')
  await by.page.goto(demo.url + '/contact')
  await by.page.locator('input[name=form_token]').first().evaluate(input => { input.value = 'x' })
  await by.page.locator('button[value=next]').click()
  await by.page.waitForLoadState()
  await by.check('with a form of another')
  await by.done()
  const agent = await Visitor.arrive(language, seen, faults, 'agent')
  for (const address of ['/console/roster', '/console/incidents/999999', '/console/tickets/26-AAAA-AAAA']) await agent.go(address, 'refused')
  await agent.done()
}

// Signs in up to the second factor, then enrols it.
async function signIn (language, seen, faults) {
  const enter = async (login, password, address) => {
    const by = await Visitor.arrive(language, seen, faults)
    await by.page.goto(demo.url + '/connexion')
    await by.page.locator('#login').fill(login)
    await by.page.locator('#password').fill(password)
    await by.press('main form button[type=submit]', `**${address}*`)
    await by.check()
    return by
  }
  const { login, password } = demo.account('agent')
  const known = await enter(login, password, '/connexion/code')
  await known.done()
  const secret = 'une phrase assez longue pour tenir'
  const added = spawnSync(program, ['user', 'add', 'nouveau-' + language, '--role', 'agent', '--full-name', 'Nouveau Venu', '--quality', 'conseiller', '--password-stdin', '--data', demo.data],
    { env: demo.env, input: secret + '\n', encoding: 'utf8' })
  assert.equal(added.status, 0, added.stderr)
  const by = await enter('nouveau-' + language, secret, '/connexion/inscription')
  await by.page.locator('#code').fill(totp((await by.page.locator('code.relais-reference').innerText()).trim()))
  await by.page.locator('main form button[type=submit]').click()
  await by.page.locator('.relais-codes').waitFor()
  await by.check('with the recovery codes')
  await by.done()
}

async function tickets (by) {
  const { page } = by
  await by.go('/console/tickets')
  await by.follow('.relais-queue__subject a')
  for (const each of await page.locator('details').all()) await each.evaluate(node => { node.open = true })
  await by.check('unfolded')
  await page.locator('#body').fill('Bonjour {nom}, vous n’avez rien à refaire.')
  await by.press('form:has(#body) button[formaction$=preview]', '**/preview')
  await by.check('of a reply')
  await page.goto(demo.url + '/console/tickets')
  for (let i = 0; i < 3; i++) await page.locator('tbody input[type=checkbox]').nth(i).check()
  await page.keyboard.press('p')
  await page.locator('#bulk-action').selectOption('answer')
  await page.locator('#bulk-body').fill('Bonjour {nom}, votre demande {référence} avance.')
  await by.press('form#bulk button[type=submit]', '**/bulk/preview')
  await by.check('of many')
  await by.press('main form button[type=submit]', /\/console\/bulk\/\d+/)
  await page.getByText('3 / 3').waitFor()
  await by.check()
  await by.go('/console/bulk')
  await by.go('/console/recherche?q=permis')
  await by.go('/console/dossiers')
  await page.locator('#name').fill('martin')
  await page.locator('main form button[type=submit]').click()
  await page.locator('main table a').first().waitFor()
  await by.check('found')
  await by.follow('main table a')
  await by.go('/console/courriers')
}

async function agents (language, seen, faults) {
  const by = await Visitor.arrive(language, seen, faults, 'agent')
  await tickets(by)
  for (const address of ['/console/alertes', '/console/answers', '/console/incidents', '/console/calls', '/console/callbacks', '/console/compte', '/console/figures/mine']) await by.go(address)
  await by.page.goto(demo.url + '/console/answers')
  await by.follow('main a[href^="/console/answers/"]')
  await by.page.goto(demo.url + '/console/calls')
  await by.follow('main td a[href^="/console/calls/"]')
  await by.page.goto(demo.url + '/console/callbacks')
  await by.follow('main td a[href^="/console/callbacks/"]')
  await by.done()
}

async function resolvers (language, seen, faults) {
  const by = await Visitor.arrive(language, seen, faults, 'resolver')
  const { data } = await demo.api(demo.token('resolver'), 'GET', '/api/v1/incidents?limit=100')
  const largest = '/console/incidents/' + data.items.reduce((one, other) => other.tickets > one.tickets ? other : one).number
  for (const address of ['/console/incidents', '/console/incidents?state=watched', largest, largest + '/tickets', largest + '/dossiers', largest + '/pack']) await by.go(address)
  await by.done()
}

// The first ticket drawn for review that nobody has read yet, this week's or an earlier one's.
async function unread (page) {
  for (let week = 0; week < 6; week++) {
    const list = page.url()
    for (const address of await page.locator('main th a[href^="/console/reviews/"][data-relais-row]').evaluateAll(links => links.map(each => each.getAttribute('href')))) {
      await page.goto(demo.url + address)
      if (await page.locator('main form').count() > 0) return address
    }
    await page.goto(list)
    await page.goto(demo.url + await page.locator('main a[data-relais-key=p]').getAttribute('href'))
  }
  throw new Error('every ticket drawn for review has been read')
}

async function supervisors (language, seen, faults) {
  const by = await Visitor.arrive(language, seen, faults, 'supervisor')
  for (const address of ['/console/callbacks/figures', '/console/calls/figures', '/console/calls/staffing', '/console/roster', '/console/telephony', '/console/figures', '/console/figures/live', '/console/figures/agents/1', '/console/equipes', '/console/answers']) await by.go(address)
  await by.follow('main a[href^="/console/answers/"]', 'as who writes it')
  await by.go('/console/reviews')
  await by.page.goto(demo.url + await unread(by.page))
  await by.check('to be filled in')
  if (language === 'en') { // a small demonstration has but one left
    for (const each of await by.page.locator('main input[type=radio][value=no]').all()) await each.check({ force: true })
    await by.press('main form button[type=submit]', '**/console/reviews/*?done=1')
    await by.check('read again')
  }
  await by.go('/console/rules/new')
  await by.page.locator('#title').fill('Permis perdu')
  await by.page.locator('#event').selectOption('opened')
  await by.page.locator('#note').fill('Déclaration de perte à demander')
  await by.press('button[formaction="/console/rules/trial"]', '**/rules/trial')
  await by.check('tried')
  await by.press('form.relais-rule button:not([formaction])', /rules\/\d+\?done/)
  await by.check()
  await by.go('/console/rules')
  await by.done()
}

async function admins (language, seen, faults) {
  const by = await Visitor.arrive(language, seen, faults, 'admin')
  await by.go('/console/registre')
  await by.done()
}

async function owners (language, seen, faults) {
  const by = await Visitor.arrive(language, seen, faults, 'owner')
  await by.go('/console/shares')
  const weeks = await by.page.locator('main th a[href^="/console/shares/20"]').evaluateAll(links => links.map(each => each.textContent))
  await by.follow('main th a[href^="/console/shares/20"]')
  await by.go(`/console/shares/comparison?one=${weeks[1]}&other=${weeks[0]}`)
  await by.done()
}

test('every route that is no page says why, and is one', () => {
  for (const path of Object.keys(noPages)) assert.ok(pages.includes(path), `${path} is no route of config/access.json`)
})

for (const language of ['fr', 'en']) {
  test(`every page passes axe and fits a telephone, in ${language}`, { skip }, async () => {
    const seen = new Set()
    const faults = []
    for (const walk of [citizens, refusals, signIn, agents, resolvers, supervisors, admins, owners]) await walk(language, seen, faults).catch(error => faults.push(error.stack))
    assert.deepEqual(faults, [])
    assert.deepEqual(patterns.filter(path => !seen.has(path)), [], 'nobody has been to these pages')
  })
}
