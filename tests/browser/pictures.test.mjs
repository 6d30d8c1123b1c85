// SPDX-License-Identifier: EUPL-1.2
// The pictures of the guides, taken again from the demonstration: RELAIS_PICTURES=docs/images node --test tests/browser/pictures.test.mjs
// (the map of a share, from share.test.mjs likewise)
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { Demonstration } from './demonstration.mjs'
import { launch, person, until } from './support.mjs'

// The demonstration is the same on both databases.
const skip = (process.env.RELAIS_TEST_DATABASE ?? 'sqlite') !== 'sqlite'
const folder = process.env.RELAIS_PICTURES ?? fs.mkdtempSync(path.join(os.tmpdir(), 'relais-pictures-'))
const wide = { width: 1280, height: 900 }
const narrow = { width: 360, height: 760 }
const highest = 2200 // px: below, a guide shows nothing that its reader looks for
let demo, browser
before(async () => {
  if (skip) return
  demo = await Demonstration.start({ dossiers: 20000, tickets: 3000 })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.close()
  if (!process.env.RELAIS_PICTURES) fs.rmSync(folder, { recursive: true, force: true })
})

async function take (page, name) {
  const { width } = page.viewportSize()
  const height = Math.min(highest, await page.evaluate(() => document.documentElement.scrollHeight))
  await page.screenshot({ path: path.join(folder, name + '.png'), fullPage: true, clip: { x: 0, y: 0, width, height } })
}

// Opens pages of the console one after the other, following the first link of each selector.
async function visit (role, pages) {
  const page = await person(browser, { viewport: wide })
  await demo.signIn(page, role)
  for (const [name, address, ...links] of pages) {
    await page.goto(demo.url + address)
    for (const link of links) await page.goto(demo.url + await page.locator(link).first().getAttribute('href'))
    await take(page, name)
  }
  return page
}

// What agents do at the queue and at a ticket before they send.
async function write () {
  const page = await visit('agent', [['console-queue', '/console/tickets']])
  await page.keyboard.press('?')
  await page.locator('#keys[open]').waitFor()
  await take(page, 'console-keys')
  await page.goto(demo.url + '/console/tickets')
  for (let i = 0; i < 12; i++) await page.locator('tbody input[type=checkbox]').nth(i).check()
  await page.keyboard.press('p')
  await page.locator('#bulk-action').selectOption('answer')
  await page.locator('#bulk-body').fill('Bonjour {nom}, votre demande {référence} avance.')
  await page.locator('form#bulk button[type=submit]').click()
  await page.waitForURL('**/bulk/preview')
  await take(page, 'console-bulk')
  await page.locator('form[action="/console/bulk"] button[type=submit]').click()
  await page.waitForURL(/console\/bulk\/\d+/)
  await page.waitForFunction(() => { const bar = document.querySelector('#bar'); return bar && bar.value > 0 })
  await take(page, 'console-bulk-progress')
  await page.goto(demo.url + '/console/tickets')
  await page.goto(demo.url + await page.locator('.relais-queue__subject a').nth(3).getAttribute('href'))
  await page.locator('#body').fill('Bonjour, votre dossier est complet. Il sera traité avant la fin de la semaine.')
  await page.locator('form:has(#body) button[formaction$=preview]').click()
  await page.waitForURL('**/preview')
  await take(page, 'console-preview')
}

async function next (page, step) {
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.waitForURL('**' + step)
}

async function contact () {
  const page = await person(browser, { viewport: narrow })
  await page.goto(demo.url + '/contact')
  await take(page, 'contact-1')
  await page.getByLabel(/nom/i).first().fill('Zoé N’Diaye-Lefèvre')
  await page.locator('#subject_person-birth_name').fill('N’Diaye')
  await page.locator('#subject_person-first_names').fill('Zoé')
  await page.locator('#subject_person-birth_date').fill('00/00/1991')
  await next(page, '/contact/probleme')
  await page.locator('#procedure').selectOption('REGISTRATION')
  await page.locator('#department').selectOption('974')
  await page.locator('#subject').fill('Date de naissance refusée')
  await page.locator('#body').fill('Bonjour, le site du code refuse ma date de naissance 00/00/1991. J’attends depuis quatre mois.')
  await next(page, '/contact/pieces')
  await next(page, '/contact/reponse')
  await page.locator('#requester-email').fill('zoe.exemple.test')
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.waitForSelector('#faults')
  await take(page, 'contact-4-faults')
  await page.locator('#requester-email').fill('zoe@example.test')
  await next(page, '/contact/envoi')
  await page.locator('button[name=go][value=send]').click()
  await page.waitForURL('**/contact/recu')
  await take(page, 'contact-recu')
  await page.goto(await page.locator('#follow-up-link').getAttribute('href'))
  await take(page, 'suivi')
}

