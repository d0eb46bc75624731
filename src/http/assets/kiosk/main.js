// The tablet as a whole: what it knows, how it stays awake and up to date, how it begins.
const awake = {
  lock: null,
  async ask() {
    if (!('wakeLock' in navigator) || this.lock || document.visibilityState !== 'visible') return;
    try {
      this.lock = await navigator.wakeLock.request('screen');
      this.lock.addEventListener('release', () => { this.lock = null; });
    } catch (error) {
      this.lock = null;
    }
  },
};

const update = {
  at: null,

  async begin() {
    this.at = await navigator.serviceWorker.register('/kiosk/worker.js', { scope: '/kiosk' });
    navigator.serviceWorker.addEventListener('controllerchange', () => { if (this.going) location.replace('/kiosk'); });
  },

  // A new program waits until nobody is in the middle of anything.
  async rest() {
    if (!this.at || !this.at.waiting) return;
    this.going = true;
    this.at.waiting.postMessage('go');
  },

  async now() {
    try {
      await this.at.update();
    } catch (error) {
      return staff.problem(staff.w('staff-no-network'));
    }
    return staff.leave();
  },
};

const kiosk = {
  app: document.documentElement.dataset.app,
  texts: {},
  content: null,
  settings: {},
  device: null,
  credential: null,
  pin: null,
  stale: false,
  contact: 0,

  async fetch() {
    const content = await sending.content(this.credential);
    await store.raise(content.next);
    await store.put('content', content);
    this.content = content;
    this.stale = false;
  },

  async storage() {
    const kept = navigator.storage && navigator.storage.persisted ? await navigator.storage.persisted() : false;
    sending.storage = kept ? 'persistent' : 'best_effort';
  },

  // Nobody is in the middle of anything: time for what is new.
  async rest() {
    if (screens.name !== 'attract' && screens.name !== 'shut' && screens.name !== '') return;
    if (sending.newer && update.at && !update.at.waiting) {
      try { await update.at.update(); } catch (error) { /* no network: later */ }
    }
    if (this.stale && this.credential) {
      this.stale = false;
      try { await this.fetch(); } catch (error) { this.stale = true; }
    }
    update.rest();
  },

  async load() {
    const names = ['device', 'credential', 'content', 'settings', 'pin'];
    const [device, credential, content, settings, pin] = await Promise.all(names.map((name) => store.get(name)));
    Object.assign(this, { device, credential, content: content || null, settings: settings || {}, pin });
  },

  listen() {
    for (const touch of ['pointerdown', 'keydown', 'input']) {
      addEventListener(touch, () => { idle.touched(); awake.ask(); }, { capture: true, passive: true });
    }
    // Nothing is taken along.
    for (const taking of ['copy', 'cut', 'contextmenu', 'dragstart', 'selectstart']) {
      addEventListener(taking, (event) => { if (screens.name !== 'staff' || taking === 'contextmenu') event.preventDefault(); });
    }
    document.addEventListener('visibilitychange', () => awake.ask());
    // Who goes away from the page and comes back finds it as nobody left it.
    addEventListener('pagehide', () => this.leave());
    addEventListener('pageshow', (event) => { if (event.persisted) this.leave(); });
  },

  leave() {
    if (screens.name === 'ask' || screens.name === 'thanks') asking.attract();
  },

  async start() {
    history.scrollRestoration = 'manual';
    this.texts = await (await fetch(document.documentElement.dataset.texts)).json();
    const able = isSecureContext && window.indexedDB && crypto.subtle && 'serviceWorker' in navigator;
    if (!able) return staff.insecure();
    if (navigator.locks) {
      const alone = await new Promise((told) => {
        navigator.locks.request('sipas-kiosk', { ifAvailable: true }, (lock) => {
          told(Boolean(lock));
          return lock ? new Promise(() => {}) : undefined;
        });
      });
      if (!alone) return staff.busy();
    }
    try {
      await this.load();
      await this.storage();
      await sending.measure();
    } catch (error) {
      sending.failing = true;
    }
    this.listen();
    awake.ask();
    update.begin().catch(() => {});
    if (this.credential && !this.content) {
      try { await this.fetch(); } catch (error) { /* no network yet: enrolled, and nothing to ask */ }
    }
    if (this.content || sending.failing) asking.attract(); else staff.enrol();
    return sending.begin();
  },
};

kiosk.start();
