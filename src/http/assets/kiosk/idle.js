// Nobody touches: a warning with a countdown, as often as somebody goes on; then everything is forgotten.
const WARNING = 20;

const idle = {
  timer: 0,
  left: 0,
  watching: false,

  on() {
    this.watching = true;
    this.touched();
  },

  off() {
    this.watching = false;
    clearTimeout(this.timer);
    this.hide();
  },

  touched() {
    if (!this.watching || this.left > 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.warn(WARNING), (kiosk.settings.idle || 45) * 1000);
  },

  warn(left) {
    const box = document.getElementById('idle');
    const { language } = asking;
    this.left = left;
    if (left === 0) {
      this.off();
      return screens.name === 'ask' ? asking.attract() : staff.leave();
    }
    const text = t('kiosk-idle-text', language, { seconds: left });
    if (box.hidden) {
      const go = screens.tool(t('kiosk-next', language), () => { this.hide(); this.touched(); }, { class: 'start' });
      box.replaceChildren(h('div', { role: 'alertdialog', 'aria-modal': 'true', 'aria-labelledby': 'idle-title', lang: language },
        h('h2', { id: 'idle-title' }, t('kiosk-idle', language)), h('p', { class: 'lead' }, text), go));
      box.hidden = false;
      document.getElementById('app').inert = true;
      go.focus();
    } else {
      box.querySelector('.lead').textContent = text;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.warn(left - 1), 1000);
    return undefined;
  },

  hide() {
    const box = document.getElementById('idle');
    this.left = 0;
    clearTimeout(this.timer);
    box.hidden = true;
    box.replaceChildren();
    document.getElementById('app').inert = false;
  },
};
