// SPDX-License-Identifier: EUPL-1.2
// What the browser tests stand on: the built server, a real mail sink, a real browser, axe-core. Nothing is simulated.
import { spawn, spawnSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { createRequire } from 'node:module'
import readline from 'node:readline'
import { chromium } from 'playwright-core'

const require = createRequire(import.meta.url)
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
export const program = path.join(process.env.RELAIS_BUILD ?? 'build/dev', 'relais')
export const shots = process.env.RELAIS_SHOTS ?? '' // a folder: keep a picture of every page that was checked

export async function until (what, ask, limitMs = 30000) {
  const end = Date.now() + limitMs
  for (;;) {
    const found = await ask()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

export function freePort () {
  return new Promise(resolve => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

function firstLine (child) {
  return new Promise((resolve, reject) => {
    readline.createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', code => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`)))
  })
}

// The server with its database and its mail sink, on loopback; everything goes with close().
export class Site {
  // environment: RELAIS_<SECTION>_<KEY> settings of this test; at: the day on which the story begins; the clock of the program then goes on
  // from there, and travel() moves it.
  static async start (kind, { at, environment = {} } = {}) {
    const site = new Site()
    site.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-browser-'))
    site.port = await freePort()
    site.url = `http://127.0.0.1:${site.port}`
    site.mails = path.join(site.folder, 'mails')
    site.sink = spawn('node', ['tests/support/smtp_sink.mjs', '--out', site.mails], { stdio: ['ignore', 'pipe', 'inherit'] })
    const sinkPort = await firstLine(site.sink)
    site.env = {
      ...process.env,
      RELAIS_SITE_BASE_URL: site.url,
      RELAIS_SITE_SECURE_COOKIES: 'false',
      RELAIS_ADMINISTRATION_LISTEN: '',
      RELAIS_HTTP_DRAIN_DELAY_MS: '0',
      RELAIS_MAIL_HOST: '127.0.0.1',
      RELAIS_MAIL_PORT: sinkPort,
      RELAIS_MAIL_SECURITY: 'none',
      ...environment
    }
    if (at) site.shiftClock(at)
    if (kind === 'mariadb') site.useMariadb()
    await site.serve()
    return site
  }

  shiftClock (at) {
    this.clock = path.join(this.folder, 'clock')
    this.travel(at)
    Object.assign(this.env, {
      LD_PRELOAD: path.resolve(path.dirname(program), 'tests/libclock_shift.so'),
      RELAIS_CLOCK_SHIFT: this.clock,
      RELAIS_SHARE_CLOCK_HOLD_MINUTES: '0' // travel() is believed at once
    })
  }

  // Moves the program's clock to a moment, from which it goes on.
  travel (to) {
    this.shift = Math.round((Date.parse(to) - Date.now()) / 1000)
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(this.shift))
    const file = fs.openSync(this.clock, 'a+')
    fs.closeSync(file)
    fs.writeFileSync(this.clock, bytes, { flag: 'r+' }) // in place: the program has it mapped
  }

  now () { return Date.now() + (this.shift ?? 0) * 1000 }

  // Starts the program, or starts it again after kill(); the data stays.
  async serve () {
    this.child = spawn(program, ['serve', '--data', path.join(this.folder, 'data'), '--listen', `127.0.0.1:${this.port}`],
      { env: this.env, stdio: ['ignore', 'ignore', fs.openSync(path.join(this.folder, 'server.log'), 'a')] })
    await until('the server', async () => {
      if (this.child.exitCode !== null) throw new Error(fs.readFileSync(path.join(this.folder, 'server.log'), 'utf8'))
      return fetch(this.url + '/readyz').then(answer => answer.ok, () => false)
    })
  }

  // As when the power fails.
  async kill () {
    const ended = new Promise(resolve => this.child.once('exit', resolve))
    this.child.kill('SIGKILL')
    await ended
  }

  useMariadb () {
    this.socket = process.env.RELAIS_TEST_MARIADB_SOCKET
    this.database = 'relais_browser_' + process.pid
    this.sql(`CREATE DATABASE ${this.database}`)
    Object.assign(this.env, { RELAIS_DATABASE_SOCKET: this.socket, RELAIS_DATABASE_NAME: this.database, RELAIS_DATABASE_USER: 'root' })
    this.command(['migrate'])
  }

  sql (text) { spawnSync('mariadb', ['-uroot', '-S', this.socket, '-e', text], { stdio: 'inherit' }) }

  // A command beside the server, as an operator types it. Returns its standard output.
  command (words, input = '') {
    const done = spawnSync(program, [...words, '--data', path.join(this.folder, 'data')], { env: this.env, input, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`${words.join(' ')}: ${done.stderr}`)
    return done.stdout.trim()
  }

  // Every mail received, oldest first.
  allMails () {
    if (!fs.existsSync(this.mails)) return []
    return fs.readdirSync(this.mails).filter(name => name.endsWith('.json')).sort()
      .map(name => JSON.parse(fs.readFileSync(path.join(this.mails, name), 'utf8')))
  }

  // The mails that reached an address, oldest first.
  mailsTo (address) { return this.allMails().filter(mail => mail.envelope.to.includes(address)) }

  async close () {
    const ended = new Promise(resolve => this.child.once('exit', resolve))
    this.child.kill('SIGTERM')
    this.status = await ended
    this.sink.kill()
    if (this.database) this.sql(`DROP DATABASE ${this.database}`)
    fs.rmSync(this.folder, { recursive: true, force: true })
  }
}

export function launch () {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  })
}

// A person's browser: what the console reports about the content policy, and errors of scripts, are faults of ours.
export async function person (browser, options = {}) {
  const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 360, height: 760 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(15000)
  page.reports = []
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) page.reports.push(message.text()) })
  page.on('pageerror', error => page.reports.push(String(error)))
  return page
}

