// The browser of the tests: the system's own, without anything that it would fetch by itself.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

export async function launch() {
  const executablePath = places.find((path) => existsSync(path));
  if (!executablePath) throw new Error('there is no chromium; tests/run installs it');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-sync',
    '--disable-background-networking', '--disable-component-update', '--proxy-server=direct://'];
  return chromium.launch({ executablePath, args });
}

export function assert(holds, what) {
  if (!holds) throw new Error(what);
}