async function callback () {
  const page = await person(browser, { viewport: wide })
  await page.goto(demo.url + '/rappel')
  await page.locator('#requester-name').fill('Aimée Césaire')
  await page.locator('#phone').fill('0696 12 34 56')
  await page.locator('#department').selectOption('972')
  await page.locator('#requester-email').fill('aimee@example.test')
  await page.locator('#procedure').selectOption('RENEWAL')
  await page.locator('#subject').fill('Ma demande n’avance plus')
  await page.locator('button[value=next]').click()
  await page.waitForURL('**/rappel/creneau')
  await take(page, 'rappel-creneau')
  await page.locator('label.relais-slot input').first().check({ force: true })
  await page.locator('button[value=book]').click()
  await page.waitForURL('**/rappel/confirmation*')
  await take(page, 'rappel-promis')
}

async function busiest () {
  const { data } = await demo.api(demo.token('resolver'), 'GET', '/api/v1/incidents?limit=100')
  return data.items.reduce((one, other) => other.tickets > one.tickets ? other : one).number
}

async function rule () {
  const page = await visit('supervisor', [])
  await page.goto(demo.url + '/console/rules/new')
  await page.locator('#title').fill('Permis perdu : à l’équipe du centre')
  await page.locator('#event').selectOption('opened')
  await page.locator('details#procedures summary').click()
  await page.locator('#procedures-LOSS').check({ force: true })
  await page.locator('#set_team').selectOption('charleville')
  await page.locator('button[formaction$=trial]').click()
  await page.waitForURL('**/rules/trial')
  await take(page, 'console-rule')
}

// What those who lead watch: a rule alerts them of a ticket that has just come.
async function oversee () {
  const rule = { title: 'Permis perdu : prévenir', event: 'opened', procedures: ['LOSS'], alert: true }
  const added = await demo.api(demo.token('supervisor'), 'POST', '/api/v1/rules', rule)
  assert.equal(added.status, 201)
  const opened = await demo.api(demo.token('agent'), 'POST', '/api/v1/tickets', {
    channel: 'web_form',
    requester: { name: 'Zoé N’Diaye-Lefèvre', email: 'zoe@example.test' },
    subject_person: { birth_name: 'N’Diaye', first_names: 'Zoé', birth_date: '1991-00-00' },
    procedure: 'LOSS',
    department: '974',
    subject: 'Permis perdu à l’étranger',
    body: 'Bonjour, j’ai perdu mon permis en voyage et je reprends le travail lundi.'
  })
  assert.equal(opened.status, 201)
  const page = await visit('supervisor', [
    ['console-figures-live', '/console/figures/live'],
    ['console-rules', '/console/rules'],
    ['console-teams', '/console/equipes']
  ])
  await page.goto(demo.url + '/console/figures/live')
  await page.locator('.relais-charts').screenshot({ path: path.join(folder, 'console-figures-curves.png') })
  await until('the alert', async () => {
    await page.goto(demo.url + '/console/alertes')
    return await page.locator('#notices li').count() > 0
  }, 60000)
  await take(page, 'console-alerts')
  await visit('admin', [['console-registry', '/console/registre']])
}

async function search () {
  const page = await person(browser, { viewport: wide })
  await demo.signIn(page, 'agent')
  await until('the full text', async () => {
    await page.goto(demo.url + '/console/recherche?q=photo')
    return await page.locator('.relais-found li').count() > 0
  }, 60000)
  await take(page, 'console-search')
}

