// SPDX-License-Identifier: EUPL-1.2
// The demonstration in a folder of its own, small, with its accounts: what tests of the console stand on.
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { freePort, program, totp, until } from './support.mjs'

export class Demonstration {
  static async start ({ dossiers = 600, tickets = 300 } = {}) {
    const one = new Demonstration()
    one.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-demonstration-'))
    one.data = path.join(one.folder, 'data')
    const port = await freePort()
    one.url = `http://127.0.0.1:${port}`
    one.env = { ...process.env, RELAIS_ADMINISTRATION_LISTEN: '', RELAIS_HTTP_DRAIN_DELAY_MS: '0' }
    one.child = spawn(program, ['demo', '--data', one.data, '--listen', `127.0.0.1:${port}`, '--dossiers', String(dossiers), '--tickets', String(tickets)],
      { env: one.env, stdio: ['ignore', 'pipe', 'ignore'] })
    one.said = ''
    one.sessions = new Map()
    one.child.stdout.on('data', piece => { one.said += piece })
    await until('the demonstration', async () => {
      if (one.child.exitCode !== null) throw new Error(`the demonstration ended with ${one.child.exitCode}`)
      return fetch(one.url + '/readyz').then(answer => answer.ok, () => false)
    }, 120000)
    await until('its accounts', () => /second-factor secret\n[\s\S]+\n\n/.test(one.said))
    return one
  }

  // The first account of a role: login, password and the seed of its second factor.
  account (role) {
    const line = this.said.split('\n').map(each => each.trim().split(/\s{2,}|\s+(?=[A-Z2-7]{16,}$)/)).find(each => each[1] === role)
    return { login: line[0], password: line[2], seed: line.at(-1) }
  }

  // One session a role: a code of the second factor opens once.
  async signIn (page, role) {
    const kept = this.sessions.get(role)
    if (kept) {
      await page.context().addCookies(kept)
      await page.goto(this.url + '/console/')
      return
    }
    const { login, password, seed } = this.account(role)
    await page.goto(this.url + '/connexion')
    await page.locator('#login').fill(login)
    await page.locator('#password').fill(password)
    await page.locator('main form button[type=submit]').click()
    await page.waitForURL('**/connexion/code*')
    await page.locator('#code').fill(totp(seed))
    await page.locator('main form button[type=submit]').click()
    await page.waitForURL('**/console/**')
    this.sessions.set(role, await page.context().cookies())
  }

  // A token of a role, made beside the running server.
  token (role) {
    const done = spawnSync(program, ['token', 'add', 'essai', '--role', role, '--rate', '0', '--data', this.data], { env: this.env, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
    return done.stdout.trim()
  }

  async api (token, method, address, body) {
    const answer = await fetch(this.url + address, {
      method,
      headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body)
    })
    return { status: answer.status, data: await answer.json() }
  }

  async close () {
    const ended = new Promise(resolve => this.child.once('exit', resolve))
    this.child.kill('SIGTERM')
    await ended
    fs.rmSync(this.folder, { recursive: true, force: true })
  }
}
