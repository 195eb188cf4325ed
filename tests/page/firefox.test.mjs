// The built page in Firefox, through its stable hooks. tests/page.rs has every detail, in Chromium; here is what could
// differ in another browser. Needs dist/ (scripts/build) and scripts/install browser. Run: node --test tests/page/firefox.test.mjs
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { serve } from "../../scripts/static-server.mjs";

const root = new URL("../..", import.meta.url).pathname;
const puppeteer = createRequire(join(root, "target/tools/package.json"))("puppeteer-core");
const firefox = ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"].find((path) => existsSync(path));
/** The networks of the first screen: `BOOK` of the catalog. */
const networks = JSON.parse(/const BOOK: .* = (\[.*\]);/.exec(readFileSync(join(root, "src/catalog.rs"), "utf8"))[1]);
/** A closed shirt, in shares of the cloth. */
const shirt = [[.35, .15], [.65, .15], [.9, .35], [.8, .48], [.7, .4], [.7, .9], [.3, .9], [.3, .4], [.2, .48], [.1, .35], [.35, .15], [.36, .15]];
const minute = { timeout: 60_000, polling: 50 };

let browser, server, address;
before(async () => {
  server = serve(join(root, "dist")).listen(0, "127.0.0.1");
  await new Promise((listening) => server.on("listening", listening));
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true });
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** The page with every model ready and a blank cloth; closed after the test. */
async function open(context, { width = 1280, height = 900 } = {}, what = address) {
  const page = await browser.newPage();
  context.after(() => page.close());
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.setViewport({ width, height });
  await page.goto(what);
  const ready = () => document.body.dataset.state === "ready" && !document.querySelector("[data-model]:not([data-state=ready]), main > section:not(#draw, #squeeze, .laid-out)");
  await page.waitForFunction(ready, minute);
  await page.click("#clear");
  await page.waitForFunction(() => document.body.dataset.verdict === "blank", minute);
  return { page, errors };
}

/** Draw with the pointer. */
async function draw(page, points) {
  const cloth = await (await page.$("#drawing")).boundingBox();
  const at = ([x, y]) => [cloth.x + x * cloth.width, cloth.y + y * cloth.height];
  await page.mouse.move(...at(points[0]));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...at(point), { steps: 4 });
  await page.mouse.up();
}

/** Wait until every network answers the newest picture, which is newer than `than`; returns its number. */
async function answered(page, than) {
  await page.waitForFunction((than) => {
    const newest = Number(document.body.dataset.input);
    return newest > than && document.body.dataset.state === "ready"
      && [...document.querySelectorAll("[data-model]")].every((model) => Number(model.dataset.input) === newest);
  }, minute, than);
  return page.evaluate(() => Number(document.body.dataset.input));
}

const predictions = (page) => page.$$eval("[data-model]", (models) => Object.fromEntries(models.map((m) => [m.dataset.model, m.dataset.prediction])));

test("a drawing is answered, undone and cleared; the keyboard draws too", async (context) => {
  const { page, errors } = await open(context);
  await draw(page, shirt);
  const input = await answered(page, 0);
  const answers = await predictions(page);
  for (const network of networks) assert.match(answers[network], /Shirt|T-shirt|Pullover|Coat/, network);
  assert.ok(await page.$eval("[data-model=pocket]", (m) => Number(m.dataset.latencyMs) > 0 && Number(m.dataset.latencyRuns) >= 3));
  await page.click("#undo");
  await page.waitForFunction(() => document.body.dataset.verdict === "blank", minute);
  await page.focus("#drawing");
  await page.keyboard.down("Shift");
  for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"]) for (let i = 0; i < 8; i++) await page.keyboard.press(key);
  await page.keyboard.up("Shift");
  await answered(page, input);
  assert.deepEqual(errors, []);
});

test("a picture is uploaded, and a broken one is refused and loses nothing", async (context) => {
  const { page, errors } = await open(context);
  const upload = await page.$("#upload");
  await upload.uploadFile(join(root, "tests/pictures/shirt.png"));
  const input = await answered(page, 0);
  const before = await predictions(page);
  await upload.uploadFile(join(root, "tests/pictures/not-a-picture.txt"));
  await page.waitForFunction(() => !document.getElementById("message").hidden, minute);
  await page.waitForFunction(() => document.body.dataset.state === "ready", minute);
  assert.deepEqual(await predictions(page), before);
  await upload.uploadFile(join(root, "tests/pictures/shirt.webp"));
  await answered(page, input);
  assert.deepEqual(errors, []);
});

test("a network is squeezed until its bytes are fewer, and answers on", async (context) => {
  const { page, errors } = await open(context);
  await draw(page, shirt);
  await answered(page, 0);
  const bytes = [];
  for (const bits of ["6", "3"]) {
    await page.$eval("#squeeze-bits", (dial, bits) => {
      dial.value = bits;
      dial.dispatchEvent(new Event("input", { bubbles: true }));
      dial.dispatchEvent(new Event("change", { bubbles: true }));
    }, bits);
    await page.waitForFunction((bits) => {
      const { bits: shown, squeezedPrediction, squeezedAccuracy } = document.querySelector("[data-model=pocket]").dataset;
      return shown === bits && squeezedPrediction && squeezedAccuracy;
    }, minute, bits);
    bytes.push(await page.$eval("[data-model=pocket]", (m) => Number(m.dataset.squeezedBytes)));
  }
  assert.ok(bytes[1] < bytes[0], bytes.join());
  assert.deepEqual(errors, []);
});

test("test images are classified as natively, and a run can be cancelled", async (context) => {
  const { page, errors } = await open(context);
  const classify = async (images) => {
    await page.select("#evaluation-images", String(images));
    await page.click("#evaluate");
  };
  await classify(10_000);
  await page.waitForFunction(() => Number(document.getElementById("evaluation-result").dataset.done) >= 100, minute);
  await page.click("#evaluation-cancel");
  await page.waitForFunction(() => document.body.dataset.state === "ready" && !document.getElementById("evaluate").hidden, minute);
  await classify(100);
  await page.waitForFunction(() => document.getElementById("evaluation-result").dataset.done === "100", minute);
  const labels = gunzipSync(readFileSync(join(root, "dist/data/t10k-labels-idx1-ubyte.gz"))).subarray(8);
  for (const network of networks) {
    const report = JSON.parse(readFileSync(join(root, `results/${network}.json`), "utf8"));
    const computedIn = await page.$eval(`#details-${network} [data-part=arithmetic]`, (element) => element.textContent);
    const answers = computedIn.includes("layers in integers") ? report.integer_predictions : report.predictions;
    const right = [...answers.slice(0, 100)].filter((class_, i) => Number(class_) === labels[i]).length;
    assert.equal(await page.$eval(`[data-evaluated=${network}]`, (row) => row.dataset.correct), String(right), network);
  }
  assert.deepEqual(errors, []);
});

test("nothing scrolls sideways at any width", async (context) => {
  for (const width of [1280, 768, 390, 320]) {
    const { page } = await open(context, { width, height: 800 });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(beyond <= 0, `${width} px: ${beyond} px too wide`);
  }
});
