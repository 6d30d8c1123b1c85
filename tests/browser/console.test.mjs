// SPDX-License-Identifier: EUPL-1.2
// The console on the demonstration's data: every page under axe in both languages on both screens, by keyboard alone, by two agents at once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Demonstration } from './demonstration.mjs'
import { checkPage, launch, person, tabTo, until } from './support.mjs'

// The demonstration is the same on both databases; the story plays on each (story.test.mjs).
const skip = (process.env.RELAIS_TEST_DATABASE ?? 'sqlite') !== 'sqlite'
const letter = {
  channel: 'phone',
  requester: { name: 'Odette Sans-Courriel', postal_address: '3 rue de l’Église\n20000 Ajaccio' },
  procedure: 'LOSS',
  department: '2A',
  subject: 'Permis perdu au marché',
  body: 'J’ai perdu mon permis au marché, je n’ai pas d’ordinateur.'
}
let demo, browser, token
before(async () => {
  if (skip) return
  demo = await Demonstration.start()
  browser = await launch()
  token = demo.token('agent')
  assert.equal((await demo.api(token, 'POST', '/api/v1/tickets', letter)).status, 201)
})
after(async () => {
  await browser?.close()
  await demo?.close()
})

const wide = { viewport: { width: 1280, height: 900 } }
const narrow = { viewport: { width: 320, height: 700 } }

async function agent (options, role = 'agent') {
  const page = await person(browser, options)
  await demo.signIn(page, role)
  return page
}

async function dossierWithContacts () {
  const { data } = await demo.api(token, 'GET', '/api/v1/tickets?limit=50')
  const linked = data.items.find(each => each.dossier_link === 'linked')
  return '/console/dossiers/' + (await demo.api(token, 'GET', '/api/v1/tickets/' + linked.reference)).data.dossier.id
}

// The pages of the console, each with how one gets there.
async function walk (page, check) {
  const go = async (address, name) => {
    await page.goto(demo.url + address)
    await check(name)
  }
  await go('/console/tickets', 'file')
  const ticket = await page.locator('.relais-queue__subject a').first().getAttribute('href')
  await go('/console/tickets?q=permi', 'file-cherchee')
  await go('/console/tickets?q=introuvablissime', 'file-vide')
  await go(ticket, 'demande')
  for (const each of await page.locator('details').all()) await each.evaluate(node => { node.open = true })
  await check('demande-depliee')
  await page.locator('#body').fill('Bonjour {nom}, vous n’avez rien à refaire.')
  await page.locator('form:has(#body) button[formaction$=preview]').click()
  await page.waitForURL('**/preview')
  await check('apercu-reponse')
  await go('/console/answers', 'reponses-types')
  await page.locator('main ul a').first().click()
  await page.waitForURL('**/console/answers/*')
  await check('reponse-type')
  await go('/console/recherche', 'recherche')
  await go('/console/recherche?q=permis', 'recherche-resultats')
  await go('/console/recherche?q=permiss', 'recherche-suggestion')
  await page.goto(demo.url + '/console/tickets')
  await page.locator('#quick-q').pressSequentially('mar')
  await page.locator('#quick-found li a').first().waitFor()
  await check('apercu')
  await go('/console/dossiers', 'dossiers')
  await page.locator('#name').fill('martin')
  await page.locator('main form button[type=submit]').click()
  await page.locator('main table a').first().waitFor()
  await check('dossiers-resultats')
  await go(await dossierWithContacts(), 'dossier')
  await go('/console/courriers', 'courriers')
  await page.locator('form[action$=impression] button').first().click()
  await page.waitForURL('**/console/courriers/impression')
  await check('courriers-imprimes')
  await go('/console/compte', 'compte')
}

for (const [language, size] of [['fr', wide], ['fr', narrow], ['en', wide], ['en', narrow]]) {
  test(`every page of the console passes axe in ${language} at ${size.viewport.width} px`, { skip }, async () => {
    const page = await agent(size)
    if (language === 'en') {
      await page.locator('header a[hreflang=en]').click()
      await page.waitForURL('**lang=en')
    }
    const faults = []
    await walk(page, async name => {
      const shown = await page.locator('html').getAttribute('lang')
      if (shown !== language && name !== 'courriers-imprimes') faults.push(`${name} is in ${shown}`)
      faults.push(...await checkPage(page, `console-${language}-${size.viewport.width}-${name}`))
    })
    assert.deepEqual(faults, [])
    assert.deepEqual(page.reports, [], 'no report of the content policy, no error of a script')
  })
}

