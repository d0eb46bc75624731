// A citizen's ways through a form: without scripts, by keyboard alone, and over a network that fails.
import { assert, launch } from './chromium.mjs';
import { inLanguage, plan } from './plan.mjs';

const { form, code, forms, base } = await plan();
const browser = await launch();
const checked = (page) => page.locator('input:checked').evaluateAll((all) => all.map((e) => `${e.name}=${e.value}`));

// Back, as far as the browser goes. A page that came by a POST is not shown again, or asked anew: nothing of it is there.
async function back(page) {
  await page.goBack().catch(() => null);
  await page.waitForTimeout(500);
  await page.waitForLoadState();
}

// From the code to the thanks without scripts; errors are led to, another language keeps what was chosen.
async function withoutScripts(lang, other, address) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
  const page = await context.newPage();
  if (address) {
    await page.goto(inLanguage(address, lang));
  } else {
    await page.goto(inLanguage(`${base}/r`, lang));
    await page.fill('#code', code.toLowerCase());
    await page.click('main button');
    await page.waitForURL(/\/r\/[^?]+$/);
  }
  assert((await page.getAttribute('html', 'lang')) === lang, `${lang}: the language is kept`);
  await page.click('#send');
  await page.waitForSelector('#errs');
  assert(/^(Lỗi:|កំហុស៖|Error:)/.test(await page.title()), `${lang}: the title says that something is wrong`);
  const links = await page.locator('#errs a').all();
  assert(links.length > 0, `${lang}: the errors are listed`);
  for (const link of links) {
    const target = (await link.getAttribute('href')).slice(1);
    await link.click();
    assert((await page.locator(`[id="${target}"]:is(input,textarea)`).count()) === 1, `${lang}: ${target} is a control`);
    assert(page.url().endsWith(`#${target}`), `${lang}: it is led to`);
  }
  await page.locator('label[for="access.ease-4"]').click();
  await page.locator('label[for="official.attitude-dont_know"]').click();
  await page.fill('#comment', 'Chờ lâu');
  const before = await checked(page);
  await page.click(`nav button[value=${other}]`);
  await page.waitForSelector(`html[lang=${other}]`);
  assert(JSON.stringify(await checked(page)) === JSON.stringify(before), `${lang}: another language keeps the answers`);
  assert((await page.inputValue('#comment')) === 'Chờ lâu', `${lang}: and the words`);
  assert((await page.locator('#errs').count()) === 0, 'turning is no error');
  await page.click(`nav button[value=${lang}]`);
  await page.waitForSelector(`html[lang=${lang}]`);
  await page.click('#send');
  await page.waitForURL('**/thanks');
  for (let again = 0; again < 5; again += 1) await page.reload();
  await back(page);
  assert((await checked(page)).length === 0, `${lang}: Back shows nothing of what was answered`);
  await context.close();
  console.log(`without scripts ${lang}`);
}

async function stores(page) {
  return page.evaluate(async () => ({
    local: localStorage.length, session: sessionStorage.length, caches: (await caches.keys()).length,
    databases: (await indexedDB.databases()).length, cookies: document.cookie,
  }));
}

function assertNothingStays(left, when) {
  assert(JSON.stringify(left) === '{"local":0,"session":0,"caches":0,"databases":0,"cookies":""}', `${when}: ${JSON.stringify(left)}`);
}

