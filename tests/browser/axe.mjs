// Every page of the offices at three widths, in two languages: axe-core finds nothing, the page does not scroll
// sideways, and the keyboard reaches everything and shows where it is.
// node axe.mjs BASE COOKIE PATH...
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launch } from './chromium.mjs';

const [base, session, ...paths] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await launch();
const faults = [];
let checked = 0;

async function keyboard(page, where) {
  const reachable = await page.evaluate(
    () => [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')]
      .filter((e) => e.checkVisibility({ visibilityProperty: true })).length,
  );
  await page.evaluate(() => document.activeElement?.blur());
  const seen = new Set();
  // A day has a stop for each of its parts and one for its calendar.
  const more = 5 + 4 * (await page.locator('input[type=date]').count());
  for (let step = 0; step < reachable + more; step += 1) {
    await page.keyboard.press('Tab');
    const now = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      const style = getComputedStyle(at);
      const all = [...document.querySelectorAll('*')];
      return { index: all.indexOf(at), what: at.outerHTML.slice(0, 80), ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
    });
    if (!now) continue;
    if (!now.ring) faults.push(`${where}: no focus ring on ${now.what}`);
    seen.add(now.index);
  }
  // Of several radio buttons with one name the keyboard stops at one.
  if (seen.size < reachable - (await page.locator('input[type=radio]').count())) {
    faults.push(`${where}: the keyboard reaches ${seen.size} of ${reachable}`);
  }
}

for (const width of [320, 768, 1280]) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
  if (session) await context.addCookies([{ name: 'sipas_session', value: session, url: base }]);
  const page = await context.newPage();
  for (const lang of ['vi', 'en']) {
    for (const path of paths) {
      const where = `${path} ${lang} ${width}`;
      const answer = await page.goto(`${base}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
      if (!answer.ok()) faults.push(`${where}: ${answer.status()}`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      for (const { id, help, nodes } of violations) {
        faults.push(`${where}: ${id}: ${help}: ${nodes[0].html.slice(0, 160)}`);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) faults.push(`${where}: scrolls sideways by ${wide} px`);
      if (lang === 'vi') await keyboard(page, where);
      checked += 1;
    }
  }
  await context.close();
}
await browser.close();
console.log(`${checked} views of ${paths.length} pages, ${faults.length} faults`);
for (const fault of faults) console.log(fault);
process.exit(faults.length ? 1 : 0);
