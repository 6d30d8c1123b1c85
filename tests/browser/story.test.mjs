// SPDX-License-Identifier: EUPL-1.2
// The whole story: a citizen writes, is acknowledged, an agent answers, the citizen reads and writes back. RELAIS_TEST_DATABASE chooses.
// It is played as most people live it, then on two telephones, without scripts, and without a pointer.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { checkPage, keyboard, launch, person, pointer, Site, totp, until } from './support.mjs'

const kind = process.env.RELAIS_TEST_DATABASE ?? 'sqlite'
const password = 'une phrase assez longue pour tenir'
let site, browser
before(async () => {
  site = await Site.start(kind, { environment: { RELAIS_FORMS_PROOF_OF_WORK_FROM: '20' } }) // all write from one address
  knowDossiers('UNDER_ASSESSMENT')
  browser = await launch()
})

// The dossiers of the mission's file: one for each way of living the story.
function knowDossiers (status) {
  const file = path.join(site.folder, 'dossiers.csv')
  const lines = Array.from({ length: 9 }, (_, at) => `PC202600000${at + 1};N’Diaye;Zoé;1991-00-00;REGISTRATION;${status};2026-10-01;974;2026-11-20T08:00:00Z`)
  fs.writeFileSync(file, 'number;birth_name;first_names;birth_date;procedure;status;status_since;department;updated_at\n' + lines.join('\n') + '\n')
  site.command(['import', 'dossiers', file])
}
after(async () => {
  await browser?.close()
  await site?.close()
  if (site) assert.equal(site.status, 0, 'the server drains and ends well')
})

const attested = 'Attestation de présence, écrite à la main.\n'
const next = 'button[name=go][value=next]'

// One way of living the story: `hands` work the pages, `see` notes what is wrong with a page. alone: the citizen and the agent are one
// person at one screen, as whoever discovers Relais is.
let told = 0
class Story {
  constructor (name, { hands = pointer, citizen = {}, agent = { viewport: { width: 1280, height: 900 } }, alone = false, see = () => {} } = {}) {
    Object.assign(this, { name, hands, citizenOptions: citizen, agentOptions: agent, alone, see, email: `zoe-${name}@example.test`, login: 'camille-' + name })
    this.isFirst = told === 0
    this.dossier = `PC202600000${++told}`
  }

  async press (page, selector, address) {
    await this.hands.press(page, selector)
    await page.waitForURL(address)
  }

  // Fills the form up to its last page. The first try of the fourth step has a wrong mail address.
  async fillContact (page) {
    const { hands } = this
    await page.goto(site.url + '/contact')
    await this.see(page, 'contact-1')
    await hands.fill(page, '#requester-name', 'Zoé N’Diaye-Lefèvre')
    await hands.fill(page, '#subject_person-birth_name', 'N’Diaye')
    await hands.fill(page, '#subject_person-first_names', 'Zoé')
    await hands.fill(page, '#subject_person-birth_date', '00/00/1991')
    await this.press(page, next, '**/contact/probleme')
    await this.see(page, 'contact-2')
    await hands.choose(page, '#procedure', 'REGISTRATION')
    await hands.choose(page, '#department', '974')
    await hands.fill(page, '#subject', 'Date de naissance refusée')
    await hands.fill(page, '#body', 'Bonjour, le site du code refuse ma date de naissance 00/00/1991. J’attends depuis quatre mois.')
    await hands.fill(page, '#portal-message', 'date invalide')
    assert.deepEqual([await page.locator('#procedure').inputValue(), await page.locator('#department').inputValue()], ['REGISTRATION', '974'])
    await this.press(page, next, '**/contact/pieces')
    await this.see(page, 'contact-3')
    await hands.fill(page, '#dossier_number', this.dossier)
    const letter = path.join(site.folder, 'justificatif.txt')
    fs.writeFileSync(letter, attested)
    await hands.attach(page, '#files', letter)
    await this.press(page, next, '**/contact/reponse')
    await this.see(page, 'contact-4')
    await hands.fill(page, '#requester-email', `zoe-${this.name}.exemple.test`)
    await hands.fill(page, '#requester-phone', '0692 12 34 56')
    await hands.press(page, next)
    await page.waitForSelector('#faults')
    await this.see(page, 'contact-4-faults')
    assert.equal(await page.locator('#requester-phone').inputValue(), '0692 12 34 56', 'what was typed is kept')
    await this.press(page, '#faults a', '**/contact/reponse#requester-email')
    await hands.correct(page, '#requester-email', this.email)
    await this.press(page, next, '**/contact/envoi')
    await this.see(page, 'contact-5')
  }