// The network is gone when one sends, the server is busy, the answer of the server is lost: each time the answers stay
// in the page, and sending again is all there is to do.
async function overABadNetwork() {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  const fill = async () => {
    await page.goto(inLanguage(form, 'vi'));
    await page.locator('label[for="general-5"]').click();
    await page.locator('label[for="access.ease-2"]').click();
    await page.fill('#comment', 'Ghế hỏng');
  };
  const kept = async (when) => {
    await page.waitForSelector('#unsent:not([hidden])');
    assert((await page.evaluate(() => document.activeElement.id)) === 'unsent', `${when}: it is told`);
    assert((await checked(page)).join() === 'general=5,access.ease=2', `${when}: answers are kept`);
    assert((await page.inputValue('#comment')) === 'Ghế hỏng', `${when}: words are kept`);
    assert((await page.locator('#send').innerText()) === 'Gửi lại', `${when}: sending again is offered`);
    assertNothingStays(await stores(page), when);
  };
  const sent = async (when) => {
    await page.click('#send');
    await page.waitForURL('**/thanks');
    assertNothingStays(await stores(page), when);
    await back(page);
    assert((await checked(page)).length === 0, `${when}: Back shows nothing`);
    console.log(when);
  };
  await fill();
  await context.setOffline(true);
  await page.click('#send');
  await kept('offline');
  await page.click('nav button[value=km]');
  await kept('another language while offline');
  await context.setOffline(false);
  await sent('sent after the network came back');

  await fill();
  await page.route(form, (route) => (route.request().method() === 'POST'
    ? route.fulfill({ status: 503, headers: { 'retry-after': '2' }, contentType: 'text/html', body: 'busy' }) : route.continue()));
  await page.click('#send');
  await kept('busy');
  await page.unroute(form);
  await sent('sent after the server had time');

  await fill();
  let lost = 0;
  await page.route(form, async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.continue();
    lost += 1;
    await route.fetch({ maxRedirects: 0 });
    return route.abort('connectionreset');
  });
  await page.click('#send');
  await kept('the answer of the server was lost');
  await page.unroute(form);
  await sent('sent again after it was stored');
  assert(lost === 1, 'the first came through');
  await context.close();
}

// Tab, arrows, space and Enter are enough.
async function byKeyboard() {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(inLanguage(form, 'vi'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert((await page.evaluate(() => document.activeElement.name)) === 'general', 'the first key leads to the first question');
  const names = [];
  for (let step = 0; step < 40; step += 1) {
    const at = await page.evaluate(() => ({ name: document.activeElement.name, type: document.activeElement.type, id: document.activeElement.id }));
    if (at.id === 'send') break;
    if (at.type === 'radio' && !names.includes(at.name)) {
      names.push(at.name);
      await page.keyboard.press('Space');
      for (let down = 0; down < 3; down += 1) await page.keyboard.press('ArrowDown');
    }
    if (at.type === 'textarea') await page.keyboard.type('Chờ lâu');
    await page.keyboard.press('Tab');
  }
  const said = await page.locator('#count b').innerText();
  assert(said === '6', `six questions are answered: ${said}`);
  assert((await checked(page)).filter((e) => e.endsWith('=4')).length === 6, 'each at the fourth level');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/thanks');
  await context.close();
  console.log('by keyboard');
}

// Taps and seconds of somebody who reads three syllables a second, and looks at what was tapped.
async function atHumanPace() {
  for (const [name, address] of forms) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const page = await context.newPage();
    await page.goto(inLanguage(address, 'vi'));
    let taps = 0;
    let seconds = 0;
    const words = (text) => text.trim().split(/\s+/).length;
    seconds += words(await page.locator('.facts').innerText()) / 3;
    for (const group of await page.locator('fieldset:not(:has(fieldset))').all()) {
      const first = group.locator('label').nth(3).or(group.locator('label').first()).first();
      if ((await first.getAttribute('for')).startsWith('ASSISTED')) continue;
      seconds += words(await group.locator('legend').first().innerText()) / 3 + 1.5;
      await first.tap();
      taps += 1;
    }
    await page.locator('#send').tap();
    taps += 1;
    await page.waitForURL('**/thanks');
    console.log(`${name}: ${taps} taps, about ${Math.round(seconds)} s of reading and choosing`);
    await context.close();
  }
}

await withoutScripts('vi', 'km', null);
await withoutScripts('km', 'vi', form);
await overABadNetwork();
await byKeyboard();
await atHumanPace();
await browser.close();
