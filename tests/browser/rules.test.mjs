// SPDX-License-Identifier: EUPL-1.2
// A supervisor writes a rule, sees what it would have done, saves it; a ticket comes in and the rule acts, once, though the server is killed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, launch, person, signInAnew, Site, until } from './support.mjs'

const kind = process.env.RELAIS_TEST_DATABASE ?? 'sqlite'
let site, browser, token
before(async () => {
  site = await Site.start(kind)
  browser = await launch()
  token = site.command(['token', 'add', 'essai', '--role', 'agent', '--rate', '0'])
})
after(async () => {
  await browser?.close()
  await site?.close()
})

async function api (method, address, body) {
  const answer = await fetch(site.url + address, {
    method, headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body)
  })
  return { status: answer.status, data: await answer.json() }
}

async function open (number, procedure) {
  const { status, data } = await api('POST', '/api/v1/tickets', {
    channel: 'prefecture', requester: { name: `Personne ${number}`, email: `personne-${number}@example.test` },
    procedure, department: '08', subject: `Demande ${number}`, body: 'Mon permis est perdu, que faire ?'
  })
  assert.equal(status, 201)
  return data.reference
}

const notes = async reference => (await api('GET', '/api/v1/tickets/' + reference)).data.messages.filter(each => each.kind === 'note')

test('a rule is written, tried and saved, then does what its trial said', async () => {
  const earlier = [await open(1, 'LOSS'), await open(2, 'LOSS'), await open(3, 'RENEWAL')]
  const page = await person(browser, { viewport: { width: 1280, height: 900 } })
  await signInAnew(site, page, { login: 'claude', role: 'supervisor', name: 'Claude Petit', address: '/console/rules' })
  await page.goto(site.url + '/console/rules')
  const faults = await checkPage(page, 'rules-none')
  await page.locator('main a[href="/console/rules/new"]').click()
  await page.locator('#title').fill('Permis perdu')
  await page.locator('#event').selectOption('opened')
  await page.locator('details#procedures summary').click()
  await page.locator('#procedures-LOSS').check({ force: true })
  await page.locator('#words').fill('permis est perdu')
  faults.push(...await checkPage(page, 'rule-form'))
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.locator('#faults').waitFor() // it would do nothing
  faults.push(...await checkPage(page, 'rule-faults'))
  assert.equal(await page.locator('#title').inputValue(), 'Permis perdu')
  await page.locator('#note').fill('Déclaration de perte à demander')
  await until('the trial', async () => {
    await page.getByRole('button', { name: /Essayer/ }).click()
    await page.waitForURL('**/rules/trial')
    return await page.locator('#trial tbody tr').count() === 2
  })
  assert.ok((await page.locator('#trial').innerText()).includes('2 demandes'))
  const shown = await page.locator('#trial tbody a').allInnerTexts()
  assert.deepEqual(shown.sort(), earlier.slice(0, 2).sort())
  faults.push(...await checkPage(page, 'rule-trial'))
  for (const each of earlier) assert.equal((await notes(each)).length, 0)
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.waitForURL(/rules\/\d+\?done/)
  const address = page.url().split('?')[0]

  const lost = await open(4, 'LOSS'); const other = await open(5, 'RENEWAL')
  await until('the rule', async () => (await notes(lost)).length === 1)
  await site.kill()
  await site.serve()
  const again = await open(6, 'LOSS')
  await until('the rule after the restart', async () => (await notes(again)).length === 1, 15000) // sooner than its lease would end
  assert.equal((await notes(lost)).length, 1)
  assert.equal((await notes(other)).length, 0)
  for (const each of earlier) assert.equal((await notes(each)).length, 0) // the past is left alone

  await page.goto(address)
  assert.deepEqual((await page.locator('#firings ~ ul a').allInnerTexts()).sort(), [lost, again].sort())
  faults.push(...await checkPage(page, 'rule-fired'))
  await page.goto(site.url + '/console/tickets/' + lost)
  assert.ok((await page.locator('main').innerText()).includes('Permis perdu'))
  await page.goto(site.url + '/console/rules')
  faults.push(...await checkPage(page, 'rules'))
  await page.setViewportSize({ width: 320, height: 700 })
  faults.push(...await checkPage(page, 'rules-narrow'))
  await page.goto(address)
  faults.push(...await checkPage(page, 'rule-narrow'))
  await page.goto(site.url + '/console/rules')
  await page.getByRole('button', { name: /Arrêter/ }).click()
  await page.getByText('Arrêtée').waitFor()
  assert.deepEqual(faults, [])
  // The refused form and the killed server are told by the browser; nothing else is.
  assert.deepEqual(page.reports.filter(text => !text.startsWith('Failed to load resource')), [])
})

test('a key that stands on every line goes to the first, then acts on the line that has the focus', async () => {
  const chief = site.command(['token', 'add', 'chef', '--role', 'supervisor', '--rate', '0'])
  for (const title of ['Une', 'Deux']) {
    const answer = await fetch(site.url + '/api/v1/rules', {
      method: 'POST',
      headers: { Authorization: 'Bearer ' + chief, 'Content-Type': 'application/json' },
      body: JSON.stringify({ title, event: 'opened', note: 'Lu', is_on: true })
    })
    assert.equal(answer.status, 201)
  }
  const page = await person(browser, { viewport: { width: 1280, height: 900 } })
  await signInAnew(site, page, { login: 'dominique', role: 'supervisor', name: 'Dominique Roy', address: '/console/rules' })
  await page.goto(site.url + '/console/rules')
  const titles = () => page.locator('.relais-rules h2 a').allInnerTexts()
  const [first, ...rest] = await titles()
  await page.keyboard.press('d') // goes to the first rule, and moves nothing
  assert.deepEqual(await titles(), [first, ...rest])
  await page.keyboard.press('d')
  await page.waitForURL(/done=1/)
  assert.deepEqual(await titles(), [rest[0], first, rest[1]])
  await page.locator('.relais-rules h2 a').nth(2).focus()
  await page.keyboard.press('u') // on the line of the focus
  await page.waitForFunction(wanted => document.querySelectorAll('.relais-rules h2 a')[1]?.innerText === wanted, rest[1])
  await page.keyboard.press('?')
  const keys = await page.locator('#keys tbody [data-made] td:first-child').allInnerTexts()
  assert.equal(new Set(keys).size, keys.length) // each once
  await page.close()
})
