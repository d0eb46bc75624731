// What the tablet keeps: who it is, what it asks, and answers that wait, each sealed to a key that it does not have.
// Nothing here ever holds an answer that could be read.
const store = {
  opened: null,

  open() {
    if (this.opened) return this.opened;
    this.opened = new Promise((done, failed) => {
      const asked = indexedDB.open('sipas-kiosk', 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore('state');
        asked.result.createObjectStore('queue', { keyPath: 'sequence' });
      };
      asked.onsuccess = () => {
        const db = asked.result;
        db.onclose = () => { this.opened = null; };
        db.onversionchange = () => { db.close(); this.opened = null; };
        done(db);
      };
      asked.onerror = () => failed(asked.error);
      asked.onblocked = () => failed(new Error('blocked'));
    });
    this.opened.catch(() => { this.opened = null; });
    return this.opened;
  },

  // One transaction; it is on disk when this returns.
  async within(names, mode, work) {
    const db = await this.open();
    return new Promise((done, failed) => {
      const all = db.transaction(names, mode, { durability: 'strict' });
      let value;
      all.oncomplete = () => done(value);
      all.onabort = () => failed(all.error || new Error('aborted'));
      all.onerror = () => failed(all.error);
      work((name) => all.objectStore(name), (result) => { value = result; });
    });
  },

  get(name) {
    return this.within(['state'], 'readonly', (at, give) => {
      const asked = at('state').get(name);
      asked.onsuccess = () => give(asked.result);
    });
  },

  put(name, value) {
    return this.within(['state'], 'readwrite', (at) => { at('state').put(value, name); });
  },

  // The next number, for ever: a number that was given is never given again, whatever becomes of it.
  number() {
    return this.within(['state'], 'readwrite', (at, give) => {
      const asked = at('state').get('sequence');
      asked.onsuccess = () => {
        const next = (asked.result || 0) + 1;
        at('state').put(next, 'sequence');
        give(next);
      };
    });
  },

  // Numbers begin where the service says, where it knows more than we do.
  raise(next) {
    return this.within(['state'], 'readwrite', (at) => {
      const asked = at('state').get('sequence');
      asked.onsuccess = () => {
        if ((asked.result || 0) < next - 1) at('state').put(next - 1, 'sequence');
      };
    });
  },

  keep(entry) {
    return this.within(['queue'], 'readwrite', (at) => { at('queue').add(entry); });
  },

  oldest(most) {
    return this.within(['queue'], 'readonly', (at, give) => {
      const asked = at('queue').getAll(null, most);
      asked.onsuccess = () => give(asked.result);
    });
  },

  forget(sequences) {
    return this.within(['queue'], 'readwrite', (at) => {
      for (const sequence of sequences) at('queue').delete(sequence);
    });
  },

  count() {
    return this.within(['queue'], 'readonly', (at, give) => {
      const asked = at('queue').count();
      asked.onsuccess = () => give(asked.result);
    });
  },
};
