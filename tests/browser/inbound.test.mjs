// SPDX-License-Identifier: EUPL-1.2
// A citizen answers our mail; the agency's mail server hands the answer over by LMTP (nodemailer's client, which smtp-server brings).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import LmtpClient from 'nodemailer/lib/smtp-connection/index.js'
import { freePort, Site, until } from './support.mjs'

const kind = process.env.RELAIS_TEST_DATABASE ?? 'sqlite'
let site, port, token
before(async () => {
  port = await freePort()
  site = await Site.start(kind, {
    environment: { RELAIS_INBOUND_LISTEN: `127.0.0.1:${port}`, RELAIS_INBOUND_ADDRESS: 'reponses@centre.example', RELAIS_MAIL_MESSAGE_ID_HOST: 'centre.example' }
  })
  token = site.command(['token', 'add', 'desk', '--role', 'agent'])
})
after(async () => {
  await site?.close()
  if (site) assert.equal(site.status, 0)
})

async function api (path, body) {
  const answer = await fetch(site.url + '/api/v1' + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body)
  })
  assert.ok(answer.ok, `${path}: ${answer.status}`)
  return answer.json()
}

// Resolves to the refusal of each recipient, by address; to nothing when all were kept.
function deliver (envelope, message) {
  return new Promise((resolve, reject) => {
    const client = new LmtpClient({ host: '127.0.0.1', port, lmtp: true, ignoreTLS: true })
    client.once('error', reject)
    client.connect(() => client.send(envelope, message, (error, info) => {
      client.quit()
      if (error && !error.rejected) return reject(error)
      resolve((error ?? info).rejected ?? [])
    }))
  })
}

const written = options => new MailComposer(options).compile().build()

test('an answer to our mail lands on its ticket, a forged one nowhere, and a machine starts no loop', async () => {
  const opened = await api('/tickets', {
    channel: 'phone', requester: { name: 'Zoé Martin', email: 'zoe@example.test' }, procedure: 'REGISTRATION', department: '33', subject: 'Photo', body: 'Bonjour'
  })
  await api(`/tickets/${opened.reference}/messages`, { kind: 'reply', body: 'Quel est votre numéro ?', waits: true })
  const asked = await until('our question', () => site.mailsTo('zoe@example.test').find(mail => mail.text.includes('Quel est votre numéro')))
  const address = asked.headers.find(each => each.key === 'reply-to').line.match(/[^\s:<]+@centre\.example/)[0]
  assert.equal(asked.envelope.from, address, 'what cannot be delivered comes back to the ticket')
  assert.match(asked.text, /répondre directement à ce courriel/)

  const mail = await written({
    from: 'Zoé Martin <zoe@example.test>', to: address, subject: 'Re: ' + asked.subject, inReplyTo: asked.message_id,
    text: 'C’est le 12.\n\nLe lundi 23 novembre 2026, le service a écrit :\n> Quel est votre numéro ?\n', attachments: [{ filename: 'note.txt', content: 'douze' }]
  })
  assert.deepEqual(await deliver({ from: 'zoe@example.test', to: address }, mail), [])
  const ticket = await api('/tickets/' + opened.reference)
  const last = ticket.messages.at(-1)
  assert.equal(last.body, 'C’est le 12.')
  assert.equal(last.channel, 'email')
  assert.deepEqual(last.files.map(file => file.name), ['note.txt'])
  assert.equal(ticket.status, 'open')

  const forged = address.replace(/.(?=@)/, each => each === '0' ? '1' : '0')
  assert.deepEqual(await deliver({ from: 'zoe@example.test', to: forged }, mail), [forged])
  const before = site.allMails().length
  const automatic = await written({ from: 'zoe@example.test', to: address, text: 'Absente', headers: { 'Auto-Submitted': 'auto-replied' } })
  assert.deepEqual(await deliver({ from: 'zoe@example.test', to: address }, automatic), [])
  assert.equal((await api('/tickets/' + opened.reference)).messages.length, ticket.messages.length)
  assert.equal(site.allMails().length, before)
})
