// SPDX-License-Identifier: EUPL-1.2
// The product owner's story: the mail that leaves on Monday, a decision through its link, the resolver who sees it, the next Monday.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { checkPage, launch, person, Site, totp, until } from './support.mjs'

const kind = process.env.RELAIS_TEST_DATABASE ?? 'sqlite'
const password = 'une phrase assez longue pour tenir'
const owner = 'moa@example.test', deputy = 'adjointe@example.test'
let site, browser
before(async () => {
  // A Thursday. The clock of the private MariaDB stays the machine's.
  site = await Site.start(kind, { at: '2026-11-26T09:00:00Z', environment: { RELAIS_SHARE_DATABASE_CLOCK: String(kind === 'sqlite') } })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await site?.close()
})

async function api (token, address, body) {
  const answer = await fetch(site.url + '/api/v1' + address, {
    method: 'POST', headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }, body: JSON.stringify(body)
  })
  const data = await answer.json()
  assert.ok(answer.ok, `${address}: ${JSON.stringify(data)}`)
  return data
}

function textOfPages (pdf) {
  const done = spawnSync('pdftotext', ['-', '-'], { input: pdf, maxBuffer: 1 << 26 })
  assert.equal(done.status, 0, `pdftotext: ${done.error ?? done.stderr}`)
  return done.stdout.toString().split('\f').filter(each => each.trim() !== '')
}

function account (login, role, email) {
  site.command(['user', 'add', login, '--role', role, '--full-name', 'Nom de ' + login, '--quality', 'test', '--email', email, '--password-stdin'],
    password + '\n')
}

async function signIn (login) {
  const page = await person(browser, { viewport: { width: 1280, height: 900 } })
  await page.goto(site.url + '/console/incidents')
  await page.locator('#login').fill(login)
  await page.locator('#password').fill(password)
  await page.getByRole('button').filter({ hasText: /continuer|suivant|connecter/i }).first().click()
  await page.waitForURL('**/connexion/inscription*')
  await page.locator('#code').fill(totp((await page.locator('code.relais-reference').innerText()).trim(), site.now()))
  await page.locator('main form button[type=submit]').click()
  await page.waitForLoadState()
  return page
}

async function incidentOfThursday (token) {
  const made = await api(token, '/incidents', { title: 'Photo refusée au dépôt', nature: 'legal_case_not_covered', cause_owner: 'NATIONAL_SYSTEM', description: 'x' })
  for (let i = 0; i < 12; ++i) {
    const ticket = await api(token, '/tickets', {
      channel: 'web_form', requester: { name: 'Luc Durand', email: `citoyen${i}@example.test` }, procedure: 'RENEWAL', department: i < 6 ? '59' : '974',
      subject: 'Photo', body: 'La photo est refusée, cas numéro ' + i
    })
    await api(token, `/tickets/${ticket.reference}/incident`, { incident: made.number })
  }
  await api(token, `/incidents/${made.number}/confirmation`, { severity: 'critical' })
  await api(token, `/incidents/${made.number}/escalation`, {})
  return made.number
}

async function mailOf (week, to = owner) {
  const mail = await until(`the mail of ${week} to ${to}`, () => site.mailsTo(to).find(each => each.subject.includes(week)), 60000)
  return { mail, link: mail.text.match(/http:\/\/\S+\/partage\/[\w-]{43}/)[0] }
}

