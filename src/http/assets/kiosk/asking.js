// One person's way: the attract screen, one question a screen, thanks. What they answered lives in `asking.answers` and
// nowhere else, until it is sealed.
const ALTERNATE = 7000;
const THANKS = 10000;
const RAPID = 5000;

const sound = {
  // Only voices of the tablet itself: others would send what is asked to somebody else.
  voice(language) {
    if (!('speechSynthesis' in window) || !kiosk.settings.sound) return null;
    const fits = (voice) => voice.localService && voice.lang.toLowerCase().startsWith(language);
    return speechSynthesis.getVoices().find(fits) || null;
  },
  say(text, language) {
    const words = new SpeechSynthesisUtterance(text);
    words.voice = this.voice(language);
    words.lang = language;
    speechSynthesis.cancel();
    speechSynthesis.speak(words);
  },
  stop() {
    if ('speechSynthesis' in window) speechSynthesis.cancel();
  },
  tool(language, text) {
    if (!this.voice(language)) return null;
    return screens.tool(t('kiosk-listen', language), () => this.say(text, language));
  },
};

const asking = {
  answers: null,
  questions: [],
  at: 0,
  language: 'vi',
  began: 0,
  rapid: false,
  ended: 0,
  paused: false,
  timer: 0,

  // Nothing of one person is left for the next: not in memory, not in the page, not in the address, not in the ear.
  forget() {
    clearTimeout(this.timer);
    sound.stop();
    this.answers = null;
    this.questions = [];
    this.at = 0;
    if (history.state !== null || location.search || location.hash) history.replaceState(null, '', '/kiosk');
  },

  attract(language) {
    this.forget();
    idle.off();
    kiosk.rest();
    this.attractIn(language || kiosk.settings.language || 'vi');
  },

  attractIn(language) {
    if (screens.closed()) return this.shut(language);
    const form = kiosk.content.form;
    const { questions, minutes } = this.length(form);
    const start = (code, name) => h('button', {
      type: 'button', class: 'start', lang: code, tap: () => this.start(code),
    }, name);
    const others = form.languages.map(({ code, name }) => start(code, name));
    const pause = screens.tool(t(this.paused ? 'kiosk-alternate' : 'kiosk-pause', language), () => {
      this.paused = !this.paused;
      this.attractIn(language);
    });
    const lead = t('kiosk-lead', language, { questions, minutes });
    const draft = form.draft.includes(language) && language !== 'vi' ? h('p', { class: 'small' }, t('kiosk-draft', language)) : null;
    screens.show('attract', language, t('kiosk-title', language),
      screens.bar(language, sound.tool(language, `${t('kiosk-title', language)} ${lead}`), pause,
        screens.tool(t('kiosk-staff', language), () => staff.door(), { class: 'tool quiet' })),
      h('main', {},
        h('div', { class: 'say' }, screens.heading(t('kiosk-title', language)), h('p', { class: 'lead' }, lead), draft),
        h('div', { class: 'go' }, h('p', { class: 'pick' }, t('kiosk-start', language)), ...others)),
      screens.river());
    clearTimeout(this.timer);
    if (!this.paused) {
      const next = language === 'vi' ? 'km' : 'vi';
      const there = form.languages.some(({ code }) => code === next);
      if (there) this.timer = setTimeout(() => { if (screens.name === 'attract') this.attractIn(next); }, ALTERNATE);
    }
  },

  // The tablet cannot take an answer now: paper can.
  shut(language) {
    screens.show('shut', language, t('kiosk-paper', language),
      screens.bar(language, screens.tool(t('kiosk-staff', language), () => staff.door(), { class: 'tool quiet' })),
      h('main', {}, h('div', { class: 'say' }, screens.heading(t('kiosk-paper', language)),
        h('p', { class: 'lead' }, t('kiosk-paper-text', language)),
        h('p', { class: 'lead', lang: 'km' }, language === 'km' ? '' : t('kiosk-paper-text', 'km')))), screens.river());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (screens.name === 'shut') this.attract(); }, 15000);
  },

  length(form) {
    const questions = this.screensOf(form).length;
    return { questions, minutes: Math.max(1, Math.round(questions * 10 / 60)) };
  },

  // A matrix is a question for each of its rows.
  screensOf(form) {
    const rows = (question) => question.rows.map((row) => ({ ...question, slug: row.slug, row, rows: undefined, kind: 'single' }));
    return form.questions.flatMap((question) => (question.kind === 'matrix' ? rows(question) : [question]));
  },

  start(language) {
    clearTimeout(this.timer);
    sound.stop();
    this.language = language;
    this.answers = {};
    this.questions = this.screensOf(kiosk.content.form);
    this.at = 0;
    this.began = performance.now();
    this.rapid = this.ended > 0 && performance.now() - this.ended < RAPID;
    idle.on();
    this.ask();
  },

  applies(question) {
    return !question.only_if || question.only_if.is.includes(this.answers[question.only_if.question]);
  },

  // Forward or back to a question that applies.
  step(by) {
    sound.stop();
    do { this.at += by; } while (this.questions[this.at] && !this.applies(this.questions[this.at]));
    if (this.at < 0) return this.attract(this.language);
    if (this.at >= this.questions.length) return this.send();
    return this.ask();
  },

  answer(value) {
    const { slug } = this.questions[this.at];
    if (value === undefined) delete this.answers[slug]; else this.answers[slug] = value;
    this.step(1);
  },

  ask() {
    const question = this.questions[this.at];
    const { language } = this;
    const others = kiosk.content.form.languages.filter(({ code }) => code !== language);
    const change = ({ code, name }) => screens.tool(name, () => { this.language = code; this.ask(); }, { lang: code });
    const of = t('kiosk-of', language, { number: this.at + 1, total: this.questions.length });
    const asked = question.row ? question.row.label : question.text;
    const spoken = [asked[language] || asked.vi, question.hint ? question.hint[language] || '' : ''].join(' ');
    screens.show('ask', language, of,
      screens.bar(language, sound.tool(language, spoken), ...others.map(change)),
      h('main', {},
        h('div', { class: 'where' }, h('p', {}, of), this.steps()),
        question.row ? h('p', { class: 'hint' }, said(question.text, language)) : null,
        h('h1', { tabindex: '-1', id: 'q' }, said(asked, language)),
        question.hint ? h('p', { class: 'hint' }, said(question.hint, language)) : null,
        this.field(question), this.under(question)));
  },

  steps() {
    const step = (question, index) => h('i', { class: index <= this.at ? 'on' : '' });
    return h('div', { class: 'steps', 'aria-hidden': 'true' }, ...this.questions.map(step));
  },

  // What a question is answered with.
  field(question) {
    const { language } = this;
    const given = this.answers[question.slug];
    if (question.kind === 'satisfaction') {
      const level = (n) => h('button', {
        type: 'button', class: 'lv', 'aria-pressed': String(given === n), tap: () => this.answer(n),
      }, screens.sign(n), said(kiosk.content.form.levels[n - 1], language));
      return h('div', { class: 'five', role: 'group', 'aria-labelledby': 'q' }, ...kiosk.content.form.order.map(level));
    }
    if (question.kind === 'single') {
      const option = ({ code, label }) => h('button', {
        type: 'button', class: 'lv row', 'aria-pressed': String(given === code), tap: () => this.answer(code),
      }, said(label, language));
      return h('div', { class: 'list', role: 'group', 'aria-labelledby': 'q' }, ...question.options.map(option));
    }
    if (question.kind === 'multiple') return this.several(question, Array.isArray(given) ? given : []);
    return this.typed(question, given);
  },

  several(question, given) {
    const chosen = new Set(given);
    const option = ({ code, label }) => h('button', {
      type: 'button', class: 'lv row', 'aria-pressed': String(chosen.has(code)),
      tap: ({ currentTarget }) => {
        if (chosen.has(code)) chosen.delete(code);
        else if (!question.at_most || chosen.size < question.at_most) chosen.add(code);
        currentTarget.setAttribute('aria-pressed', String(chosen.has(code)));
        this.answers[question.slug] = [...chosen];
        if (chosen.size === 0) delete this.answers[question.slug];
      },
    }, said(label, this.language));
    return h('div', { class: 'list', role: 'group', 'aria-labelledby': 'q' },
      h('p', { class: 'hint' }, t('kiosk-several', this.language)), ...question.options.map(option));
  },

  typed(question, given) {
    const { language } = this;
    const number = question.kind === 'number';
    const box = h(number ? 'input' : 'textarea', {
      class: 'typed', autocomplete: 'off', autocorrect: 'off', autocapitalize: 'off', spellcheck: 'false',
      'aria-labelledby': 'q', inputmode: number ? 'numeric' : false, type: number ? 'text' : false,
      maxlength: number ? 9 : question.max_chars, rows: number ? false : 5,
    });
    box.value = given === undefined || typeof given === 'object' ? '' : given;
    const left = h('p', { class: 'hint', 'aria-live': 'polite' });
    const told = () => {
      const text = box.value.trim();
      const value = Number(text);
      const fits = /^\d+$/.test(text) && value >= question.min && value <= question.max;
      if (text === '' || (number && !fits)) delete this.answers[question.slug];
      else this.answers[question.slug] = number ? value : text;
      left.textContent = number
        ? t('kiosk-number', language, { min: question.min, max: question.max })
        : t('kiosk-left', language, { count: question.max_chars - box.value.length });
    };
    box.addEventListener('input', told);
    told();
    return h('div', { class: 'free' }, box, left);
  },

  under(question) {
    const { language } = this;
    const last = this.at === this.questions.length - 1;
    const goes = ['multiple', 'number', 'text'].includes(question.kind);
    const none = question.dont_know
      ? screens.tool(kiosk.content.form.dont_know_label[language] || kiosk.content.form.dont_know_label.vi,
        () => this.answer({ missing: 'dont_know' }), { class: 'tool wide' })
      : question.required || goes ? null
        : screens.tool(t('kiosk-skip', language), () => this.answer(undefined), { class: 'tool wide' });
    return h('div', { class: 'under' },
      screens.tool(t('kiosk-back', language), () => this.step(-1)),
      none,
      goes ? screens.tool(t(last ? 'kiosk-send' : 'kiosk-next', language), () => this.step(1), { class: 'tool wide go-on' }) : null,
      screens.tool(t('kiosk-stop', language), () => this.attract(language)));
  },

  async send() {
    const { language } = this;
    const answers = this.answers;
    const real = Object.values(answers).some((value) => !(value && value.missing));
    const rapid = this.rapid;
    const seconds = Math.round((performance.now() - this.began) / 1000);
    this.forget();
    idle.off();
    this.ended = performance.now();
    if (real) {
      const { id, version } = kiosk.content.form;
      // The day at the desk, wherever the tablet's clock says that it is.
      const day = new Date(Date.now() + 7 * 3600 * 1000).toISOString().slice(0, 10);
      try {
        await sending.take({ form: id, version, language, day, seconds, rapid, answers });
      } catch (error) {
        sending.failing = true;
        return this.shut(language);
      }
    }
    return this.thanks(language);
  },

  thanks(language) {
    const done = screens.tool(t('kiosk-done', language), () => this.attract(), { class: 'start', 'data-focus': '' });
    screens.show('thanks', language, t('kiosk-thanks', language), screens.bar(language),
      h('main', {}, h('div', { class: 'say', role: 'status' }, screens.heading(t('kiosk-thanks', language)),
        h('p', { class: 'lead' }, t('kiosk-thanks-text', language))), h('div', { class: 'go' }, done)), screens.river());
    this.timer = setTimeout(() => { if (screens.name === 'thanks') this.attract(); }, THANKS);
  },
};