  async sendContact (page) {
    await this.fillContact(page)
    await this.press(page, 'button[name=go][value=send]', '**/contact/recu')
    await this.see(page, 'contact-recu')
    return {
      reference: (await page.locator('#reference').innerText()).trim(),
      link: await page.locator('#follow-up-link').getAttribute('href')
    }
  }

  async acknowledged ({ reference, link }) {
    const [mail] = await until('the acknowledgement', () => site.mailsTo(this.email).length > 0 && site.mailsTo(this.email))
    assert.ok(mail.text.includes(reference), 'the acknowledgement names the reference')
    assert.ok(mail.text.includes(link), 'and the follow-up link')
    assert.ok(!mail.text.includes('quatre mois') && !mail.subject.includes('naissance'), 'and nothing that the sender chose')
    assert.ok(mail.headers.some(({ line }) => /^Auto-Submitted: auto-replied/i.test(line)))
  }

  async signIn (page) {
    site.command(['user', 'add', this.login, '--role', 'agent', '--full-name', 'Camille Martin', '--quality', 'conseillère', '--password-stdin'], password + '\n')
    await page.goto(site.url + '/console/tickets')
    await this.hands.fill(page, '#login', this.login)
    await this.hands.fill(page, '#password', password)
    await this.press(page, 'main form button[type=submit]', '**/connexion/inscription*')
    const seed = (await page.locator('code.relais-reference').innerText()).trim()
    await this.hands.fill(page, '#code', totp(seed))
    await this.hands.press(page, 'main form button[type=submit]')
    await page.locator('.relais-codes').waitFor()
    await this.press(page, 'main .relais-actions a', '**/console/tickets')
  }

  // Finds the request in the queue, reads it with the file that came with it, and answers.
  async answer (page, reference, words) {
    await this.see(page, 'console-queue')
    if (this.isFirst) assert.ok((await page.locator('main table tbody tr').first().innerText()).includes(reference), 'it is at the top of the queue')
    await this.press(page, `main a[href$="${reference}"]`, '**/console/tickets/' + reference)
    await this.see(page, 'console-ticket')
    const beside = await page.locator('section:has(> #dossier-title)').innerText()
    assert.ok(beside.includes(this.dossier) && beside.includes('instruction'), 'it is read beside its dossier: ' + beside)
    const file = page.locator('main a[href*="/pieces/"]', { hasText: 'justificatif.txt' })
    const download = await page.request.get(site.url + await file.getAttribute('href'))
    assert.equal(await download.text(), attested, 'the agent reads what the citizen attached')
    await this.hands.fill(page, '#body', words)
    await this.press(page, 'form:has(#body) button[type=submit]', '**done=replied')
    assert.ok(await page.getByText(words).first().isVisible())
  }

  async writeBack (page, link, words) {
    await page.goto(link)
    await page.waitForURL('**/suivi')
    await this.see(page, 'suivi')
    assert.ok(await page.getByText(words).isVisible())
    await this.hands.fill(page, '#body', 'Merci beaucoup, cela fonctionne !')
    await this.press(page, 'form:has(#body) button[type=submit]', '**/suivi?fait=message**')
    assert.ok(await page.locator('.relais-prose', { hasText: 'cela fonctionne' }).isVisible())
  }