test('an agent finds, reads and answers a ticket by the keyboard alone', { skip }, async () => {
  const page = await agent(wide)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter') // the first skip link
  await tabTo(page, page.locator('#quick-q'))
  await page.keyboard.type('odette')
  // The last of them may be closed: it depends on the day.
  const open = page.locator('#quick-found a[href^="/console/tickets/"]', { hasText: 'Odette', hasNotText: 'Close' }).first()
  await open.waitFor()
  await tabTo(page, open)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/console/tickets/*')
  await tabTo(page, page.locator('#body'))
  await page.keyboard.type('Bonjour Madame, votre demande est prise en charge.')
  await tabTo(page, page.locator('form:has(#body) button[type=submit]').first())
  await page.keyboard.press('Enter')
  await page.waitForURL('**done=replied')
  assert.ok(await page.getByText('votre demande est prise en charge').first().isVisible())
})

test('the box empties with the Escape key and finds nothing for a stranger to the role', { skip }, async () => {
  const page = await agent(wide)
  await page.locator('#quick-q').pressSequentially('mar')
  await page.locator('#quick-found li').first().waitFor()
  await page.keyboard.press('Escape')
  await until('the results to go', async () => await page.locator('#quick-found li').count() === 0)
  const owner = await agent(wide, 'owner')
  await owner.locator('#quick-q').pressSequentially('mar')
  await owner.locator('#quick-found p').waitFor()
  assert.equal(await owner.locator('#quick-found a').count(), 0)
  assert.equal(await owner.locator('header a[href="/console/dossiers"]').count(), 0)
})

test('two agents never overwrite each other: the second sees what changed, and keeps what was typed', { skip }, async () => {
  const one = await agent(wide)
  const two = await agent(wide, 'supervisor')
  const address = await one.locator('.relais-queue__subject a').nth(3).getAttribute('href')
  await one.goto(demo.url + address)
  await two.goto(demo.url + address)
  await one.locator('form[action$=assignment] button').first().click()
  await one.waitForURL('**done=assigned')
  await two.locator('#body').fill('Un long texte que je ne veux pas perdre.')
  await two.locator('form:has(#body) button[type=submit]').first().click()
  await two.locator('#problem').waitFor()
  assert.equal(await two.locator('#body').inputValue(), 'Un long texte que je ne veux pas perdre.')
  assert.ok((await two.locator('#problem').innerText()).includes('confiée'))
  assert.deepEqual(await checkPage(two, 'demande-conflit'), [])
  await two.locator('form:has(#body) button[type=submit]').first().click()
  await two.waitForURL('**done=replied')
})

test('letters that were printed leave the list with their day', { skip }, async () => {
  const page = await agent(wide)
  await page.goto(demo.url + '/console/courriers')
  const printed = page.locator('form[action$=impression] tbody input[type=checkbox]')
  const waiting = await printed.count()
  assert.ok(waiting >= 1)
  await page.locator('button[formaction$=envoi]').click()
  await page.waitForURL('**sent=*')
  assert.ok(await page.locator('[role=status]').first().isVisible())
  assert.equal(await printed.count(), 0)
})

test('the running server answers every described route as described, with a token and without', { skip }, async () => {
  const described = await (await fetch(demo.url + '/api/v1/openapi.json')).json()
  const known = {
    reference: (await demo.api(token, 'GET', '/api/v1/tickets?limit=1')).data.items[0].reference,
    id: (await demo.api(token, 'POST', '/api/v1/dossiers/search', { name: 'martin' })).data.items[0].id
  }
  const resolve = what => what.$ref ? what.$ref.slice(2).split('/').reduce((at, name) => at[name], described) : what
  const faults = []
  for (const [route, item] of Object.entries(described.paths)) {
    for (const [verb, operation] of Object.entries(item)) {
      const address = demo.url + route.replace(/\{(\w+)\}/g, (whole, name) => known[name] ?? '1')
      for (const headers of [{}, { Authorization: 'Bearer ' + token }]) {
        const answer = await fetch(address, {
          method: verb.toUpperCase(),
          headers: { ...headers, ...(verb === 'get' ? {} : { 'Content-Type': 'application/json' }) },
          body: operation.requestBody ? '{}' : undefined
        })
        const type = answer.headers.get('content-type')?.split(';')[0]
        const name = `${verb} ${route}${headers.Authorization ? '' : ' without a token'}: ${answer.status} ${type}`
        const response = operation.responses[answer.status]
        if (!response) faults.push(name + ' is not described')
        else if (!(type in (resolve(response).content ?? {})) && !('*/*' in (resolve(response).content ?? {}))) faults.push(name + ': another type is described')
        const isOpen = (operation.security ?? described.security).some(each => Object.keys(each).length === 0)
        if (!headers.Authorization && !isOpen && answer.status !== 401) faults.push(name + ' should be 401')
        await answer.body?.cancel()
      }
    }
  }
  assert.deepEqual(faults, [])
})
