// SPDX-License-Identifier: EUPL-1.2
// The whole story: a citizen writes, is acknowledged, an agent answers, the citizen reads and writes back. RELAIS_TEST_DATABASE chooses.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { checkPage, launch, person, Site, totp, until } from './support.mjs'

const kind = process.env.RELAIS_TEST_DATABASE ?? 'sqlite'
const password = 'une phrase assez longue pour tenir'
let site, browser
before(async () => {
  site = await Site.start(kind)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await site?.close()
  if (site) assert.equal(site.status, 0, 'the server drains and ends well')
})

async function next (page, step) {
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.waitForURL('**' + step)
}

// Fills the form up to its last page. The first try of the fourth step has a wrong mail address.
async function fillContact (page, email, faults) {
  await page.goto(site.url + '/contact')
  faults.push(...await checkPage(page, 'contact-1'))
  await page.getByLabel(/nom/i).first().fill('Zoé N’Diaye-Lefèvre')
  await page.locator('#subject_person-birth_name').fill('N’Diaye')
  await page.locator('#subject_person-first_names').fill('Zoé')
  await page.locator('#subject_person-birth_date').fill('00/00/1991')
  await next(page, '/contact/probleme')
  faults.push(...await checkPage(page, 'contact-2'))
  await page.locator('#procedure').selectOption('REGISTRATION')
  await page.locator('#department').selectOption('974')
  await page.locator('#subject').fill('Date de naissance refusée')
  await page.locator('#body').fill('Bonjour, le site du code refuse ma date de naissance 00/00/1991. J’attends depuis quatre mois.')
  await page.locator('#portal-message').fill('date invalide')
  await next(page, '/contact/pieces')
  faults.push(...await checkPage(page, 'contact-3'))
  await page.locator('#dossier_number').fill('PC2026000001')
  const letter = path.join(site.folder, 'justificatif.txt')
  fs.writeFileSync(letter, 'Attestation de présence, écrite à la main.\n')
  await page.locator('#files').setInputFiles(letter)
  await next(page, '/contact/reponse')
  faults.push(...await checkPage(page, 'contact-4'))
  await page.locator('#requester-email').fill('zoe.exemple.test')
  await page.locator('#requester-phone').fill('0692 12 34 56')
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.waitForSelector('#faults')
  faults.push(...await checkPage(page, 'contact-4-faults'))
  assert.equal(await page.locator('#requester-phone').inputValue(), '0692 12 34 56', 'what was typed is kept')
  await page.locator('#faults a').first().click()
  await page.locator('#requester-email').fill(email)
  await next(page, '/contact/envoi')
  faults.push(...await checkPage(page, 'contact-5'))
}

async function send (page) {
  await page.locator('button[name=go][value=send]').click()
  await page.waitForURL(/\/contact\/(recu|envoi)$/)
  if (!page.url().endsWith('/contact/recu')) assert.fail('the form came back: ' + await page.locator('main').innerText())
}

async function sendContact (page, email, faults) {
  await fillContact(page, email, faults)
  await send(page)
  faults.push(...await checkPage(page, 'contact-recu'))
  return {
    reference: (await page.locator('#reference').innerText()).trim(),
    link: await page.locator('#follow-up-link').getAttribute('href')
  }
}

async function acknowledgement (email) {
  return (await until('the acknowledgement', () => site.mailsTo(email).length > 0 && site.mailsTo(email)))[0]
}

async function signIn (page, login) {
  await page.goto(site.url + '/console/tickets')
  await page.locator('#login').fill(login)
  await page.locator('#password').fill(password)
  await page.getByRole('button').filter({ hasText: /continuer|suivant|connecter/i }).first().click()
  await page.waitForURL('**/connexion/inscription*')
  const seed = (await page.locator('code.relais-reference').innerText()).trim()
  await page.locator('#code').fill(totp(seed))
  await page.locator('main form button[type=submit]').click()
}

test('a citizen writes, an agent answers, the citizen reads and writes back', async () => {
  const faults = []
  const citizen = await person(browser)
  const email = 'zoe@example.test'
  const { reference, link } = await sendContact(citizen, email, faults)
  assert.match(reference, /^\d\d-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)

  const mail = await acknowledgement(email)
  assert.ok(mail.text.includes(reference), 'the acknowledgement names the reference')
  assert.ok(mail.text.includes(link), 'and the follow-up link')
  assert.ok(!mail.text.includes('quatre mois') && !mail.subject.includes('naissance'), 'and nothing that the sender chose')
  assert.ok(mail.headers.some(({ line }) => /^Auto-Submitted: auto-replied/i.test(line)))

  site.command(['user', 'add', 'camille', '--role', 'agent', '--full-name', 'Camille Martin', '--quality', 'conseillère', '--password-stdin'], password + '\n')
  const agent = await person(browser, { viewport: { width: 1280, height: 900 } })
  await signIn(agent, 'camille')
  await agent.goto(site.url + '/console/tickets')
  faults.push(...await checkPage(agent, 'console-queue'))
  await agent.locator(`a[href$="${reference}"]`).first().click()
  await agent.waitForURL('**/console/tickets/' + reference)
  faults.push(...await checkPage(agent, 'console-ticket'))
  const answer = 'Bonjour Madame, votre date de naissance est acceptée depuis ce matin. Vous pouvez réserver votre examen.'
  await agent.locator('#body').fill(answer)
  await agent.locator('form:has(#body) button[type=submit]').first().click()
  await agent.waitForLoadState()
  assert.ok(await agent.getByText(answer).first().isVisible())

  const replies = await until('the answer by mail', () => site.mailsTo(email).length > 1 && site.mailsTo(email))
  assert.ok(replies[1].text.includes('acceptée depuis ce matin'))
  assert.ok(replies[1].text.includes('Camille Martin'), 'the citizen knows who answered')

  await citizen.goto(link)
  await citizen.waitForURL('**/suivi')
  faults.push(...await checkPage(citizen, 'suivi'))
  assert.ok(await citizen.getByText(answer).isVisible())
  await citizen.locator('#body').fill('Merci beaucoup, cela fonctionne !')
  await citizen.getByRole('button', { name: 'Envoyer' }).first().click()
  await citizen.waitForURL('**/suivi**')
  assert.ok(await citizen.locator('.relais-prose', { hasText: 'cela fonctionne' }).isVisible())
  await agent.goto(site.url + '/console/tickets/' + reference)
  assert.ok(await agent.locator('.relais-prose', { hasText: 'cela fonctionne' }).isVisible())

  assert.deepEqual(faults, [])
  assert.deepEqual([...citizen.reports, ...agent.reports], [], 'no report of the content policy, no error of a script')
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
  await send(page)
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
