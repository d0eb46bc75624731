// What the staff see: enrolment, and settings behind a PIN. Never an answer, nor how many were given today.
const staff = {
  wrong: 0,
  until: 0,

  // The staff read Vietnamese or English.
  language() {
    return kiosk.settings.language === 'en' ? 'en' : 'vi';
  },

  w(key, values) {
    return t(key, this.language(), values);
  },

  leave() {
    if (kiosk.content) asking.attract(); else this.enrol();
  },

  field(name, label, more, hint) {
    return h('p', { class: 'field' }, h('label', { for: name }, label), hint ? h('small', { id: `${name}-hint` }, hint) : null,
      h('input', { id: name, autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off', 'aria-describedby': hint ? `${name}-hint` : false, ...more }));
  },

  page(title, ...parts) {
    const problem = h('p', { class: 'problem', role: 'alert', id: 'problem' });
    screens.show('staff', this.language(), title, screens.bar(this.language()),
      h('main', {}, screens.heading(title), problem, ...parts));
  },

  problem(text) {
    document.getElementById('problem').textContent = text;
  },

  form(submit, ...parts) {
    const made = h('form', { autocomplete: 'off' }, ...parts);
    made.addEventListener('submit', async (event) => {
      event.preventDefault();
      const button = made.querySelector('.go-on');
      button.disabled = true;
      try { await submit(made); } finally { button.disabled = false; }
    });
    return made;
  },

  // Where this browser cannot keep answers safely, it says so and asks for nothing.
  insecure() {
    this.page(this.w('staff-insecure'), h('p', { class: 'lead' }, this.w('staff-insecure-text', { origin: location.origin })));
  },

  busy() {
    this.page(this.w('staff-second'), h('p', { class: 'lead' }, this.w('staff-second-text')));
  },

  enrol() {
    const known = kiosk.pin;
    this.page(this.w('staff-enrol'),
      h('p', { class: 'lead' }, this.w(sending.waiting > 0 ? 'staff-enrol-again' : 'staff-enrol-text', { count: sending.waiting })),
      this.form((form) => this.enrolled(form),
        this.field('code', this.w('staff-code'), { required: '', maxlength: 20, 'data-focus': '' }, this.w('staff-code-hint')),
        known ? null : this.field('pin', this.w('staff-new-pin'), { required: '', inputmode: 'numeric', pattern: '[0-9]{4,8}', type: 'password', autocomplete: 'new-password' }, this.w('staff-new-pin-hint')),
        h('button', { class: 'tool go-on' }, this.w('staff-enrol-go'))));
  },

  async enrolled(form) {
    const code = form.querySelector('#code').value;
    const pin = form.querySelector('#pin');
    const body = { code };
    if (kiosk.device && (await store.count()) > 0) body.keeps = kiosk.device;
    let answer;
    try {
      answer = await fetch('/api/v1/devices/enroll', {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), cache: 'no-store', credentials: 'omit',
      });
    } catch (error) {
      return this.problem(this.w('staff-no-network'));
    }
    if (answer.status !== 201) {
      const key = { 404: body.keeps ? 'staff-other-tablet' : 'staff-code-unknown', 422: 'staff-code-wrong', 429: 'staff-later' }[answer.status];
      return this.problem(this.w(key || 'staff-no-network'));
    }
    const { id, credential } = await answer.json();
    await store.put('device', id);
    await store.put('credential', credential);
    if (pin) {
      kiosk.pin = await seal.newPin(pin.value);
      await store.put('pin', kiosk.pin);
    }
    kiosk.device = id;
    kiosk.credential = credential;
    sending.revoked = false;
    if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
    await kiosk.storage();
    try { await kiosk.fetch(); } catch (error) { return this.problem(this.w('staff-no-content')); }
    sending.beat();
    sending.soon(0);
    return asking.attract();
  },

  // Before the settings: the PIN. After five wrong ones it waits.
  door() {
    asking.forget();
    if (!kiosk.pin) return this.enrol();
    this.page(this.w('staff-pin'), this.form(async (form) => {
      const box = form.querySelector('#pin');
      const typed = box.value;
      box.value = '';
      if (performance.now() < this.until) return this.problem(this.w('staff-wait'));
      if ((await seal.pin(typed, kiosk.pin.salt)) === kiosk.pin.hash) { this.wrong = 0; return this.settings(); }
      this.wrong += 1;
      if (this.wrong >= 5) { this.wrong = 0; this.until = performance.now() + 60000; }
      return this.problem(this.w('staff-pin-wrong'));
    }, this.field('pin', this.w('staff-pin-label'), { required: '', inputmode: 'numeric', type: 'password', autocomplete: 'off', maxlength: 8, 'data-focus': '' }),
    h('div', { class: 'under' }, h('button', { class: 'tool go-on' }, this.w('staff-go')), screens.tool(this.w('staff-leave'), () => this.leave()))));
    idle.on();
    return undefined;
  },

  async settings() {
    const { settings, content } = kiosk;
    const choice = (name, label, options) => h('p', { class: 'field' }, h('label', { for: name }, label),
      h('select', { id: name }, ...options.map(([value, text]) => h('option', { value, selected: String(settings[name] ?? '') === String(value) ? '' : false }, text))));
    const yes = [['', this.w('staff-off')], ['1', this.w('staff-on')]];
    const lines = [
      [this.w('staff-waiting'), `${sending.waiting} / ${CAPACITY}`],
      [this.w('staff-contact'), kiosk.contact ? new Date(kiosk.contact).toLocaleTimeString('vi') : this.w('staff-never')],
      [this.w('staff-storage'), this.w(sending.storage === 'persistent' ? 'staff-storage-persistent' : 'staff-storage-best-effort')],
      [this.w('staff-awake'), this.w(awake.lock ? 'staff-on' : 'staff-off')],
      [this.w('staff-version'), kiosk.app + (sending.newer ? ` · ${this.w('staff-newer')}` : '')],
      [this.w('staff-tablet'), (kiosk.device || '').slice(0, 8)],
    ];
    const rows = lines.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]);
    this.page(this.w('staff-settings'), h('dl', {}, ...rows), this.form(async (form) => {
      const value = (name) => form.querySelector(`#${name}`).value;
      kiosk.settings = { language: value('language'), desk: value('desk').trim(), idle: Number(value('idle')) || 45, sound: value('sound'), faces: value('faces') };
      await store.put('settings', kiosk.settings);
      this.leave();
    },
    choice('language', this.w('staff-language'), (content ? content.form.languages : []).map(({ code, name }) => [code, name])),
    this.field('desk', this.w('staff-desk'), { value: settings.desk || (content ? content.desk : ''), maxlength: 40 }),
    choice('idle', this.w('staff-idle'), [30, 45, 60, 90, 120].map((n) => [n, this.w('staff-seconds', { count: n })])),
    choice('sound', this.w('staff-sound'), yes),
    choice('faces', this.w('staff-faces'), yes),
    h('div', { class: 'under' }, h('button', { class: 'tool go-on' }, this.w('staff-save')),
      screens.tool(this.w('staff-send'), () => { sending.soon(0); sending.beat(); this.leave(); }),
      screens.tool(this.w('staff-update'), () => update.now()),
      screens.tool(this.w('staff-enrol'), () => this.enrol()),
      screens.tool(this.w('staff-leave'), () => this.leave()))));
    idle.on();
  },
};
