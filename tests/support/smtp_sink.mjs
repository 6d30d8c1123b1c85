// SPDX-License-Identifier: EUPL-1.2
// A real SMTP server that keeps what it receives: NNNNN.eml (the bytes) and NNNNN.json (envelope and parsed mail) in --out;
// a file named "asked" once a recipient was named. Prints its port on the first line. It accepts everything, unless told otherwise:
//   --port N            listen there (default: any free port)
//   --greylist          451 the first time a recipient is named
//   --reject ADDRESS    550 for that recipient (may be repeated)
//   --refuse-data CODE  that reply after the message, instead of 250
//   --drop N            the first N messages are kept, then the connection is cut before the 250
//   --tarpit MS         waits that long before each reply to RCPT
//   --key F --cert F    offers STARTTLS with them; with --tls, TLS from the first byte; with --need-tls, refuses clear text
//   --user U --password P   asks for them
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

const { values: given } = parseArgs({
  options: {
    out: { type: 'string' }, port: { type: 'string', default: '0' }, greylist: { type: 'boolean', default: false },
    reject: { type: 'string', multiple: true, default: [] }, 'refuse-data': { type: 'string' }, drop: { type: 'string', default: '0' },
    tarpit: { type: 'string', default: '0' }, key: { type: 'string' }, cert: { type: 'string' }, tls: { type: 'boolean', default: false },
    'need-tls': { type: 'boolean', default: false }, user: { type: 'string' }, password: { type: 'string' }
  }
})
fs.mkdirSync(given.out, { recursive: true })

let received = fs.readdirSync(given.out).filter(name => name.endsWith('.json')).length
let drops = Number(given.drop)
const seen = new Set()

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code })

async function keep (bytes, session) {
  const mail = await simpleParser(bytes)
  const name = String(++received).padStart(5, '0')
  const record = {
    file: name + '.eml',
    envelope: { from: session.envelope.mailFrom.address ?? '', to: session.envelope.rcptTo.map(to => to.address) },
    session: session.id, secure: session.secure, user: session.user ?? '', helo: session.hostNameAppearsAs,
    subject: mail.subject ?? '', from: mail.from?.value?.[0] ?? {}, to: mail.to?.value?.[0] ?? {}, date: mail.date,
    message_id: mail.messageId ?? '', text: mail.text ?? '', html: mail.html || '',
    headers: mail.headerLines.map(({ key, line }) => ({ key, line })),
    attachments: mail.attachments.map(one => ({ name: one.filename, type: one.contentType, content: one.content.toString('base64') }))
  }
  fs.writeFileSync(path.join(given.out, name + '.eml'), bytes)
  fs.writeFileSync(path.join(given.out, name + '.tmp'), JSON.stringify(record))
  fs.renameSync(path.join(given.out, name + '.tmp'), path.join(given.out, name + '.json'))
}

const server = new SMTPServer({
  secure: given.tls,
  key: given.key && fs.readFileSync(given.key),
  cert: given.cert && fs.readFileSync(given.cert),
  disabledCommands: [...(given.user ? [] : ['AUTH']), ...(given.key ? [] : ['STARTTLS'])],
  authOptional: !given.user,
  allowInsecureAuth: true,
  disableReverseLookup: true,
  closeTimeout: 100,
  onAuth (auth, session, done) {
    if (auth.username === given.user && auth.password === given.password) done(null, { user: auth.username })
    else done(refusal(535, 'wrong user or password'))
  },
  onMailFrom (address, session, done) {
    done(given['need-tls'] && !session.secure ? refusal(530, 'Must issue a STARTTLS command first') : null)
  },
  onRcptTo ({ address }, session, done) {
    fs.writeFileSync(path.join(given.out, 'asked'), address) // a conversation is under way
    const answer = () => {
      if (given.reject.includes(address)) return done(refusal(550, `5.1.1 <${address}>: user unknown`))
      if (given.greylist && !seen.has(address)) {
        seen.add(address)
        return done(refusal(451, '4.7.1 greylisted, come back later'))
      }
      done()
    }
    setTimeout(answer, Number(given.tarpit))
  },
  onData (stream, session, done) {
    const pieces = []
    stream.on('data', piece => pieces.push(piece))
    stream.on('end', async () => {
      if (given['refuse-data']) return done(refusal(Number(given['refuse-data']), 'refused after the message'))
      await keep(Buffer.concat(pieces), session)
      if (drops-- > 0) return [...server.connections].find(one => one.id === session.id)._socket.destroy()
      done()
    })
  }
})
server.on('error', error => process.stderr.write(String(error) + '\n'))
server.listen(Number(given.port), '127.0.0.1', () => console.log(server.server.address().port))
process.on('SIGTERM', () => process.exit(0))