  async play () {
    const citizen = await person(browser, this.citizenOptions)
    const sent = await this.sendContact(citizen)
    assert.match(sent.reference, /^\d\d-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
    await this.acknowledged(sent)

    const agent = this.alone ? citizen : await person(browser, this.agentOptions)
    await this.signIn(agent)
    const words = 'Bonjour Madame, votre date de naissance est acceptée depuis ce matin. Vous pouvez réserver votre examen.'
    await this.answer(agent, sent.reference, words)
    const [, reply] = await until('the answer by mail', () => site.mailsTo(this.email).length > 1 && site.mailsTo(this.email))
    assert.ok(reply.text.includes('acceptée depuis ce matin'))
    assert.ok(reply.text.includes('Camille Martin'), 'the citizen knows who answered')

    await this.writeBack(citizen, sent.link, words)
    await agent.goto(site.url + '/console/tickets/' + sent.reference)
    assert.ok(await agent.locator('.relais-prose', { hasText: 'cela fonctionne' }).isVisible())
    assert.deepEqual([...citizen.reports, ...agent.reports], [], 'no report of the content policy, no error of a script')
  }
}

test('a citizen writes, an agent answers, the citizen reads and writes back', async () => {
  const faults = []
  const see = async (page, name) => faults.push(...await checkPage(page, name))
  await new Story('bureau', { see }).play()
  assert.deepEqual(faults, [])
})

test('the same on two telephones of 360 px, where no page is wider than the screen', async () => {
  const faults = []
  const see = async (page, name) => {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (over > 0) faults.push(`${name}: ${over} px wider than the screen`)
  }
  await new Story('telephone', { see, agent: {} }).play()
  assert.deepEqual(faults, [])
})

test('the same by one person in one browser, who is signed in while writing back', async () => {
  await new Story('seul', { citizen: { viewport: { width: 1280, height: 900 } }, alone: true }).play()
})

test('the same without scripts, for both', async () => {
  await new Story('sans-script', { citizen: { javaScriptEnabled: false }, agent: { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false } }).play()
})

test('the same with Tab, Enter and the space bar alone, for both', { timeout: 180000 }, async () => {
  await new Story('clavier', { hands: keyboard }).play()
})

test('the form works without scripts', async () => {
  const page = await person(browser, { javaScriptEnabled: false })
  await page.goto(site.url + '/contact')
  await page.locator('#requester-name').fill('Jean Petit')
  await page.locator('button[value=next]').click()
  await page.waitForURL('**/contact/probleme')
  await page.locator('button[value=next]').click()
  await page.waitForSelector('#faults')
  assert.ok(await page.locator('#faults a').count() >= 3, 'all the faults at once')
  await page.locator('#procedure').selectOption('LOSS')
  await page.locator('#department').selectOption('2A')
  await page.locator('#subject').fill('Permis perdu')
  await page.locator('#body').fill('J’ai perdu mon permis.')
  await page.locator('button[value=next]').click()
  await page.waitForURL('**/contact/pieces')
  await page.locator('button[value=next]').click()
  await page.waitForURL('**/contact/reponse')
  await page.locator('#requester-postal_address').fill('3 rue de l’Église\n20000 Ajaccio')
  await page.locator('button[value=next]').click()
  await page.waitForURL('**/contact/envoi')
  await page.locator('button[value=send]').click()
  await page.waitForURL('**/contact/recu')
  assert.ok(await page.locator('#reference').isVisible())
})

test('every public page passes axe in both languages, on a telephone', async () => {
  const faults = []
  for (const locale of ['fr-FR', 'en-GB']) {
    const page = await person(browser, { locale, viewport: { width: 320, height: 700 } })
    await page.goto(site.url + '/')
    if (locale === 'en-GB') await page.getByText('English').click()
    await page.waitForLoadState()
    for (const address of ['/', '/contact', '/suivi', '/aide', '/accessibilite', '/donnees-personnelles', '/mentions-legales', '/connexion', '/nulle-part']) {
      await page.goto(site.url + address)
      assert.equal(await page.locator('html').getAttribute('lang'), locale.slice(0, 2), address)
      faults.push(...await checkPage(page, locale.slice(0, 2) + address.replaceAll('/', '-')))
    }
    assert.deepEqual(page.reports.filter(text => !text.includes('404')), [])
  }
  assert.deepEqual(faults, [])
})

test('a ticket is found by its words within a second of its commit', async () => {
  const token = site.command(['token', 'add', 'essai', '--role', 'agent', '--rate', '0'])
  const api = async (method, address, body) => {
    const answer = await fetch(site.url + '/api/v1' + address, { method, headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) })
    return answer.json()
  }
  const word = 'xylographe' + Date.now()
  const { reference } = await api('POST', '/tickets', {
    channel: 'phone', requester: { name: 'Odette Sans-Courriel', postal_address: '3 rue de l’Église, 20000 Ajaccio' }, procedure: 'LOSS', department: '2A',
    subject: 'Rare', body: `Un mot rare : ${word}.`
  })
  const start = Date.now()
  await until('the index', async () => (await api('GET', '/tickets?q=' + word)).items.some(each => each.reference === reference))
  assert.ok(Date.now() - start < 1000, `${Date.now() - start} ms`)
})
