// What a test wants looked at, read from standard input as JSON.
export async function plan() {
  let text = '';
  for await (const piece of process.stdin) text += piece;
  return JSON.parse(text);
}

export function inLanguage(address, lang) {
  return `${address}${address.includes('?') ? '&' : '?'}lang=${lang}`;
}
