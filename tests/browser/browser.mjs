// SPDX-License-Identifier: EUPL-1.2
// What the browser tests share: Debian's Chromium, pages that report what goes wrong, axe-core.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
      "--disable-sync", "--no-first-run"] });
}

// A page whose console errors, failed requests and CSP reports are kept in page.problems.
export async function openPage(browser, { width = 1280, height = 900, javaScript = true, dark = false, base } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: javaScript, baseURL: base,
    colorScheme: dark ? "dark" : "light", locale: "fr-FR", acceptDownloads: true });
  const page = await context.newPage();
  page.problems = [];
  page.on("console", (message) => { if (message.type() === "error") page.problems.push(message.text()); });
  page.on("pageerror", (error) => page.problems.push(String(error)));
  return page;
}

// The violations axe-core finds, as "rule: target". The engine comes in through the debugger, so the page's own policy stays in force.
export async function violations(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("Runtime.evaluate", { expression: axe });
  const { result } = await client.send("Runtime.evaluate", { awaitPromise: true, returnByValue: true,
    expression: `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }).then(found =>
      found.violations.map(each => each.id + ": " + each.nodes.map(node => node.target.join(" ")).slice(0, 3).join(" | ")))` });
  await client.detach();
  return result.value ?? ["axe-core did not run"];
}

// How many pixels the page is wider than the window: 0 when nothing scrolls sideways.
export async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
