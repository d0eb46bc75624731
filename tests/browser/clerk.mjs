// A clerk works with the keyboard alone: Enter issues, Enter prints; then a receipt is taken back by its code.
// node clerk.mjs BASE SESSION
import { assert, launch } from './chromium.mjs';

const [base, session] = process.argv.slice(2);
const browser = await launch();
const context = await browser.newContext({ javaScriptEnabled: false, locale: 'vi', acceptDownloads: true });
context.setDefaultTimeout(20_000);
await context.addCookies([{ name: 'sipas_session', value: session, url: base }]);
const page = await context.newPage();
const printed = [];
context.on('response', async (answer) => {
  if (answer.url().endsWith('/office/receipts/print')) printed.push(answer);
});

async function until(what, holds) {
  const begin = Date.now();
  while (!(await holds())) {
    assert(Date.now() - begin < 20_000, `still not: ${what}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}

await page.goto(`${base}/office/receipts`);
const begin = Date.now();
await page.keyboard.press('Enter');
await page.locator('input[name=batch]').waitFor({ state: 'attached' });
await page.keyboard.press('Enter');
await until('it is printed', () => printed.length === 1);
assert(printed[0].status() === 200, `printed: ${printed[0].status()}`);
assert(printed[0].headers()['content-type'] === 'application/pdf', 'a page to print');
console.log(`two key presses, ${Date.now() - begin} ms`);

// The next one: no need to look for the button.
await page.bringToFront();
const code = await page.locator('dl.spec dd').nth(2).innerText();
assert(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}$/.test(code), `a code: ${code}`);

// By Tab to the field, the code as it stands on the paper, by Tab to the button.
await page.goto(`${base}/office/receipts`);
await page.locator('#code').focus();
await page.keyboard.type(code.toLowerCase());
await page.keyboard.press('Tab');
await page.keyboard.press('Tab');
await page.keyboard.press('Space');
await page.locator('.note[role=status]').waitFor();
const over = await context.request.get(`${base}/r/${code}`, { headers: { accept: 'text/html' } });
assert(over.status() === 410, `void: ${over.status()}`);
console.log('void by keyboard');
await browser.close();
