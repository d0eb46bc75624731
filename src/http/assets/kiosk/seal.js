// Seals an answer to the service's public key at once (docs/kiosk.md, "What lies on the tablet"), and keeps the PIN as a hash.
const seal = {
  hex(bytes) {
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
  },

  bytes(hex) {
    return Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  },

  key() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const random = crypto.getRandomValues(new Uint8Array(16));
    random[6] = (random[6] & 15) | 64;
    random[8] = (random[8] & 63) | 128;
    return this.hex(random).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  },

  // Padded to steps of 512 bytes: the length says nothing of a comment.
  padded(content) {
    const text = new TextEncoder().encode(JSON.stringify(content));
    const whole = new Uint8Array(Math.ceil((text.length + 1) / 512) * 512).fill(32);
    whole.set(text);
    return whole;
  },

  async entry(content, sequence, device, queueKey) {
    const curve = { name: 'ECDH', namedCurve: 'P-256' };
    const ours = this.bytes(queueKey.public);
    const service = await crypto.subtle.importKey('raw', ours, curve, false, []);
    const pair = await crypto.subtle.generateKey(curve, false, ['deriveBits']);
    const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: service }, pair.privateKey, 256);
    const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
    const purpose = new TextEncoder().encode('sipas queue 1');
    const info = new Uint8Array([...purpose, ...point, ...ours]);
    const aes = await crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, secret,
      { name: 'AES-GCM', length: 256 }, false, ['encrypt']);
    const key = this.key();
    const bound = new TextEncoder().encode(`sipas queue 1\n${device}\n${sequence}\n${key}`);
    const text = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: bound }, aes, this.padded(content));
    return { key, sequence, queue_key: queueKey.number, sealed: this.hex(point) + this.hex(text) };
  },

  async pin(pin, salt) {
    const typed = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
    const bits = await crypto.subtle.deriveBits(
      { name: 'PBKDF2', hash: 'SHA-256', salt: this.bytes(salt), iterations: 200000 }, typed, 256);
    return this.hex(bits);
  },

  async newPin(pin) {
    const salt = this.hex(crypto.getRandomValues(new Uint8Array(16)));
    return { salt, hash: await this.pin(pin, salt) };
  },
};
