// The tablet's program without a network: everything that it is made of is kept, and replaced all at once. Above this stand
// its version and its files.
const KEPT = `sipas-kiosk-${VERSION}`;

addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' })))));
});

// A new program waits until the page says that nobody is in the middle of anything.
addEventListener('message', (event) => {
  if (event.data === 'go') skipWaiting();
});

addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name.startsWith('sipas-kiosk-') && name !== KEPT);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== location.origin || !pathname.startsWith('/kiosk')) return;
  event.respondWith(caches.open(KEPT).then(async (cache) => (await cache.match(pathname)) || fetch(event.request)));
});
