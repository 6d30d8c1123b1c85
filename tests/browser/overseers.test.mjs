// SPDX-License-Identifier: EUPL-1.2
// What those who oversee look at: live figures, teams, the registry; and what an agent sees of his or her own. By keyboard, under axe.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Demonstration } from './demonstration.mjs'
import { checkPage, freePort, launch, person, until } from './support.mjs'

// The demonstration is the same on both databases; the story plays on each (story.test.mjs).
const skip = (process.env.RELAIS_TEST_DATABASE ?? 'sqlite') !== 'sqlite'
let demo, browser
before(async () => {
  if (skip) return
  // A registry that is down: nobody listens there.
  Object.assign(process.env, {
    RELAIS_REGISTRY_HOST: '127.0.0.1', RELAIS_REGISTRY_PORT: String(await freePort()), RELAIS_REGISTRY_CLEAR_TEXT: 'true',
    RELAIS_REGISTRY_DATABASE: 'permis', RELAIS_REGISTRY_USER: 'relais'
  })
  demo = await Demonstration.start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.close()
})

const wide = { viewport: { width: 1280, height: 900 } }
const narrow = { viewport: { width: 320, height: 700 } }

async function colleague (role, size = wide) {
  const page = await person(browser, size)
  await demo.signIn(page, role)
  return page
}

const pages = [['supervisor', '/console/figures/live', 'direct'], ['supervisor', '/console/equipes', 'equipes'],
  ['agent', '/console/figures/mine', 'mes-chiffres'], ['admin', '/console/registre', 'registre']]
for (const [role, address, name] of pages) {
  test(`${address} passes axe for the role ${role}, in both languages, on both screens`, { skip }, async () => {
    const faults = []
    for (const size of [wide, narrow]) {
      const page = await colleague(role, size)
      for (const language of ['fr', 'en']) {
        await page.goto(`${demo.url}${address}?lang=${language}`)
        faults.push(...await checkPage(page, `${name}-${language}-${size.viewport.width}`))
      }
      faults.push(...page.reports)
      await page.goto(`${demo.url}${address}?lang=fr`)
      await page.context().close()
    }
    assert.deepEqual(faults, [])
  })
}

test('a supervisor comes to the live figures by keys, narrows them, and keeps the address', { skip }, async () => {
  const page = await colleague('supervisor')
  await page.goto(demo.url + '/console/tickets')
  await page.locator('body').press('g')
  await page.locator('body').press('c')
  await page.waitForURL('**/console/figures')
  await page.keyboard.press('d')
  await page.waitForURL('**/console/figures/live')
  await page.locator('#department').selectOption('59')
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL(/department=59/)
  await page.reload()
  assert.equal(await page.locator('#department').inputValue(), '59')
  assert.ok(await page.locator('.relais-chart').count() >= 3)
})

test('the page of the registry says in plain words that it is left alone, and for how long it has been so', { skip }, async () => {
  const token = demo.token('agent')
  for (let number = 0; number < 8; ++number) {
    const { status } = await demo.api(token, 'POST', '/api/v1/tickets', {
      channel: 'phone', requester: { name: 'Camille Essai', email: `essai${number}@example.test` }, neph: '190300200123',
      dossier_number: `PC2026999${number}`, procedure: 'REGISTRATION', department: '75', subject: 'Demande bloquée', body: 'Rien ne bouge.'
    })
    assert.equal(status, 201)
  }
  const page = await colleague('admin')
  await until('the breaker', async () => {
    await page.goto(demo.url + '/console/registre')
    return page.getByText('Le registre ne répond pas.').isVisible()
  }, 60000)
  assert.ok(await page.getByText('Dernier échec :').isVisible())
})

test('a supervisor puts an agent in a team with the keyboard alone', { skip }, async () => {
  const page = await colleague('supervisor')
  await page.goto(demo.url + '/console/tickets')
  await page.locator('body').press('g')
  await page.locator('body').press('q')
  await page.waitForURL('**/console/equipes')
  await page.keyboard.press('n')
  await page.keyboard.type('Équipe du matin')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/console/equipes?done=1')
  const choice = page.locator('main table select').first()
  await choice.focus()
  const chosen = () => choice.locator('option:checked').textContent()
  for (let tries = 0; tries < 30 && await chosen() !== 'Équipe du matin'; ++tries) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/console/equipes?done=1')
  assert.equal(await page.locator('main table select').first().locator('option:checked').textContent(), 'Équipe du matin')
})
