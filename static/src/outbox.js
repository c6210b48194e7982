// Steps of plans the server does not have yet, kept in this browser per person and project until it has them.
// A window that closed, or lost its sign-in, leaves them behind; the next one finds them. Signing out clears them.
import { text } from "./dom.js";
import { toast } from "./toasts.js";

const PREFIX = "pmo.waiting.";
const here = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 10)}`;
const person = () => document.body.dataset.person ?? "";
const keyOf = (code) => `${PREFIX}${person()}.${here}.${code}`;

/** All kept entries: [{key, person, window, code, at, waiting, keys}]. */
function entries() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).flatMap((key) => {
      const [owner, origin] = key.slice(PREFIX.length).split(".");
      const kept = JSON.parse(localStorage.getItem(key) ?? "null");
      return Array.isArray(kept?.waiting) ? [{ ...kept, key, person: owner, window: origin }] : [];
    });
  } catch {
    return [];
  }
}

/** Keep what waits in this window; nothing waits, nothing is kept. Says whether it could be kept. */
export function keepWaiting(code, waiting, keys) {
  try {
    if (waiting.length) localStorage.setItem(keyOf(code), JSON.stringify({ code, at: Date.now(), waiting, keys }));
    else localStorage.removeItem(keyOf(code));
    return true;
  } catch {
    return !waiting.length;
  }
}

/** What windows that are closed left behind, oldest first. A window that is open holds a lock with its name. */
export async function leftBehind() {
  const own = entries().filter((entry) => entry.person === person() && entry.window !== here);
  const found = await Promise.all(own.map(async (entry) => ((await isClosed(entry.window)) ? [entry] : [])));
  return found.flat().sort((one, other) => one.at - other.at);
}

// Shared, so that two who ask at once do not take each other for the window.
const isClosed = (name) => navigator.locks?.request(`${PREFIX}${name}`, { ifAvailable: true, mode: "shared" }, (lock) => lock !== null) ?? true;

export function forget(entry) {
  try {
    localStorage.removeItem(entry.key);
  } catch {
    // A closed store holds nothing.
  }
}

/** On a page without the plan itself: say where steps wait. */
async function remind() {
  const opened = document.querySelector("[data-module=plan]")?.dataset.code;
  const codes = new Set((await leftBehind()).map((entry) => entry.code).filter((code) => code !== opened));
  for (const code of codes) toast(text("waitingSteps").replace("{code}", code), "warning", { href: `/projects/${encodeURIComponent(code)}/plan/`, title: text("openPlan") });
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("[data-sign-out]")) return;
  const own = entries().filter((entry) => entry.person === person());
  if (own.length && !confirm(event.target.dataset.signOut)) event.preventDefault();
  else own.forEach(forget);
});

if (person()) {
  navigator.locks?.request(`${PREFIX}${here}`, () => new Promise(() => {}));
  // Whoever signs in after somebody else on this browser shares the machine with them.
  entries().filter((entry) => entry.person !== person()).forEach(forget);
  remind();
}
