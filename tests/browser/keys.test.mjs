// SPDX-License-Identifier: EUPL-1.2
// The keys of the lists and of a ticket on the demonstration's data: each is pressed and its effect awaited, then it is typed in a
// field, where it writes a letter; and all of them turned off.
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

function presser (page) {
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key) }
  const focused = () => page.evaluate(() => document.activeElement.id)
  const isFocused = locator => locator.evaluate(node => node === document.activeElement)
  const goes = async (url, ...keys) => {
    await press(...keys)
    await page.waitForURL(url)
    await page.waitForLoadState('load')
  }
  return { press, focused, isFocused, goes }
}

test('the pages of the queue, its filters, its views and the line to tick each have a key', { skip }, async () => {
  const page = await at('agent')
  const { press, focused, goes } = presser(page)
  const ticked = () => page.locator('tbody input:checked').count()
  await press('j', 'j', 'c', 'j', 'c')
  assert.equal(await ticked(), 2)
  assert.ok(await page.locator('tbody tr:nth-child(3) input').isChecked())
  await press('c')
  assert.equal(await ticked(), 1)
  await page.locator('tbody tr:nth-child(5) input').focus() // J goes on from the line, wherever one is on it
  await press('j')
  assert.ok(await page.locator('tbody tr:nth-child(6) a').first().evaluate(node => node === document.activeElement))
  await press('p')
  assert.ok(await page.locator('details.relais-bulk summary').evaluate(node => node === document.activeElement))
  await press('t')
  assert.ok(await page.locator('#scope-view').isChecked())
  await press('a')
  await goes('**/bulk/preview', 'Enter')
  await goes(/console\/tickets\?/, 'b')
  await page.goto(demo.url + '/console/tickets?status=all')
  await goes('**after=*', '>')
  await goes(url => url.search === '?status=all', '<') // the same list, from its beginning
  await goes('**assignee=me*', 'm')
  await goes('**late=1*', 'l')
  await goes('**/console/tickets', ',', 'f')
  await press('f')
  assert.equal(await focused(), 'status')
  await press('Escape', 'r')
  assert.equal(await focused(), 'q')
  const before = page.url()
  await page.keyboard.type('cm l>,f<1?')
  assert.equal(await page.locator('#q').inputValue(), 'cm l>,f<1?')
  assert.equal(await ticked(), 0)
  assert.equal(page.url(), before)
  assert.equal(await page.locator('#keys[open]').count(), 0)
  assert.deepEqual(page.reports, [])
})

test('a saved view opens with its number, on a French row of digits too', { skip }, async () => {
  const page = await at('supervisor')
  const { press, goes } = presser(page)
  await page.goto(demo.url + '/console/tickets?status=waiting&sort=newest')
  await press('v')
  await page.locator('#view-name').fill('Vue au clavier')
  await page.locator('form[action="/console/views"] button').click()
  await page.locator('nav a[aria-current=true]', { hasText: 'Vue au clavier' }).waitFor()
  const place = await page.locator('[data-relais-numbered] a').evaluateAll(all => all.findIndex(each => each.textContent.includes('Vue au clavier')))
  await goes('**/console/tickets', '0')
  await goes('**sort=newest**', String(place))
  await goes('**/console/tickets', '0')
  await page.evaluate(place => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '&', code: 'Digit' + place, bubbles: true })), place)
  await page.waitForURL('**sort=newest**')
  await press('?')
  await page.getByRole('cell', { name: 'Vue au clavier', exact: true }).waitFor()
  assert.deepEqual(await checkPage(page, 'touches-de-la-file'), [])
})

test('keys that were turned off stay off, on the next page too, until they are turned on', { skip }, async () => {
  const page = await at('agent')
  const { press, goes } = presser(page)
  const toggle = page.locator('[data-relais-keys]')
  await press('?')
  await toggle.click()
  await press('Escape')
  await page.goto(demo.url + '/console/tickets?status=all')
  const before = page.url()
  await press('j', 'c', '>', 'm', '1', 'f', '?')
  assert.equal(page.url(), before)
  assert.equal(await page.locator('tbody input:checked').count(), 0)
  assert.equal(await page.locator('#keys[open]').count(), 0)
  await page.locator('[data-relais-show-keys]').click() // the way back on needs no key
  await toggle.click()
  await press('Escape')
  await goes('**after=*', '>')
})