test('the owner opens the link of the mail, decides, the resolver sees it, and next week it is first in the list', async () => {
  account('helene', 'owner', owner)
  account('claire', 'owner', deputy)
  account('paul', 'resolver', 'paul@example.test')
  account('sophie', 'supervisor', 'sophie@example.test')
  const token = site.command(['token', 'add', 'test', '--role', 'resolver', '--rate', '0'])
  const number = await incidentOfThursday(token)

  site.travel('2026-11-30T07:01:00Z') // Monday, 8:01 in Paris
  const { mail, link } = await mailOf('2026-W48')
  assert.match(mail.text, /Photo refusée au dépôt/)
  assert.match(mail.text, /Cas prévus par la loi/)
  assert.equal(mail.attachments[0].name, 'partage-2026-W48.xlsx')

  const reader = await person(browser, { viewport: { width: 1280, height: 900 } })
  await reader.goto(link)
  assert.equal(reader.url(), site.url + '/partage') // the token has left the address bar
  const faults = await checkPage(reader, 'share')
  // The drawings are made from the tables beneath them, by the library, under the page's policy.
  await reader.locator('figure[data-table=share-weeks] .ct-chart-bar .ct-bar').first().waitFor({ state: 'attached' }) // a line has no width
  await reader.locator('figure[data-table=share-weeks] .ct-chart-line').waitFor()
  const section = reader.locator(`#incident-${number}`)
  // The departments hit by five persons at least: drawn where they lie, and overseas as tiles.
  await section.locator('.relais-share__map use[href$="#d-59"]').first().waitFor({ state: 'attached' })
  assert.ok(await section.locator('.relais-share__map svg[role=img]').isVisible())
  assert.match(await section.locator('.relais-share__map .relais-tile', { hasText: '974' }).innerText(), /Réunion\s+6/)
  if (process.env.RELAIS_PICTURES) await section.locator('.relais-share__map').screenshot({ path: `${process.env.RELAIS_PICTURES}/partage-carte.png` })
  // On paper: every incident in one table, and the sheet of those that are unfolded; formulas and what serves to act stay on the screen.
  const table = reader.getByRole('heading', { name: 'Les incidents', exact: true })
  assert.equal(await table.isVisible(), false)
  await reader.emulateMedia({ media: 'print' })
  assert.ok(await table.isVisible())
  assert.equal(await reader.locator('#figures details').first().isVisible(), false)
  assert.ok(await section.locator('.relais-chart, .relais-figures').first().isVisible())
  await section.evaluate(each => { each.open = false })
  assert.equal(await section.isVisible(), false)
  await section.evaluate(each => { each.open = true })
  assert.equal(await section.getByText('Décider', { exact: false }).first().isVisible(), false)
  const pages = textOfPages(await reader.pdf({ preferCSSPageSize: true }))
  assert.ok(pages.length >= 2 && pages.length <= 4, `${pages.length} pages on paper`)
  for (const [index, text] of pages.entries()) assert.match(text, new RegExp(`${index + 1} ?/ ?${pages.length}\\s*$`), 'each page has its number')
  await reader.emulateMedia({ media: null })
  await section.getByText('Décider', { exact: false }).first().click()
  await section.getByLabel('Prioriser').check({ force: true })
  await section.getByLabel('Votre texte').fill('Avant les vacances')
  await section.getByRole('button', { name: 'Enregistrer la décision' }).click()
  await reader.getByText('Décision enregistrée').waitFor()
  await reader.getByRole('button', { name: 'J’ai pris connaissance' }).click()
  await reader.getByText('Prise en compte enregistrée').waitFor()

  // The other owner has a link of her own: it opens the share in her name, and neither sends the other's form.
  const second = await mailOf('2026-W48', deputy)
  assert.notEqual(second.link, link)
  const other = await person(browser, { viewport: { width: 1280, height: 900 } })
  await other.goto(second.link)
  const readerOf = page => page.getByText('Partage adressé à').innerText()
  assert.notEqual(await readerOf(other), await readerOf(reader))
  const tokenOf = page => page.locator('input[name=form_token]').first().inputValue()
  const tokens = { first: await tokenOf(reader), second: await tokenOf(other) }
  assert.notEqual(tokens.first, tokens.second)
  for (const [page, foreign] of [[other, tokens.first], [reader, tokens.second]]) {
    const address = page === other ? second.link : link
    await page.locator(`#incident-${number} summary`).filter({ hasText: 'Décider' }).click()
    const form = page.locator(`#incident-${number} form`)
    await form.locator('input[name=form_token]').evaluate((input, value) => { input.value = value }, foreign)
    await form.getByLabel('Rejeter', { exact: true }).check({ force: true })
    await form.getByLabel('Votre texte').fill('Au nom d’une autre')
    const [answer] = await Promise.all([page.waitForResponse(each => each.request().method() === 'POST'),
      form.getByRole('button', { name: 'Enregistrer la décision' }).click()])
    assert.equal(answer.status(), 403)
    await page.goto(address)
    assert.equal(await page.getByText('Au nom d’une autre').count(), 0)
  }

  // A link with one letter changed, and the reader's page without the link.
  const stranger = await person(browser)
  const last = link.at(-1) === 'A' ? 'B' : 'A'
  for (const address of [link.slice(0, -1) + last, site.url + '/partage', site.url + '/partage/fichiers/partage.xlsx'])
    assert.equal((await stranger.goto(address)).status(), 404)

  const resolver = await signIn('paul')
  await resolver.goto(`${site.url}/console/incidents/${number}`)
  await resolver.getByText('Avant les vacances').first().waitFor()
  await resolver.getByLabel('Réponse de l’équipe de résolution').fill('Nous le ferons')
  await resolver.getByRole('button', { name: 'Répondre' }).click()
  await resolver.getByText('Nous le ferons').first().waitFor()

  // A supervisor sees whose links are open, and ends one: it opens nothing any more, and the other still does.
  const supervisor = await signIn('sophie')
  await supervisor.goto(`${site.url}/console/shares/2026-W48`)
  const links = supervisor.locator('#share-links')
  assert.equal(await links.getByRole('button').count(), 2)
  for (const width of [320, 1280]) {
    await supervisor.setViewportSize({ width, height: 900 })
    faults.push(...await checkPage(supervisor, `share-supervisor-${width}`))
  }
  await links.getByRole('button', { name: deputy }).click()
  await links.getByText('révoqué le').waitFor()
  assert.equal(await links.getByRole('button').count(), 1)
  faults.push(...await checkPage(supervisor, 'share-link-ended'), ...supervisor.reports)
  assert.equal((await other.goto(second.link)).status(), 404)
  assert.equal((await reader.goto(link)).status(), 200)

  site.travel('2026-12-07T07:01:00Z')
  const next = await mailOf('2026-W49')
  await reader.goto(next.link)
  const first = reader.locator('.relais-share__section').first()
  assert.match(await first.innerText(), /Avant les vacances/)
  assert.match(await first.innerText(), /Prioriser/)
  faults.push(...await checkPage(reader, 'share-next'))
  assert.deepEqual(faults, [])
  assert.deepEqual(reader.reports.filter(text => !/40[34]/.test(text)), [])
})
