// SPDX-License-Identifier: EUPL-1.2
// A recurring bug from the first report to its return: thirty citizens, an agent, the resolution team, a server that dies in the middle.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { checkPage, launch, person, Site, totp, until } from './support.mjs'

const kind = process.env.RELAIS_TEST_DATABASE ?? 'sqlite'
const password = 'une phrase assez longue pour tenir'
let site, browser
before(async () => {
  site = await Site.start(kind, { environment: { RELAIS_ESCALATION_BROADCAST_PER_MINUTE: '300' } })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await site?.close()
})

const people = 30
const withDossier = 12
// The same bug in the words of thirty people.
const starts = ['Bonjour, ', 'bjr ', 'Madame, Monsieur, ', '', 'Je vous écris car ', 'Encore une fois, ']
const middles = [
  'le téléversement de mon justificatif de domicile tourne sans fin',
  'impossible de téléverser le justificatif de domicile, ça tourne',
  'quand je téléverse le justificatif de domicile la page tourne dans le vide',
  'le site tourne indéfiniment au téléversement du justificatif de domicile',
  'mon justificatif de domicile ne se téléverse pas, la roue tourne'
]
const ends = [' puis une erreur inattendue.', ', erreur inattendue à la fin', ' et jaffiche erreur inattendue', '. Message : erreur inattendue.']
const words = number => starts[number % starts.length] + middles[number % middles.length] + ends[number % ends.length]
const strangers = [
  'Quels papiers faut-il pour refaire un permis rose abîmé ?', 'Ma carte grise n’arrive pas, à qui dois-je écrire ?',
  'Je voudrais savoir où en est ma demande déposée en avril', 'La visite chez le médecin agréé est-elle remboursée ?',
  'Comment changer mon adresse avant l’envoi du titre ?', 'Le centre d’examen de ma ville est fermé, où passer le code ?'
]

async function api (token, method, address, body) {
  const answer = await fetch(site.url + '/api/v1' + address, {
    method, headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body)
  })
  const text = await answer.text()
  return { status: answer.status, data: text ? JSON.parse(text) : null }
}

const surnames = ['Abadie', 'Bourdin', 'Castelnau', 'Delorme', 'Escoffier', 'Fournier', 'Guillemot', 'Hamelin', 'Isnard', 'Jourdan', 'Kerbrat',
  'Lavigne', 'Marchetti', 'Nguyen', 'Ollivier', 'Poirier', 'Quesnel', 'Rousset', 'Sabatier', 'Thibault', 'Urbain', 'Vasseur', 'Weber', 'Xavier',
  'Yvon', 'Zimmer', 'Aubry', 'Bellamy', 'Carpentier', 'Dufresne', 'Etcheverry', 'Fabre', 'Grosjean']
const birthDate = number => `19${60 + number}-0${1 + number % 9}-1${number % 9}`
const holder = number => ({ birth_name: surnames[number], first_names: 'Luc', birth_date: birthDate(number) })
const mailOf = number => `citoyen${number}@example.test`

async function report (token, number) {
  const body = {
    channel: 'web_form', requester: { name: `Luc ${surnames[number]}`, email: mailOf(number) }, subject_person: holder(number), procedure: 'RENEWAL',
    department: ['08', '51', '59'][number % 3], subject: 'Justificatif', body: words(number), portal: { step: 'pieces', error_code: 'DOC-500' }
  }
  if (number < withDossier) body.dossier_number = 'PC' + (1000 + number)
  const made = await api(token, 'POST', '/tickets', body)
  assert.equal(made.status, 201, JSON.stringify(made.data))
  return made.data.reference
}

function importDossiers (name, moved) {
  const lines = ['number;birth_name;first_names;birth_date;procedure;status;status_since;step;error_code;updated_at']
  for (let i = 0; i < withDossier; ++i) {
    const state = moved.includes(i) ? 'ACCEPTED;2026-11-20;;' : 'AWAITING_PHOTO;2026-10-02;pieces;DOC-500'
    lines.push(`PC${1000 + i};${surnames[i]};Luc;${birthDate(i)};RENEWAL;${state};${new Date(Date.now() + (moved.length ? 60000 : 0)).toISOString()}`)
  }
  const file = path.join(site.folder, name)
  fs.writeFileSync(file, lines.join('\n') + '\n')
  site.command(['import', 'dossiers', file])
}

async function signIn (login, role, quality) {
  site.command(['user', 'add', login, '--role', role, '--full-name', 'Nom de ' + login, '--quality', quality, '--password-stdin'], password + '\n')
  const page = await person(browser, { viewport: { width: 1280, height: 900 } })
  await page.goto(site.url + '/console/tickets')
  await page.locator('#login').fill(login)
  await page.locator('#password').fill(password)
  await page.getByRole('button').filter({ hasText: /continuer|suivant|connecter/i }).first().click()
  await page.waitForURL('**/connexion/inscription*')
  await page.locator('#code').fill(totp((await page.locator('code.relais-reference').innerText()).trim()))
  await page.locator('main form button[type=submit]').click()
  await page.waitForLoadState()
  return page
}

