// Sends what waits, the oldest first, and says each minute how the tablet is. An entry leaves the queue only when the service
// named its key.
const EVERY = 30000;
const MINUTE = 60000;
const CAPACITY = 2000;
// The age of what waits is told in steps, so that nothing here holds the time of an answer.
const STEP = 10 * MINUTE;

const sending = {
  busy: false,
  failures: 0,
  timer: 0,
  revoked: false,
  waiting: 0,
  full: false,
  failing: false,
  storage: 'best_effort',
  newer: false,

  headers(credential) {
    return { 'content-type': 'application/json', authorization: `Bearer ${credential}` };
  },

  async ask(path, body, credential) {
    const cut = new AbortController();
    const late = setTimeout(() => cut.abort(), 20000);
    try {
      return await fetch(path, {
        method: body ? 'POST' : 'GET', headers: this.headers(credential), body: body && JSON.stringify(body),
        cache: 'no-store', credentials: 'omit', signal: cut.signal,
      });
    } finally {
      clearTimeout(late);
    }
  },

  // Seals and keeps an answer; returns when it is on disk.
  async take(content) {
    const sequence = await store.number();
    const entry = await seal.entry(content, sequence, kiosk.content.device, kiosk.content.queue_key);
    entry.since = Math.floor(Date.now() / STEP) * STEP;
    await store.keep(entry);
    await this.measure();
    this.soon(0);
  },

  async measure() {
    try {
      this.waiting = await store.count();
      this.full = this.waiting >= CAPACITY;
      this.failing = false;
    } catch (error) {
      this.failing = true;
    }
    screens.warn();
  },

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  },

  async send() {
    if (this.busy || !kiosk.credential || this.revoked) return;
    this.busy = true;
    try {
      let most = 20;
      for (;;) {
        const batch = await store.oldest(most);
        if (batch.length === 0) break;
        const entries = batch.map(({ key, sequence, queue_key, sealed }) => ({ key, sequence, queue_key, sealed }));
        const answer = await this.ask('/api/v1/devices/queue', { entries }, kiosk.credential);
        // One that is too large, or that the service cannot read at all, must not stop the others.
        if ((answer.status === 413 || answer.status === 422) && most > 1) { most = 1; continue; }
        if (answer.status === 401 || answer.status === 403) { this.revoked = true; break; }
        if (answer.status !== 200) throw new Error(String(answer.status));
        const named = new Set((await answer.json()).entries.map((entry) => entry.key));
        const gone = batch.filter((entry) => named.has(entry.key)).map((entry) => entry.sequence);
        if (gone.length === 0) throw new Error('nothing was named');
        await store.forget(gone);
      }
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
    } finally {
      this.busy = false;
      await this.measure();
    }
    // Again in half a minute, later after failures, never at the same moment as other tablets.
    const back = Math.min(EVERY * 2 ** Math.max(this.failures - 1, 0), 8 * EVERY);
    this.soon(back * (0.75 + Math.random() / 2));
  },

  async beat() {
    if (!kiosk.credential || this.revoked) return;
    try {
      const first = (await store.oldest(1))[0];
      const battery = navigator.getBattery ? Math.round((await navigator.getBattery()).level * 100) : null;
      const said = {
        app: kiosk.app, waiting: this.waiting, given: (await store.get('sequence')) || 0, battery,
        oldest: first ? Math.max(0, Math.round((Date.now() - first.since) / 1000)) : 0,
        storage: this.failing ? 'failing' : this.full ? 'full' : this.storage,
      };
      const answer = await this.ask('/api/v1/devices/heartbeat', said, kiosk.credential);
      if (answer.status === 401 || answer.status === 403) { this.revoked = true; screens.warn(); return; }
      if (answer.status !== 200) return;
      kiosk.contact = Date.now();
      const heard = await answer.json();
      this.newer = heard.app !== kiosk.app;
      if (heard.content !== (kiosk.content && kiosk.content.tag)) kiosk.stale = true;
      if (this.waiting > 0 && !this.busy) this.soon(0);
      kiosk.rest();
    } catch (error) {
      // No network: the next beat is a minute away.
    }
  },

  // What is asked, from the service.
  async content(credential) {
    const answer = await this.ask('/api/v1/devices/content', null, credential);
    if (answer.status !== 200) throw new Error(String(answer.status));
    return answer.json();
  },

  begin() {
    addEventListener('online', () => { this.failures = 0; this.soon(0); });
    setInterval(() => this.beat(), MINUTE);
    this.measure();
    this.beat();
    this.soon(0);
  },
};
