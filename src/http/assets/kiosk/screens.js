// What stands on the screen. Everything is made here, element by element; a screen that goes leaves nothing behind.
const SVG = 'http://www.w3.org/2000/svg';

function h(tag, attributes, ...children) {
  const made = tag === 'svg' || tag === 'path' || tag === 'circle' || tag === 'rect'
    ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'tap') made.addEventListener('click', value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// A text of the program.
function t(key, language, values) {
  const texts = kiosk.texts[language] || kiosk.texts.vi;
  const text = texts[key] || kiosk.texts.vi[key] || key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
}

// A text of the form; the Vietnamese one stands in, marked, where there is none.
function said(texts, language) {
  if (texts[language] !== undefined) return h('span', { lang: language }, texts[language]);
  return h('span', { lang: 'vi' }, texts.vi, ' ', h('small', { lang: language }, t('kiosk-untranslated', language)));
}

const screens = {
  name: '',

  main() {
    return document.getElementById('app');
  },

  show(name, language, title, ...parts) {
    this.name = name;
    document.documentElement.lang = language;
    document.title = title;
    document.body.className = name;
    this.main().replaceChildren(...parts);
    scrollTo(0, 0);
    const first = this.main().querySelector('[data-focus]') || this.main().querySelector('h1');
    if (first) { first.tabIndex = first.tabIndex < 0 && first.tagName !== 'H1' ? 0 : first.tabIndex; first.focus(); }
    this.warn();
  },

  heading(text, more) {
    return h('h1', { tabindex: '-1', ...more }, text);
  },

  tool(text, tap, more) {
    return h('button', { type: 'button', class: 'tool', tap, ...more }, text);
  },

  bar(language, ...tools) {
    const names = kiosk.content ? kiosk.content.names : {};
    const desk = kiosk.settings.desk || (kiosk.content ? kiosk.content.desk : '');
    const small = [desk, kiosk.content && kiosk.content.demo ? t('kiosk-demo', language) : ''].filter(Boolean);
    return h('header', { class: 'bar' },
      h('div', { class: 'org' }, h('span', { lang: names[language] ? language : 'vi' }, names[language] || names.vi || 'SIPAS'),
        ' ', h('small', {}, small.join(' · '))),
      h('div', { class: 'tools' }, ...tools));
  },

  // A gauge with one to five marks: one ink, so that it does not colour the answer. Faces where the desk chose them.
  sign(level) {
    if (kiosk.settings.faces) return this.face(level);
    const mark = (n) => h('rect', {
      x: 6 + n * 19, y: 78 - n * 14, width: 13, height: 16 + n * 14, rx: 3, class: n < level ? 'on' : '',
    });
    return h('svg', { class: 'sign', viewBox: '0 0 100 100', 'aria-hidden': 'true' }, ...[0, 1, 2, 3, 4].map(mark));
  },

  face(level) {
    const mouths = ['M30 74Q50 50 70 74', 'M30 71Q50 58 70 71', 'M30 67H70', 'M30 63Q50 76 70 63', 'M29 59Q50 88 71 59Z'];
    return h('svg', { class: 'face', viewBox: '0 0 100 100', 'aria-hidden': 'true' },
      h('circle', { cx: 50, cy: 50, r: 44 }), h('path', { d: mouths[level - 1] }),
      h('circle', { class: 'eye', cx: 36, cy: 42, r: 4.5 }), h('circle', { class: 'eye', cx: 64, cy: 42, r: 4.5 }));
  },

  river() {
    const path = (name, d) => h('path', { class: name, d });
    return h('svg', { class: 'river', viewBox: '0 0 1280 200', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      path('r1', 'M0 74C200 46 380 108 640 81S1080 52 1280 88V200H0Z'),
      path('r2', 'M0 108C200 82 380 132 640 114S1080 90 1280 118V200H0Z'),
      path('r3', 'M0 142C200 118 380 156 640 147S1080 128 1280 148V200H0Z'));
  },

  // What the staff must see at once: it stands over every screen, and is gone when it is over.
  warn() {
    const box = document.getElementById('warning');
    const language = document.documentElement.lang;
    const key = sending.failing ? 'kiosk-failing' : sending.full ? 'kiosk-full' : sending.revoked ? 'kiosk-revoked' : '';
    const text = key ? t(key, language) : '';
    if (box.textContent !== text) box.textContent = text;
    box.hidden = !key;
  },

  // Whether nobody can be asked now, and why.
  closed() {
    return sending.failing || sending.full || sending.revoked || !kiosk.content;
  },
};
