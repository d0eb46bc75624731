// Every page of citizens and every form, in each language at each width: axe-core finds nothing, what it cannot decide
// was looked at by a person, nothing scrolls sideways, everything can be touched, read large and reached by keyboard.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launch } from './chromium.mjs';
import { inLanguage, plan } from './plan.mjs';

const asked = await plan();
const { pages, forms, reviewed, looks } = asked;
// While one mends a page: LOOK_AT="vi 320" looks at that alone, and fails, because it was not all.
const part = (process.env.LOOK_AT ?? '').split(' ').filter(Boolean);
const languages = part.length ? asked.languages.filter((lang) => part.includes(lang)) : asked.languages;
const widths = part.length ? asked.widths.filter((width) => part.includes(String(width))) : asked.widths;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await launch();
const faults = new Set();
const used = new Set();
const counts = { views: 0, rules: 0, undecided: 0 };

async function look(page, where, forced = false) {
  await page.evaluate(axe);
  const result = await page.evaluate(async ([entries, systems]) => {
    const { violations, incomplete, passes } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations', 'incomplete'],
      // Axe reads our colours; where the system forces its own, they are not what is seen.
      rules: { 'color-contrast': { enabled: !systems } },
    });
    const wrong = violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${v.help}: ${n.html.slice(0, 140)}`));
    const open = [];
    const seen = [];
    for (const rule of incomplete) {
      for (const node of rule.nodes) {
        const element = document.querySelector(node.target[0]);
        const entry = entries.findIndex((e) => e.rule === rule.id && element?.matches(e.where));
        if (entry < 0) open.push(`undecided ${rule.id}: ${node.target[0]}: ${node.any[0]?.message ?? ''}`);
        seen.push(entry);
      }
    }
    return { wrong, open, seen, passes: passes.length };
  }, [reviewed, forced]);
  counts.views += 1;
  counts.rules += result.passes;
  counts.undecided += result.seen.length;
  for (const entry of result.seen) used.add(entry);
  for (const fault of [...result.wrong.slice(0, 3), ...result.open.slice(0, 3)]) faults.add(`${where}: ${fault}`);
}

// What a ruler and a pair of eyes would find.
async function measure(page, where, lang) {
  const found = await page.evaluate((language) => {
    const wrong = [];
    const visible = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().right > 0;
    const box = (e) => e.getBoundingClientRect();
    if (document.documentElement.lang !== language) wrong.push(`lang is ${document.documentElement.lang}`);
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) wrong.push(`scrolls sideways by ${wide} px`);
    const small = (e, least) => { if (visible(e) && box(e).height < least - 0.5) wrong.push(`${Math.round(box(e).height)} px high: ${e.outerHTML.slice(0, 90)}`); };
    // Links within a sentence may be as high as its line; here no sentence has any.
    document.querySelectorAll('main a, footer a, nav > *, button, textarea, select, input.code').forEach((e) => { if (visible(e)) { small(e, 44); if (box(e).width < 44) wrong.push(`${Math.round(box(e).width)} px wide: ${e.outerHTML.slice(0, 90)}`); } });
    const rows = [...document.querySelectorAll('.o label')];
    rows.forEach((row, index) => {
      small(row, 56);
      const around = box(row.parentElement);
      if (box(row).width < around.width - 1) wrong.push(`a row is not full width: ${row.textContent}`);
      const next = rows[index + 1];
      if (next && next.closest('fieldset') === row.closest('fieldset') && box(next).top - box(row).bottom < 7.5) wrong.push(`rows touch: ${row.textContent}`);
    });
    if (document.querySelector('form[method=post]')) {
      if (document.querySelector('table')) wrong.push('a table in a form');
      document.querySelectorAll('fieldset').forEach((e) => { if (!e.querySelector(':scope > legend')) wrong.push(`no legend: ${e.textContent.slice(0, 40)}`); });
    }
    const body = getComputedStyle(document.body);
    const line = parseFloat(body.lineHeight) / parseFloat(body.fontSize);
    if (parseFloat(body.fontSize) < 18) wrong.push(`text of ${body.fontSize}`);
    const least = language === 'km' ? 1.8 : 1.5;
    document.querySelectorAll('main p, main li, legend, .o label').forEach((e) => {
      const style = getComputedStyle(e);
      if (!visible(e)) return;
      if (parseFloat(style.fontSize) < 16) wrong.push(`text of ${style.fontSize}: ${e.textContent.slice(0, 40)}`);
      const own = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
      const needs = e.matches('main p, main li') && !e.closest('table, .scroll') ? least : (e.lang || language) === 'km' ? 1.8 : 1.4;
      if (own < needs - 0.01) wrong.push(`lines of ${own.toFixed(2)}: ${e.textContent.slice(0, 40)}`);
    });
    if (line < least - 0.01) wrong.push(`lines of ${line}`);
    if (document.getAnimations().length) wrong.push('something moves');
    return wrong;
  }, lang);
  for (const fault of found.slice(0, 4)) faults.add(`${where}: ${fault}`);
}

// Twice the text size, and the spacing that WCAG 1.4.12 asks for.
async function enlarge(page, where) {
  for (const [name, css] of [
    ['text at 200 %', 'html{font-size:200%!important}'],
    ['spacing', '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}'],
  ]) {
    const style = await page.addStyleTag({ content: css });
    const found = await page.evaluate(() => {
      const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      const cut = [...document.querySelectorAll('main *, header *')].find((e) => {
        const style = getComputedStyle(e);
        return style.overflow === 'hidden' && e.scrollHeight > e.clientHeight + 1;
      });
      return { wide, cut: cut?.outerHTML.slice(0, 80) };
    });
    if (found.wide > 0) faults.add(`${where}: ${name}: scrolls sideways by ${found.wide} px`);
    if (found.cut) faults.add(`${where}: ${name}: cut off: ${found.cut}`);
    await style.evaluate((e) => e.remove());
  }
}

// Every control is reached, in the order that the eye reads, and shows that it is.
async function keyboard(page, where) {
  const reachable = await page.evaluate(() => {
    document.activeElement?.blur();
    const groups = new Set();
    let single = 0;
    for (const e of document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,[tabindex="0"]')) {
      if (e.tabIndex < 0 || !e.checkVisibility({ visibilityProperty: true })) continue;
      if (e.type === 'radio') groups.add(e.name); else single += 1;
    }
    return single + groups.size;
  });
  const seen = [];
  for (let step = 0; step < reachable + 3; step += 1) {
    await page.keyboard.press('Tab');
    const now = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      const drawn = at.matches('.o input') ? at.nextElementSibling : at;
      const style = getComputedStyle(drawn);
      const box = drawn.getBoundingClientRect();
      const over = document.elementFromPoint(Math.min(box.left + box.width / 2, innerWidth - 1), Math.min(Math.max(box.top + 4, 0), innerHeight - 1));
      return {
        what: at.outerHTML.slice(0, 70), index: [...document.querySelectorAll('*')].indexOf(at),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        top: box.top + scrollY, bottom: box.bottom + scrollY, skip: at.matches('.skip'), inside: box.bottom > 0 && box.top < innerHeight,
        covered: Boolean(over) && !drawn.contains(over) && !over.contains(drawn),
      };
    });
    if (!now) continue;
    if (!now.ring) faults.add(`${where}: no focus ring on ${now.what}`);
    if (!now.inside || now.covered) faults.add(`${where}: the focus is hidden on ${now.what}`);
    if (seen.some((e) => e.index === now.index)) break;
    const last = seen.at(-1);
    // The skip link is drawn above the page only while it has the focus.
    if (last && !now.skip && seen.length > 1 && now.bottom <= last.top + 1) faults.add(`${where}: the order jumps up to ${now.what}`);
    seen.push(now);
  }
  if (seen.length < reachable) faults.add(`${where}: the keyboard reaches ${seen.length} of ${reachable}`);
}

async function whole(page, where, lang, width, keys) {
  await look(page, where);
  await measure(page, where, lang);
  if (width === widths[0] && lang !== 'en') await enlarge(page, where);
  if (keys) await keyboard(page, where);
}

for (const width of widths) {
  for (const lang of languages) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true, reducedMotion: 'reduce' });
    const page = await context.newPage();
    for (const [name, address, status] of pages) {
      const answer = await page.goto(inLanguage(address, lang));
      if (answer.status() !== status) faults.add(`${name} ${lang}: ${answer.status()}`);
      await whole(page, `${name} ${lang} ${width}`, lang, width, lang === 'vi' && width === widths[0]);
    }
    for (const [form, address] of forms) {
      const where = (state) => `${form} ${state} ${lang} ${width}`;
      const keys = lang === 'vi' && width === widths[0];
      await page.goto(inLanguage(address, lang));
      if (await page.locator('.o input:checked').count()) faults.add(`${where('empty')}: something is chosen already`);
      await whole(page, where('empty'), lang, width, keys);
      await context.setOffline(true);
      await page.locator('.o label').first().click();
      await page.click('#send');
      await page.waitForSelector('#unsent:not([hidden])');
      await whole(page, where('offline'), lang, width, false);
      await context.setOffline(false);
      await page.goto(inLanguage(address, lang));
      await page.click('#send');
      await page.waitForSelector('#errs');
      await whole(page, where('error'), lang, width, false);
      // Some forms want every question answered.
      await page.evaluate(() => document.querySelectorAll('fieldset').forEach((e) => {
        if (!e.querySelector('fieldset, :checked') && !e.querySelector('[name=ASSISTED]')) e.querySelector('input')?.click();
      }));
      await page.click('#send');
      await page.waitForURL('**/thanks');
      await look(page, where('done'));
    }
    await context.close();
  }
}

// Dark, more contrast, and the colours that the system forces: the answers are still told apart.
for (const [name, options] of Object.entries(looks)) {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, bypassCSP: true, ...options });
  const page = await context.newPage();
  for (const [form, address] of forms.slice(0, 1)) {
    await page.goto(inLanguage(address, 'vi'));
    await page.locator('.o label').nth(3).click();
    await look(page, `${form} ${name}`, options.forcedColors === 'active');
    const shown = await page.evaluate(() => {
      const style = (e) => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.backgroundColor, s.fontWeight].join(' '); };
      const rows = document.querySelectorAll('.o label');
      const tick = getComputedStyle(rows[3].previousElementSibling, '::after');
      return { differs: style(rows[3]) !== style(rows[2]), tick: tick.content !== 'none', outline: getComputedStyle(rows[3]).outlineStyle };
    });
    if (!shown.differs || !shown.tick) faults.add(`${form} ${name}: the chosen row is not told from the others`);
    if (options.forcedColors === 'active' && shown.outline === 'none') faults.add(`${form} ${name}: only colour shows what is chosen`);
    await page.goto(inLanguage(address, 'vi'));
    await page.click('#send');
    await page.waitForSelector('#errs');
    await look(page, `${form} error ${name}`, options.forcedColors === 'active');
  }
  for (const [name_, address] of pages) {
    await page.goto(inLanguage(address, 'vi'));
    await look(page, `${name_} ${name}`, options.forcedColors === 'active');
  }
  await context.close();
}
await browser.close();
const idle = reviewed.filter((_, index) => !used.has(index)).map((e) => `${e.rule} at ${e.where}: nothing needs this entry any more`);
const all = [...faults, ...idle];
console.log(`${counts.views} views, ${counts.rules} rules passed, 0 violations left open: ${all.length === 0}, ${counts.undecided} undecided and reviewed`);
for (const fault of all.slice(0, 60)) console.log(fault);
process.exit(all.length || part.length ? 1 : 0);
