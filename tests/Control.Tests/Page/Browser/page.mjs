// Opens the page in a real browser, logs in, and tells what it has found as one line of JSON.
// Arguments: the page's address, an API key, the browser's program, and the folder of node_modules.
import { createRequire } from "node:module";

const [address, key, program, modules] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const found = { errors: [], violations: [], figures: {}, requests: [] };
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });

async function check(where, page) {
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  for (const one of violations)
    if (["serious", "critical"].includes(one.impact))
      found.violations.push(`${where}: ${one.id}: ${one.nodes[0].target} ${one.nodes[0].failureSummary}`);
}

for (const [scheme, width] of [["dark", 1280], ["light", 1280], ["dark", 390]]) {
  // The page's policy lets no script of another place in; axe is put in by the browser's own means.
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("console", said => {
    // Who is not logged in is told so, which is how the page knows that it must ask.
    if (said.type() === "error" && !said.text().includes("401")) found.errors.push(said.text());
  });
  page.on("pageerror", problem => found.errors.push(String(problem)));
  page.on("request", request => {
    if (new URL(request.url()).origin !== new URL(address).origin && !request.url().startsWith("data:"))
      found.requests.push(request.url());
  });
  const began = Date.now();
  await page.goto(address);
  await page.waitForSelector("#login:not([hidden])");
  found.loadMs ??= Date.now() - began;
  await page.addScriptTag({ content: axe.source });
  await check(`login, ${scheme}`, page);
  await page.fill("#key", key);
  const entered = Date.now();
  await page.press("#key", "Enter");
  await page.waitForFunction(() => document.querySelectorAll("#account b").length > 5
    && document.querySelectorAll("#trades .link").length > 7);
  found.deskMs ??= Date.now() - entered;
  await page.waitForFunction(() => document.querySelectorAll("#account b").length > 5
    && document.querySelectorAll("#latencies tr").length > 8
    && document.querySelectorAll("#models tr").length > 1 && document.querySelectorAll("#quality td").length > 5
    && document.getElementById("alert-count").textContent.length > 0);
  await page.waitForFunction(() => /\d\d:\d\d/.test(document.querySelector("#latency .u-legend")?.textContent));
  found.figures.chart = await page.locator("#latency .u-legend .u-series").count();
  found.figures.legend = await page.locator("#latency .u-legend .u-series").first().innerText();
  await check(`desk, ${scheme}, ${width}`, page);
  found.figures.overflow = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (found.figures.overflow) found.errors.push(`the page is wider than ${width}`);
  await page.locator("#trades .link").first().click();
  await page.waitForFunction(() => document.querySelectorAll("#story-text li").length > 1);
  found.figures.story = await page.locator("#story-text").innerText();
  await check(`story, ${scheme}`, page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("k");
  await page.waitForSelector("#ask[open]");
  found.figures.isHeld = await page.locator("#ask-go").isDisabled();
  found.figures.killText = await page.locator("#ask-text").innerText();
  await check(`question, ${scheme}`, page);
  await page.fill("#ask-word", "KILL");
  found.figures.isReleased = await page.locator("#ask-go").isEnabled();
  await page.keyboard.press("Escape");
  found.figures.switch = await page.locator("#switch").innerText();
  found.figures.equity = await page.locator("#account b").first().innerText();
  found.figures.screenshot = (await page.screenshot()).length;
  await context.close();
}

// What fails or hangs: everything else stays as fresh as it is, and nothing old looks fresh.
const troubled = await (await browser.newContext()).newPage();
troubled.setDefaultTimeout(60_000);
await troubled.goto(address);
await troubled.fill("#key", key);
await troubled.press("#key", "Enter");
await troubled.waitForFunction(() => document.querySelectorAll("#trades .link").length > 7);
await troubled.route("**/parents", route => route.fulfill({ status: 503, json: { detail: "the ring is away" } }));
await troubled.waitForFunction(() => document.getElementById("parents").textContent.includes("the ring is away"));
await troubled.evaluate(() => { document.getElementById("alert-count").textContent = ""; });
await troubled.waitForFunction(() => document.getElementById("alert-count").textContent.length > 0);
found.figures.tradesBesideAFault = await troubled.locator("#trades .link").count();

let asked = 0;
const taken = new Promise(take => troubled.route("**/commands/stop-entries", route => {
  asked++;
  take(route);
}));
await troubled.keyboard.press("s");
await troubled.fill("#ask-word", "STOP");
for (let i = 0; i < 3; i++) await troubled.press("#ask-word", "Enter");
await troubled.waitForFunction(() => document.getElementById("ask-answer").textContent.includes("not answered"));
await (await taken).fulfill({ json: { done: true } });
await troubled.waitForFunction(() => document.getElementById("ask-answer").textContent === "Done.");
await troubled.press("#ask-word", "Enter");
await troubled.waitForSelector("#ask", { state: "hidden" });
found.figures.asked = asked;

// More exits work than a page of orders has: nobody can say what all of them come to.
let [next, isWhole] = [null, true];
await troubled.route("**/state", async route => {
  const response = await route.fetch();
  const state = await response.json();
  Object.assign(state, { heard_all: isWhole });
  Object.assign(state.positions[0], { instrument: 1, position: 3 });
  await route.fulfill({ response, json: state });
});
await troubled.route("**/orders?*", route => route.fulfill({ json: { next, items: [
  { instrument_id: 1, purpose: "stop_loss", leaves_quantity: 2, stop_price: 4000 }] } }));
const areStops = text => troubled.waitForFunction(
  expected => document.querySelector("#positions tr:nth-child(2) td:nth-child(5)")?.textContent === expected, text);
await areStops("2 from 4,000.00");
// What has not come may have been the end of one of them, or another one.
isWhole = false;
await areStops("unsure: 2 from 4,000.00");
next = 7;
await areStops("not known");
found.figures.stops = "not known";
await troubled.unroute("**/state");

await troubled.route("**/state", () => {});
await troubled.waitForSelector("#stale:not([hidden])");
found.figures.stale = await troubled.locator("#stale").innerText();
found.figures.switchWhenStale = await troubled.locator("#switch").innerText();
await browser.close();
process.stdout.write(JSON.stringify(found) + "\n");