test('a ticket opens its dossier and its incident, and takes a standard answer, with keys', { skip }, async () => {
  const page = await at('agent')
  const { press, focused, goes } = presser(page)
  const { data } = await demo.api(demo.token('agent'), 'GET', '/api/v1/tickets?limit=50')
  const linked = '/console/tickets/' + data.items.find(each => each.dossier_link === 'linked').reference
  await page.goto(demo.url + linked)
  await press('r')
  await page.keyboard.type(',o,f,t>')
  assert.equal(await page.locator('#body').inputValue(), ',o,f,t>')
  assert.ok(page.url().endsWith(linked))
  await page.locator('#body').fill('')
  await press('Escape', 't', 'ArrowDown')
  await goes(/done=draft/, 'Control+Enter') // inserts, sends nothing
  const inserted = await page.locator('#body').inputValue()
  assert.notEqual(inserted, '')
  await page.goto(demo.url + linked)
  await page.locator('#body').fill('')
  await press('Escape', 't', 'ArrowDown', 'Escape')
  await goes(/done=draft/, ',', 't')
  await until('the answer to be there', async () => await page.locator('#body').inputValue() === inserted)
  assert.equal(await page.locator('.relais-thread__staff', { hasText: inserted.slice(0, 30) }).count(), 0)
  await press('h')
  assert.ok(await page.locator('details[open] > summary', { hasText: 'Historique' }).evaluate(node => node === document.activeElement))
  await goes('**/console/dossiers/*', ',', 'o')
  await goes('**/console/dossiers', 'b')
  await press('r')
  assert.equal(await focused(), 'q')
  await page.goto(demo.url + '/console/incidents')
  const incident = await page.locator('[data-relais-row]').first().getAttribute('href')
  await page.goto(`${demo.url}${incident}/tickets`)
  await press('j')
  await goes('**/console/tickets/2*', 'Enter')
  await goes('**' + incident, ',', 'f')
  await goes('**' + incident + '/tickets', ',', 't')
  await goes('**' + incident, 'b')
  assert.deepEqual(page.reports, [])
})

test('the page of searches is worked by keys: its box, its order, its pages', { skip }, async () => {
  const page = await at('agent')
  const { press, focused, goes } = presser(page)
  await page.goto(demo.url + '/console/recherche?q=permis')
  for (const key of ['/', 'r']) {
    await press(key)
    assert.equal(await focused(), 'search-q')
    await press('Escape')
    await page.locator('#search-q').evaluate(node => node.blur())
  }
  await goes(/after=/, '>')
  await goes(url => !url.searchParams.has('after'), '<')
  await press('s')
  assert.ok(await page.locator('[data-relais-key=s]').first().evaluate(node => node === document.activeElement))
})

test('the word that was meant, the ticket that is held and the lists beside each have a key', { skip }, async () => {
  const page = await at('agent')
  const { press, focused, goes } = presser(page)
  // Some day somebody of the demonstration writes one of these just so, and then nothing else is meant.
  const meant = { permiss: 'permis', dossierr: 'dossier', photoo: 'photo', demandee: 'demande' }
  for (const address of ['/console/tickets?q=', '/console/recherche?q=']) {
    let typed
    await until('the words of the demonstration are found', async () => {
      for (typed of Object.keys(meant)) {
        await page.goto(demo.url + address + typed)
        if (await page.locator('[data-relais-key=o]').count() > 0) return true
      }
      return false
    })
    await goes(url => url.searchParams.get('q') === meant[typed], 'o')
  }
  await page.goto(demo.url + '/console/tickets')
  await goes(/tickets\/2/, 'n')
  const held = new URL(page.url()).pathname
  await goes('**/console/tickets', 'b')
  await page.locator('[data-relais-key=h]').first().waitFor()
  await press('h')
  if (await page.locator('[data-relais-key=h]').count() > 1) await press('Enter') // several: it goes to the first
  await page.waitForURL('**' + held)
  for (const [address, field] of [['/console/calls', 'phone_ending'], ['/console/callbacks', 'state']]) {
    await page.goto(demo.url + address)
    await press('f')
    assert.equal(await focused(), field)
  }
  await page.goto(demo.url + '/console/calls?lost=1')
  await goes('**/console/calls', ',', 'f')
  await page.goto(demo.url + '/console/calls')
  const told = page.locator('tr:has([data-relais-key=d]) [data-relais-row]').first()
  if (await told.count()) {
    await told.focus()
    await goes(/tickets\/2/, 'd')
  }
  await page.goto(demo.url + '/console/courriers')
  const box = page.locator('form[action$=impression] tbody input').first()
  if (await box.count()) {
    await press('j', 'c')
    assert.ok(!await box.isChecked())
  }
})

test('what stands around a ticket is reached with keys', { skip }, async () => {
  const page = await at('agent')
  const { press, isFocused, goes } = presser(page)
  await page.goto(demo.url + '/console/incidents')
  const incidents = await page.locator('[data-relais-row]').evaluateAll(rows => rows.map(row => row.getAttribute('href')))
  let open = -1 // the place of a ticket that is still answered: a closed one has no form
  while (open < 0) {
    assert.ok(incidents.length, 'no incident has an open ticket')
    await page.goto(`${demo.url}${incidents.shift()}/tickets`)
    open = await page.locator('[data-relais-row]').evaluateAll(rows => rows.findIndex(row => !row.closest('tr').textContent.includes('Close')))
  }
  await goes('**/console/tickets/2*', ...Array(open + 1).fill('j'), 'Enter')
  const ticket = new URL(page.url()).pathname
  await press(',', 'y')
  await page.locator('#incident details[open]').first().waitFor()
  await goes('**/console/answers', ',', 'v')
  await page.goto(demo.url + ticket)
  await goes(/console\/dossiers\?/, ',', 'h')
  await goes('**' + ticket, 'b') // back to the ticket that it is for
  for (const [key, selector] of [['c', '[name="steps[]"]'], ['m', '[data-relais-key=", m"]'], ['q', '[data-relais-key=", q"]']]) {
    const all = page.locator(selector)
    if (await all.count() < 2) continue // only one is pressed at once, and a ticket may have none
    await press(',', key)
    assert.ok(await isFocused(all.first()), key)
  }
  assert.deepEqual(page.reports, [])
})
