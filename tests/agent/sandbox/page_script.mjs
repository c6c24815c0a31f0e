// Runs the statements page's own script on the least of a document, against a running sandbox.
// Arguments: the address of the service, the cookies, the file that holds the page. Prints what the page then shows.
import { readFileSync } from 'node:fs';

const [base, cookie, file] = process.argv.slice(2);

class Element {
  constructor(id) { Object.assign(this, { id, children: [], own: '', listeners: {}, hidden: false, disabled: false }); }
  get textContent() { return this.own + this.children.map((child) => child.textContent).join(' '); }
  set textContent(value) { this.own = value; }
  appendChild(child) { this.children.push(child); return child; }
  addEventListener(kind, listener) { this.listeners[kind] = listener; }
  click() { this.listeners.click?.(); }
}

const known = {};
globalThis.window = globalThis;
globalThis.document = {
  cookie: '',
  getElementById: (id) => (id === 'bandeauConsentement' || id.startsWith('idBouton') ? null : (known[id] ??= new Element(id))),
  createElement: (name) => new Element(name),
};
const calls = [];
const reallyFetch = globalThis.fetch;
globalThis.fetch = (path, options) => {
  const call = reallyFetch(base + path, { ...options, headers: { ...options.headers, cookie } });
  calls.push(call);
  return call;
};
const settled = async () => {
  for (let seen = -1; seen !== calls.length;) {
    seen = calls.length;
    await Promise.allSettled(calls);
    await new Promise((resume) => setTimeout(resume, 20));
  }
};

const page = readFileSync(file, 'utf8');
for (const [, script] of page.matchAll(/<script>([\s\S]*?)<\/script>/g)) { (0, eval)(script); }
await settled();
const { cartes: cards, afficherPlus: more } = known;
const shown = [cards.children.length];
const firstCards = cards.children.slice(0, 3).map((card) => card.textContent);
while (!more.hidden && shown.length < 9) {
  more.click();
  await settled();
  shown.push(cards.children.length);
}
console.log(JSON.stringify({ shown, firstCards, error: known.erreur?.textContent ?? '' }));
