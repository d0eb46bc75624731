// Somebody joins their identity to their account, and signs in by it; somebody whom nobody knows does not get in.
// node journey.mjs BASE NAME PASSWORD
import { request } from 'playwright-core';
import { assert, launch } from './chromium.mjs';

const [base, name, password] = process.argv.slice(2);
const browser = await launch();

// The provider's own pages: who somebody is, and that they agree.
async function atProvider(page, who) {
  await page.waitForURL(/\/interaction\//);
  await page.fill('input[name=login]', who);
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.waitForURL((url) => url.href.startsWith(base) || url.pathname.startsWith('/interaction/'));
  if (page.url().startsWith(base)) return;
  await page.click('button[type=submit]');
}

async function context() {
  const made = await browser.newContext({ javaScriptEnabled: false, locale: 'en' });
  made.setDefaultTimeout(20_000);
  return made;
}

// An account is known by its password first, and joins its identity.
const known = await context();
const page = await known.newPage();
await page.goto(`${base}/sign-in`);
await page.fill('#name', name);
await page.fill('#password', password);
await page.click('button.go');
await page.waitForURL(`${base}/office`);
await page.goto(`${base}/account/identity`);
await page.fill('#password', password);
await page.click('button[value=join]');
await atProvider(page, 'hoa');
await page.waitForURL(`${base}/account/identity`);
assert((await page.locator('.secret').innerText()).endsWith(' hoa'), 'the identity is joined');
console.log('joined');

// Signed out, the button leads to the provider and back, to where the person wanted to go.
await page.click('header button.link');
await page.waitForURL(`${base}/sign-in`);
let back = null;
page.on('request', async (sent) => {
  if (sent.url().includes('/sign-in/oidc/back')) back = { url: sent.url(), headers: sent.allHeaders() };
});
await page.goto(`${base}/office/forms`);
await page.waitForURL(/\/sign-in\?next=/);
await page.click('form[action="/sign-in/oidc"] button');
await page.waitForURL(`${base}/office/forms`);
assert((await page.locator('.who').innerText()).includes(name), 'signed in by the provider');
console.log('signed in');

// What the claim gives by the map, and nothing else: `heads` is a unit head of tra-cu, `administrator` is not mapped.
await page.goto(`${base}/office`);
const roles = await page.locator('main').innerText();
assert(roles.includes('Unit head') && !roles.includes('Administrator'), `roles: ${roles}`);
console.log('roles of the day');

// The same code once more, with everything that the browser had: the provider gives nothing for it.
const cookie = (await back.headers).cookie;
assert(cookie.includes('sipas_oidc='), 'the browser came back with what it was given');
const again = await (await request.newContext()).get(back.url, { headers: { cookie }, maxRedirects: 0 });
assert(again.status() === 422, `a code works once: ${again.status()}`);
assert(!(again.headers()['set-cookie'] ?? '').includes('sipas_session='), 'no session begins');
console.log('code refused the second time');

// Somebody whom no account knows is told what to tell the administrator.
const stranger = await (await context()).newPage();
await stranger.goto(`${base}/sign-in`);
await stranger.click('form[action="/sign-in/oidc"] button');
await atProvider(stranger, 'stranger');
await stranger.waitForURL(/\/sign-in\/oidc\/back/);
const line = await stranger.locator('.secret').innerText();
assert(line.endsWith(' stranger'), 'the identity is shown');
await stranger.goto(`${base}/office`);
assert(stranger.url().includes('/sign-in'), 'and nobody is signed in');
console.log('stranger refused');

// The administrator joins that identity to an account; a line that is none, or another provider's, is refused and kept.
const office = await (await context()).newPage();
await office.goto(`${base}/sign-in`);
await office.fill('#name', 'quan.tri');
await office.fill('#password', password);
await office.click('button.go');
await office.waitForURL(`${base}/office`);
await office.goto(`${base}/office/people?q=tam.tran`);
await office.click('main table a');
await office.click('a[href$="/join"]');
for (const wrong of ['stranger', 'https://elsewhere.example stranger']) {
  await office.fill('#identity', wrong);
  await office.click('main button.go');
  assert((await office.locator('.errs a[href="#identity"]').count()) === 1, `${wrong} is refused`);
  assert((await office.inputValue('#identity')) === wrong, 'what was typed stays');
}
await office.fill('#identity', line);
await office.click('main button.go');
await office.waitForURL(/done=join/);
await stranger.goto(`${base}/sign-in`);
await stranger.click('form[action="/sign-in/oidc"] button');
await stranger.waitForURL(`${base}/office`);
assert((await stranger.locator('.who').innerText()).includes('tam.tran'), 'known from now on');
console.log('joined by the administrator');

// Parted again, the session that began by it ends.
await office.click('a[href$="/part"]');
await office.click('main button.go');
await office.waitForURL(/done=part/);
await stranger.goto(`${base}/office`);
assert(stranger.url().includes('/sign-in'), 'nobody is signed in by it');
console.log('parted by the administrator');

// Who stops at the provider is not signed in.
const stopped = await (await context()).newPage();
await stopped.goto(`${base}/sign-in`);
await stopped.click('form[action="/sign-in/oidc"] button');
await stopped.waitForURL(/\/interaction\//);
await stopped.click('a[href$="/abort"]');
await stopped.waitForURL(/\/sign-in\/oidc\/back/);
assert((await stopped.locator('[role=alert]').count()) === 1, 'and is told so');
console.log('stopped half way');
await browser.close();
