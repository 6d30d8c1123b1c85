// SPDX-License-Identifier: EUPL-1.2
// A day at the desk on the demonstration's data: ten tickets by the keyboard alone, two agents on one ticket, many tickets at once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Demonstration } from './demonstration.mjs'
import { checkPage, launch, person, until } from './support.mjs'

// The demonstration is the same on both databases; the story plays on each (story.test.mjs).
const skip = (process.env.RELAIS_TEST_DATABASE ?? 'sqlite') !== 'sqlite'
let demo, browser
before(async () => {
  if (skip) return
  demo = await Demonstration.start({ dossiers: 900, tickets: 600 })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.close()
})

async function at (role) {
  const page = await person(browser, { viewport: { width: 1280, height: 900 } })
  await demo.signIn(page, role)
  await page.goto(demo.url + '/console/tickets')
  return page
}

const reference = page => page.url().match(/tickets\/([^?#]+)/)[1]

test('ten tickets are treated with the keyboard alone', { skip }, async () => {
  const page = await at('agent')
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key) }
  const done = word => page.waitForURL(url => url.href.includes('done=' + word))
  await press('?')
  await page.locator('#keys[open]').waitFor()
  assert.ok(await page.getByRole('cell', { name: 'Demande suivante', exact: true }).isVisible())
  assert.deepEqual(await checkPage(page, 'touches'), [])
  await press('Escape')
  const treated = new Set()
  for (let i = 0; i < 10; i++) {
    const before = page.url()
    await press('n')
    await page.waitForURL(url => url.href !== before && /tickets\/2/.test(url.href))
    treated.add(reference(page))
    await page.waitForLoadState('load')
    await press('i') // take it
    await done('assigned')
    await press('t', 'ArrowDown') // a standard answer
    assert.notEqual(await page.locator('#canned').inputValue(), '')
    await press('Tab', 'Enter')
    await done('draft')
    if (i % 2 === 0) {
      await press('r', 'Control+End')
      await page.keyboard.type(' Bonne journée.')
      await press('Control+Enter')
      await done('replied')
    } else {
      await press('x', 'ArrowDown', 'Control+Enter') // closed with the first reason
      await done('closed')
    }
  }
  assert.equal(treated.size, 10)
  for (const each of treated) {
    await page.goto(demo.url + '/console/tickets/' + each)
    assert.ok((await page.locator('.relais-thread__staff, #closed-title').count()) > 0, each)
  }
  assert.deepEqual(page.reports, [])
})

test('the command box goes to an incident, and does what the page can do', { skip }, async () => {
  const page = await at('agent')
  await page.keyboard.press('n')
  await page.waitForURL('**/console/tickets/2*')
  await page.waitForLoadState('load')
  await page.keyboard.press('/')
  await page.keyboard.type('note')
  await page.locator('#quick-found .relais-quick__action').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'note')
  await page.keyboard.press('Escape')
  await page.keyboard.press('/')
  await page.locator('#quick-q').fill('')
  await page.keyboard.type('courri')
  await page.locator('#quick-found a[href="/console/courriers"]').waitFor()
})

test('two agents on one ticket see each other, what changes, and overwrite nothing', { skip }, async () => {
  const one = await at('agent')
  const two = await at('supervisor')
  await one.keyboard.press('n')
  await one.waitForURL('**/console/tickets/2*')
  const address = demo.url + '/console/tickets/' + reference(one)
  await one.goto(address)
  await two.goto(address)
  await one.locator('#presence p').waitFor() // live: nothing was reloaded
  await two.locator('#presence p').waitFor()
  await one.locator('#body').fill('Un long texte que je ne veux pas perdre.')
  await until('the colleague to see it', async () => (await two.locator('#presence').innerText()).toLowerCase().includes('écrit'))
  await two.locator('form[action$=assignment] button').first().click()
  await two.waitForURL('**done=assigned')
  await one.locator('#ticket-changes li').waitFor() // what the colleague just did
  assert.deepEqual(await checkPage(one, 'demande-a-deux'), [])
  await one.locator('form:has(#body) button[type=submit]').first().click()
  await one.locator('#problem').waitFor() // refused: it has changed since
  assert.equal(await one.locator('#body').inputValue(), 'Un long texte que je ne veux pas perdre.')
  assert.ok((await one.locator('#problem').innerText()).includes('confiée'))
  await two.goto(demo.url + '/console/tickets')
  await until('the colleague to be gone', async () => await one.reload() && await one.locator('#presence p').count() === 0)
})

test('an answer is taken back in time and nothing of it leaves', { skip }, async () => {
  const page = await at('agent')
  await page.keyboard.press('n')
  await page.waitForURL('**/console/tickets/2*')
  await page.locator('#body').fill('Parti trop vite.')
  await page.locator('form:has(#body) button[type=submit]').first().click()
  await page.waitForURL('**done=replied')
  await page.keyboard.press('z')
  await page.waitForURL('**done=taken_back')
  assert.equal(await page.locator('#body').inputValue(), 'Parti trop vite.')
  assert.equal(await page.locator('.relais-thread__staff', { hasText: 'Parti trop vite' }).count(), 0)
})

test('many tickets are answered at once, after a preview, with their progress', { skip }, async () => {
  const page = await at('agent')
  for (let i = 0; i < 3; i++) await page.locator('tbody input[type=checkbox]').nth(i).check()
  await page.keyboard.press('p')
  await page.locator('#bulk-action').selectOption('answer')
  await page.locator('#bulk-body').fill('Bonjour {nom}, votre demande {référence} avance.')
  assert.deepEqual(await checkPage(page, 'file-groupee'), [])
  await page.locator('form#bulk button[type=submit]').click()
  await page.waitForURL('**/bulk/preview')
  assert.ok((await page.locator('h1').innerText()).includes('3'))
  assert.deepEqual(await checkPage(page, 'groupe-apercu'), [])
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL('**/console/bulk/*')
  await page.getByText('3 / 3').waitFor()
  assert.deepEqual(await checkPage(page, 'groupe-avancement'), [])
})

test('a view keeps its filters and its columns under a name', { skip }, async () => {
  const page = await at('agent')
  await page.goto(demo.url + '/console/tickets?status=waiting&sort=oldest')
  await page.locator('summary', { hasText: 'Colonnes et vues' }).click()
  await page.locator('#column-category').setChecked(true, { force: true })
  await page.locator('#view-name').fill('En attente')
  await page.locator('form[action="/console/views"] button').click()
  await page.locator('nav a[aria-current=true]', { hasText: 'En attente' }).waitFor()
  await page.locator('nav a[aria-current=true] strong', { hasText: /^\d+\+?$/ }).waitFor() // how many there are, read again when something changes
  await page.goto(demo.url + '/console/tickets')
  await page.locator('nav a', { hasText: 'En attente' }).click()
  await page.waitForURL('**status=waiting**')
  assert.equal(await page.locator('#status').inputValue(), 'waiting')
  assert.ok(await page.locator('th', { hasText: 'Catégorie' }).isVisible())
})