// The contact form up to its last page, about the same bug.
async function fillForm (page) {
  await page.goto(site.url + '/contact')
  await page.getByLabel(/nom/i).first().fill('Nina Petit')
  await page.locator('#subject_person-birth_name').fill('Petit')
  await page.locator('#subject_person-first_names').fill('Nina')
  await page.locator('#subject_person-birth_date').fill('01/02/1990')
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.waitForURL('**/contact/probleme')
  await page.locator('#procedure').selectOption('RENEWAL')
  await page.locator('#department').selectOption('08')
  await page.locator('#subject').fill('Justificatif')
  await page.locator('#body').fill('Le téléversement du justificatif de domicile tourne sans fin puis erreur inattendue.')
  await page.locator('#portal-message').fill('Erreur inattendue DOC-500')
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.waitForURL('**/contact/pieces')
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.waitForURL('**/contact/reponse')
  await page.locator('#requester-email').fill('nina@example.test')
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.waitForURL('**/contact/envoi')
}

test('a bug is found, explained, escalated, worked around, fixed, verified, and comes back', { timeout: 400000 }, async () => {
  const faults = []
  const token = site.command(['token', 'add', 'essai', '--role', 'resolver', '--rate', '0'])
  importDossiers('avant.csv', [])
  for (let i = 0; i < strangers.length; ++i) {
    await api(token, 'POST', '/tickets', { channel: 'web_form', requester: { name: 'Autre ' + i, email: `autre${i}@example.test` }, procedure: 'NONE', department: '75', subject: 'Question', body: strangers[i] })
  }
  const references = []
  for (let i = 0; i < people; ++i) references.push(await report(token, i))

  const found = await until('the incident to be proposed with its thirty tickets', async () => {
    const { data } = await api(token, 'GET', '/incidents?state=proposed')
    return data.items.find(each => each.tickets === people)
  }, 60000)
  assert.equal(found.citizens, people)
  assert.equal(found.dossiers, withDossier)
  const number = found.number
  const state = async () => (await api(token, 'GET', `/incidents/${number}`)).data

  const resolver = await signIn('paul', 'resolver', 'équipe de résolution')
  await resolver.goto(site.url + '/console/incidents')
  faults.push(...await checkPage(resolver, 'incidents'))
  await resolver.locator(`a[href="/console/incidents/${number}"]`).first().click()
  await resolver.waitForURL(`**/console/incidents/${number}`)
  faults.push(...await checkPage(resolver, 'incident'))
  assert.ok((await resolver.locator('mark').allInnerTexts()).some(each => /justificatif|tourne|domicile/i.test(each)), 'the words in common are marked')
  await resolver.locator('#confirm-name').fill('Téléversement du justificatif sans fin')
  await resolver.locator('#confirm-nature').selectOption('software_defect')
  await resolver.locator('form[action$="/confirmation"] button[type=submit]').click()
  await resolver.waitForURL('**done=confirmed')
  // Thirty tickets in a week: the rule hands it over by itself.
  await until('the escalation', async () => (await state()).state === 'escalated', 60000)
  const { data: pack } = await api(token, 'GET', `/incidents/${number}/pack`)
  assert.equal(pack.samples.length, 5)
  for (const surname of surnames) assert.ok(!JSON.stringify(pack).toLowerCase().includes(surname.toLowerCase()), `the pack names ${surname}`)
  await resolver.goto(site.url + `/console/incidents/${number}`)
  await resolver.locator('form[action$="/acceptance"] button').click()
  await resolver.waitForURL('**done=accepted')
  const workaround = 'Réduisez le fichier sous 500 Ko, ou envoyez-le en photo.'
  await resolver.locator('#workaround-public').fill(workaround)
  await resolver.locator('#workaround-internal').fill('Proposer l’envoi en photo ; ne pas fermer la demande.')
  await resolver.locator('label[for=published]').click()
  await resolver.locator('form[action$="/workaround"] button[type=submit]').click()
  await resolver.waitForURL('**done=workaround')

  const agent = await signIn('anne', 'agent', 'conseillère')
  await agent.goto(site.url + '/console/tickets/' + references[3])
  assert.ok(await agent.getByText('Proposer l’envoi en photo').first().isVisible(), 'an agent sees what to do')
  faults.push(...await checkPage(agent, 'ticket-incident'))

  const citizen = await person(browser)
  await fillForm(citizen)
  assert.ok(await citizen.getByText(workaround).isVisible(), 'the form says it before sending')
  faults.push(...await checkPage(citizen, 'contact-known'))
  await citizen.getByRole('button', { name: 'Moi aussi, tenez-moi au courant' }).click()
  await citizen.waitForURL(`**/incidents/${number}?fait=suivi`)
  faults.push(...await checkPage(citizen, 'incident-public'))
  assert.equal((await state()).followers, 1)

  await until('the acknowledgements', () => site.allMails().length >= people + strangers.length, 60000)
  const before = site.allMails().length
  await resolver.goto(site.url + `/console/incidents/${number}`)
  await resolver.locator('summary', { hasText: 'Annoncer que c’est corrigé' }).click()
  await resolver.locator('#fix-release').fill('6.3')
  await resolver.locator('#fix-message').fill('Le téléversement fonctionne de nouveau. Vous pouvez reprendre votre démarche.')
  await resolver.getByRole('button', { name: 'Voir d’abord sur cinq personnes' }).first().click()
  assert.equal(await resolver.locator('li.relais-panel').count(), 5)
  faults.push(...await checkPage(resolver, 'incident-preview'))
  assert.equal(site.allMails().length, before, 'nothing left with the preview')
  await resolver.getByRole('button', { name: 'Annoncer la correction' }).click()
  await resolver.waitForURL('**done=fixed')

  await until('some of the mails', () => site.allMails().length >= before + 5, 60000)
  await site.kill()
  const atDeath = site.allMails().length - before
  assert.ok(atDeath < people, `it died in the middle (${atDeath} of ${people})`)
  await site.serve()
  const told = [...Array(people).keys()].map(mailOf).concat('nina@example.test')
  const news = () => site.allMails().filter(mail => mail.text.includes('fonctionne de nouveau'))
  await until('everybody to be told', () => told.every(address => news().some(mail => mail.envelope.to.includes(address))), 180000)
  let twice = 0
  for (const address of told) {
    const theirs = news().filter(mail => mail.envelope.to.includes(address))
    assert.ok(theirs.length <= 2, `${address} was told ${theirs.length} times`)
    twice += theirs.length - 1
    assert.equal(new Set(theirs.map(mail => mail.message_id)).size, 1, 'a mail that was in flight comes again as itself')
    for (const mail of theirs) {
      assert.deepEqual(mail.envelope.to, [address], 'nobody sees anybody else')
      for (const other of told) assert.ok(other === address || !mail.text.includes(other), `${address} reads of ${other}`)
    }
  }
  // Each of the two senders marks a mail as sent before it takes the next one.
  assert.ok(twice <= 2, `${twice} mails came twice, though two at most were in flight`)
  assert.equal(new Set(news().map(mail => mail.message_id)).size, told.length, 'a mail of their own to each, and to nobody else')

  const moved = [0, 1, 2, 3, 4, 5, 6, 7]
  importDossiers('apres.csv', moved)
  await resolver.goto(site.url + `/console/incidents/${number}`)
  await resolver.getByRole('button', { name: 'Relire les dossiers' }).click()
  await resolver.waitForURL('**done=verified')
  const read = await until('the dossiers to be read again', async () => {
    const { verification } = await state()
    return verification?.state === 'done' && verification
  }, 120000)
  assert.deepEqual([read.moved, read.stuck], [moved.length, withDossier - moved.length])
  for (let i = 0; i < withDossier; ++i) {
    const { data } = await api(token, 'GET', '/tickets/' + references[i])
    assert.equal(data.status === 'closed', moved.includes(i), `ticket ${i} is ${data.status}`)
  }
  const incomplete = await state()
  assert.equal(incomplete.state, 'fixed')
  assert.equal(incomplete.is_fix_incomplete, true)
  await resolver.goto(site.url + `/console/incidents/${number}/dossiers`)
  assert.equal(await resolver.getByText('encore bloqué').count(), withDossier - moved.length)
  faults.push(...await checkPage(resolver, 'incident-dossiers'))

  for (let i = 0; i < 3; ++i) {
    assert.equal((await state()).state, 'fixed')
    await report(token, people + i)
    await until('the ticket to be read', async () => (await state()).tickets === people + i + 1, 60000)
  }
  const back = await until('the regression', async () => { const now = await state(); return now.state === 'regressed' && now }, 60000)
  assert.equal(back.episode, 2)
  await until('those told fixed to be told', () => site.allMails().filter(mail => mail.text.includes('la correction n\'était pas complète')).length >= people, 180000)
  await resolver.goto(site.url + `/console/incidents/${number}`)
  faults.push(...await checkPage(resolver, 'incident-regressed'))

  assert.deepEqual(faults, [])
  // A page that follows the changes says so when the server dies; nothing else may be said.
  const said = [...resolver.reports, ...agent.reports, ...citizen.reports].filter(text => !/net::ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET)/.test(text))
  assert.deepEqual(said, [], 'no report of the content policy, no error of a script')
})
