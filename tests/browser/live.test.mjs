// SPDX-License-Identifier: EUPL-1.2
// What a live region keeps when it is read again: the focus, and what was unfolded. The script alone, with pages made here.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, test } from 'node:test'
import { launch, until } from './support.mjs'

const skip = (process.env.RELAIS_TEST_DATABASE ?? 'sqlite') !== 'sqlite'
let browser
before(async () => { if (!skip) browser = await launch() })
after(async () => { await browser?.close() })

const script = fs.readFileSync('templates/assets/live.js')
let reading = 0
const region = () => `
  <p><a href="/mine">À moi</a> <a href="/late">En retard : ${reading}</a></p>
  <article id="message-1"><a href="/piece/1">Pièce</a><details><summary>Texte cité</summary>un</details></article>
  <article id="message-2"><details><summary>Texte cité</summary>deux</details><button>Copier</button></article>`
const html = () => `<!DOCTYPE html><title>x</title><main><a href="/else">ailleurs</a>
  <div id="list" data-live="ticket" data-live-every="0.3">${region()}</div></main><script type="module" src="/live.js"></script>`

test('a region that is read again keeps the focus and what was unfolded', { skip }, async () => {
  const page = await browser.newPage()
  await page.route('**/*', route => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/live.js') return route.fulfill({ contentType: 'text/javascript', body: script })
    if (pathname !== '/') return route.abort()
    reading++
    return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html() })
  })
  await page.goto('http://localhost:1/')
  const again = async () => {
    const shown = await page.locator('a[href="/late"]').textContent()
    await until('another reading', async () => await page.locator('a[href="/late"]').textContent() !== shown)
  }
  const focused = () => page.evaluate(() => document.activeElement.outerHTML)
  for (const selector of ['a[href="/late"]', 'a[href="/piece/1"]', '#message-2 summary', '#message-2 button', 'a[href="/else"]']) {
    await page.locator(selector).focus()
    const before = await page.locator(selector).evaluate(each => each.cloneNode(false).outerHTML)
    await again()
    assert.ok((await focused()).startsWith(before.replace(/<\/\w+>$/, '')), selector)
  }
  await page.locator('#message-2 summary').click()
  await again()
  assert.deepEqual(await page.$$eval('details', all => all.map(each => each.open)), [false, true])
  await page.close()
})