// The first page of a PDF that holds this text, as a picture (poppler-utils).
function takePaper (file, text, name) {
  const pages = spawnSync('pdftotext', ['-layout', file, '-'], { maxBuffer: 1 << 26 }).stdout.toString().split('\f')
  const number = pages.findIndex(each => each.includes(text)) + 1
  assert.ok(number > 0, `no page of ${file} says ${text}`)
  const done = spawnSync('pdftoppm', ['-png', '-r', '80', '-singlefile', '-f', number, '-l', number, file, path.join(folder, name)])
  assert.equal(done.status, 0, `pdftoppm: ${done.error ?? done.stderr}`)
}

// What a share says of one incident: the one whose curve is the longest.
async function sheet (page) {
  const incidents = page.locator('details.relais-share__incident')
  const weeks = await incidents.evaluateAll(all => all.map(each => each.querySelectorAll('table[id^="stretches-"] tbody tr').length))
  const incident = incidents.nth(weeks.indexOf(Math.max(...weeks)))
  await incident.evaluate(each => { each.open = true })
  await incident.screenshot({ path: path.join(folder, 'partage-incident.png') })
}

// A share on paper, and its workbook as a spreadsheet prints it: LibreOffice, where it is installed.
async function paper (page, scratch) {
  const printed = path.join(scratch, 'share.pdf')
  fs.writeFileSync(printed, await page.pdf({ preferCSSPageSize: true }))
  takePaper(printed, 'La semaine en bref', 'partage-papier-1')
  takePaper(printed, 'Contournement :', 'partage-papier-fiches')
  const workbook = await page.locator('a[href$=".xlsx"]').first().getAttribute('href')
  fs.writeFileSync(path.join(scratch, 'workbook.xlsx'), await (await page.request.get(demo.url + workbook)).body())
  const office = spawnSync('soffice', ['-env:UserInstallation=file://' + path.join(scratch, 'home'), '--headless', '--convert-to', 'pdf',
    '--outdir', scratch, path.join(scratch, 'workbook.xlsx')])
  if (office.error) return false
  assert.equal(office.status, 0, String(office.stderr))
  takePaper(path.join(scratch, 'workbook.pdf'), 'Par canal', 'partage-classeur')
  return true
}

test('every picture of the guides can be taken again', { skip }, async t => {
  await contact()
  await callback()
  await visit('agent', [
    ['console-ticket', '/console/tickets', '.relais-queue__subject a'],
    ['console-dossier', '/console/tickets', 'tr:not(:has-text("aucun dossier")) .relais-queue__subject a', 'main a[href^="/console/dossiers/"]'],
    ['console-callbacks', '/console/callbacks'],
    ['console-callback', '/console/callbacks', 'main a[href^="/console/callbacks/"]'],
    ['console-letters', '/console/courriers'],
    ['console-calls', '/console/calls'],
    ['console-call', '/console/calls', 'main td a[href^="/console/calls/"]']
  ])
  await write()
  await search()
  await rule()
  await oversee()
  await visit('supervisor', [
    ['console-answer', '/console/answers', 'main a[href^="/console/answers/"]'],
    ['console-call-figures', '/console/calls/figures'],
    ['console-staffing', '/console/calls/staffing'],
    ['console-telephony', '/console/telephony'],
    ['console-reviews', '/console/reviews'],
    ['console-review', '/console/reviews', 'main th a[href^="/console/reviews/"]']
  ])
  await visit('resolver', [
    ['incidents', '/console/incidents'],
    ['incident', '/console/incidents/' + await busiest()]
  ])
  const share = await visit('owner', [['partage', '/console/shares', 'main th a[href^="/console/shares/20"]']])
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-paper-'))
  const hasOffice = await paper(share, scratch)
  await sheet(share)
  fs.rmSync(scratch, { recursive: true, force: true })
  if (!hasOffice) t.diagnostic('soffice is not installed: the pictures of the workbook are not taken')
  const taken = [...fs.readdirSync(folder), 'partage-carte.png'] // share.test.mjs: no incident here has a department of five persons
  for (const text of ['README.md', ...fs.readdirSync('docs').filter(each => each.endsWith('.md')).map(each => 'docs/' + each)]) {
    for (const [, name] of fs.readFileSync(text, 'utf8').matchAll(/images\/([\w-]+\.png)/g)) assert.ok(taken.includes(name) || (!hasOffice && name === 'partage-classeur.png'), `${text} shows ${name}`)
  }
})
