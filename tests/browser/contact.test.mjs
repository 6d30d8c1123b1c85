// SPDX-License-Identifier: EUPL-1.2
// What a person meets in the contact form besides the straight way: Back, Reload, another language, faults by keyboard, files, pressure.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, launch, person, Site, until } from './support.mjs'

let site, browser
before(async () => {
  site = await Site.start(process.env.RELAIS_TEST_DATABASE ?? 'sqlite')
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await site?.close()
})

async function next (page, step) {
  await page.locator('button[value=next]').click()
  await page.waitForURL('**' + step)
}

async function fill (page, email) {
  await page.goto(site.url + '/contact')
  await page.locator('#requester-name').fill('Camille Dupont')
  await next(page, '/contact/probleme')
  await page.locator('#procedure').selectOption('RENEWAL')
  await page.locator('#department').selectOption('971')
  await page.locator('#subject').fill('Photo refusée')
  await page.locator('#body').fill('Ma photo est refusée.')
  await next(page, '/contact/pieces')
  await next(page, '/contact/reponse')
  await page.locator('#requester-email').fill(email)
  await next(page, '/contact/envoi')
}

test('Back, Reload and the other language lose nothing', async () => {
  const page = await person(browser)
  await page.goto(site.url + '/contact')
  await page.locator('#requester-name').fill('Camille Dupont')
  await next(page, '/contact/probleme')
  await page.locator('#subject').fill('Photo refusée')
  await page.locator('#body').fill('Bonjour,\nsecond paragraphe')
  await page.locator('button[value=next]').click()
  await page.waitForSelector('#faults')
  await page.reload()
  assert.equal(await page.locator('#subject').inputValue(), 'Photo refusée')
  await page.locator('a[hreflang=en]').click()
  await page.waitForURL('**/contact/probleme?lang=en')
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  assert.equal(await page.locator('#body').inputValue(), 'Bonjour,\nsecond paragraphe')
  await page.locator('#procedure').selectOption('LOSS')
  await page.locator('#department').selectOption('2B')
  await next(page, '/contact/pieces')
  await page.goBack()
  await page.waitForURL('**/contact/probleme**')
  assert.equal(await page.locator('#subject').inputValue(), 'Photo refusée')
  await page.locator('button[value=back]').click()
  await page.waitForURL('**/contact')
  assert.equal(await page.locator('#requester-name').inputValue(), 'Camille Dupont')
  assert.deepEqual(page.reports, [])
})

test('with the keyboard alone, a fault leads to its field', async () => {
  const page = await person(browser)
  await page.goto(site.url + '/contact')
  await page.locator('#requester-name').press('Enter')
  await page.waitForSelector('#faults')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'faults', 'the list of faults has the focus')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/contact#requester-name')
  await page.keyboard.type('Camille Dupont')
  assert.equal(await page.locator('#requester-name').inputValue(), 'Camille Dupont', 'the field took the focus')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/contact/probleme')
})

test('files are added, refused with their reason, taken back, and read again with a code', async () => {
  const page = await person(browser)
  await fill(page, 'fichiers@example.test')
  await page.goto(site.url + '/contact/pieces')
  const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  await page.locator('#files').setInputFiles([file('lettre.txt', 'Bonjour à tous'), file('script.vbs', 'MsgBox 1')])
  await page.locator('button[value=attach]').click()
  await page.waitForSelector('#faults')
  assert.ok((await page.locator('#faults').innerText()).includes('script.vbs'))
  assert.deepEqual(await checkPage(page, 'contact-files'), [])
  await page.locator('#files').setInputFiles([file('autre.txt', 'Autre')])
  await page.locator('button[value=attach]').click()
  await page.waitForLoadState()
  await page.getByRole('button', { name: 'Retirer autre.txt' }).click()
  await page.waitForLoadState()
  assert.equal(await page.locator('.relais-files li').count(), 1)
  await page.goto(site.url + '/contact/envoi')
  await page.locator('button[value=send]').click()
  await page.waitForURL('**/contact/recu')
  await page.goto(site.url + '/suivi')
  await page.getByRole('link', { name: 'Télécharger lettre.txt' }).click()
  await page.waitForURL('**/suivi/code**')
  assert.deepEqual(await checkPage(page, 'suivi-code'), [])
  await page.locator('form[action="/suivi/code/envoi"] button').click()
  const codeOf = mail => mail.text.match(/^\s+(\d{6})\s*$/m)?.[1]
  const code = await until('the code', () => site.mailsTo('fichiers@example.test').map(codeOf).find(each => each))
  await page.locator('#code').fill(code)
  await page.locator('form[action="/suivi/code"] button').click()
  await page.waitForURL('**/suivi#fil')
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Télécharger lettre.txt' }).click()])
  assert.equal(download.suggestedFilename(), 'lettre.txt')
  assert.deepEqual(page.reports, [])
})

test('in the dark, every page of the form keeps its contrast', async () => {
  const page = await person(browser, { colorScheme: 'dark' })
  const faults = []
  await fill(page, 'sombre@example.test')
  for (const address of ['/', '/contact', '/contact/probleme', '/contact/pieces', '/contact/reponse', '/contact/envoi', '/aide']) {
    await page.goto(site.url + address)
    faults.push(...await checkPage(page, 'dark' + address.replaceAll('/', '-')))
  }
  assert.deepEqual(faults, [])
})

test('under pressure the browser does a small sum, and the person sees it done', async () => {
  const page = await person(browser)
  for (let sent = 0; ; ++sent) {
    assert.ok(sent < 6, 'a proof is asked for in the end')
    await fill(page, `presse${sent}@example.test`)
    await page.locator('button[value=send]').click()
    await page.waitForURL(/\/contact\/(recu|envoi)$/)
    if (page.url().endsWith('/envoi')) break
  }
  await page.waitForFunction(() => document.getElementById('proof-answer')?.value)
  assert.deepEqual(await checkPage(page, 'contact-proof'), [])
  await page.locator('button[value=send]').click()
  await page.waitForURL('**/contact/recu')
  assert.deepEqual(page.reports, [], 'the worker runs under the policy')
})