let shot = 0
// axe-core's WCAG 2.1 A and AA rules, no sideways scrolling, one h1, a title, a language. Returns the faults as text.
export async function checkPage (page, name) {
  const found = []
  // The policy forbids scripts of others, so axe is handed to the page by the debugger, not by a tag.
  await page.evaluate(axeSource)
  const result = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
    return violations.map(each => `${each.id}: ${each.help} (${each.nodes.map(node => node.target.join(' ')).join(', ')})`)
  })
  found.push(...result.map(text => `${name}: ${text}`))
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (wide > 0) found.push(`${name}: ${wide} px wider than the screen`)
  if (await page.locator('h1').count() !== 1) found.push(`${name}: not exactly one h1`)
  if (!await page.title()) found.push(`${name}: no title`)
  if (shots) {
    fs.mkdirSync(shots, { recursive: true })
    await page.screenshot({ path: path.join(shots, `${String(++shot).padStart(2, '0')}-${name}.png`), fullPage: true })
  }
  return found
}

// Presses Tab until something has the focus: the order of the page is what a person without a mouse has.
export async function tabTo (page, locator, limit = 150) {
  for (let i = 0; i < limit; ++i) {
    await page.keyboard.press('Tab')
    if (await locator.evaluate(node => node === document.activeElement)) return
  }
  throw new Error('the keyboard does not reach ' + locator)
}

// How a person works a form: with a pointer or a finger, or with Tab, Enter and the space bar alone.
export const pointer = {
  fill: (page, selector, text) => page.locator(selector).first().fill(text),
  choose: (page, selector, value) => page.locator(selector).selectOption(value),
  attach: (page, selector, file) => page.locator(selector).setInputFiles(file),
  press: (page, selector) => page.locator(selector).first().click(),
  correct: (page, selector, text) => page.locator(selector).fill(text)
}
export const keyboard = {
  async fill (page, selector, text) {
    await tabTo(page, page.locator(selector).first()) // what a field of one line held is selected
    await page.keyboard.type(text)
  },
  async choose (page, selector, value) {
    const field = page.locator(selector)
    await tabTo(page, field)
    await page.keyboard.type(await field.evaluate((node, value) => {
      const lower = option => option.text.trim().toLowerCase()
      const wanted = [...node.options].find(each => each.value === value)
      let typed = ''
      for (const letter of lower(wanted)) {
        typed += letter
        if ([...node.options].find(each => lower(each).startsWith(typed)) === wanted) break
      }
      return typed // as few letters as lead to it
    }, value))
  },
  async attach (page, selector, file) {
    const opened = page.waitForEvent('filechooser')
    await tabTo(page, page.locator(selector)) // and its answer says that the browser hands its choosers over from now on
    await page.keyboard.press('Space')
    await (await opened).setFiles(file)
  },
  async press (page, selector) {
    await tabTo(page, page.locator(selector).first())
    await page.keyboard.press('Enter')
  },
  // The field has the focus, its text is not selected: away and back.
  async correct (page, selector, text) {
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type(text)
    if (await page.locator(selector).inputValue() !== text) throw new Error(`${selector} did not take the focus`)
  }
}

// The first sign-in of a colleague who is made for it: the password, then the second factor that the page gives.
export async function signInAnew (site, page, { login, role, name, address }) {
  const password = 'une phrase assez longue pour tenir'
  site.command(['user', 'add', login, '--role', role, '--full-name', name, '--password-stdin'], password + '\n')
  await page.goto(site.url + address)
  await page.locator('#login').fill(login)
  await page.locator('#password').fill(password)
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL('**/connexion/inscription*')
  await page.locator('#code').fill(totp((await page.locator('code.relais-reference').innerText()).trim()))
  await page.locator('main form button[type=submit]').click()
  await page.waitForLoadState('load')
}

// The six digits that an authenticator shows for a base-32 seed (RFC 6238).
export function totp (seed, at = Date.now()) {
  const bits = [...seed.replace(/[\s=]/g, '')].map(each => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(each).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000)))
  const hash = crypto.createHmac('sha1', key).update(counter).digest()
  const code = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff
  return String(code % 1000000).padStart(6, '0')
}
