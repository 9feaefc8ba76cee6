// What all pages of the desk use.

export const root = document.documentElement;
export const one = (selector, from = document) => from.querySelector(selector);
export const all = (selector, from = document) => [...from.querySelectorAll(selector)];
let csrf = one('meta[name="csrf"]')?.content ?? "";

/** Says something for a moment. */
export function toast(text, bad = false) {
  const box = document.createElement("div");
  box.className = bad ? "toast bad" : "toast";
  box.textContent = text;
  one("#toasts").append(box);
  setTimeout(() => box.remove(), bad ? 7000 : 3500);
}

/** After somebody signed in again in another tab: the token of the new session. False when there is no other. */
async function renew() {
  const response = await fetch("/desk/account");
  if (!response.ok || response.redirected) return false;
  const other = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = one('meta[name="csrf"]', other)?.content;
  if (!fresh || fresh === csrf) return false;
  csrf = fresh;
  return true;
}

/** Sends fields and gives { ok, status, body }; status 0 when the server could not be reached. */
export async function send(url, fields) {
  try {
    const response = await fetch(url, {
      method: fields ? "POST" : "GET",
      headers: { Accept: "application/json", ...(fields && { "Content-Type": "application/json", "X-Edisi-Csrf": csrf }) },
      body: fields && JSON.stringify(fields),
    });
    if (fields && (response.status === 401 || response.status === 403) && (await renew())) return send(url, fields);
    const body = await response.json().catch(() => ({}));
    if (response.status === 401) {
      body.error = "Your session has ended. Sign in again in another tab; what you typed stays here.";
    }
    return { ok: response.ok, status: response.status, body };
  } catch {
    return { ok: false, status: 0, body: { error: "The server cannot be reached." } };
  }
}

export async function fragment(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) throw new Error(response.statusText);
  return response.text();
}

export function debounce(work, wait) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), wait);
  };
}

/** Times in the reader's own zone. */
export function localTimes(from = document) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const time of all("time[data-time]", from)) {
    const date = new Date(time.dateTime);
    if (!Number.isNaN(date.getTime())) time.textContent = format.format(date);
  }
}

/** Whether a key is meant for a field, not for the page. */
export const typing = (event) => event.target.closest?.("input, textarea, select, dialog[open]") !== null;

export function openHelp() {
  one("#help")?.showModal();
}

/** Watches what changes; `on` has a function for each event, and `missed` for when some may have been missed, `connected` for
 * what changed while the page was on its way. */
export function watch(on) {
  const source = new EventSource("/desk/events");
  let greeted = false;
  source.addEventListener("hello", () => {
    if (greeted) on.missed?.();
    else on.connected?.();
    greeted = true;
  });
  for (const [name, work] of Object.entries(on)) {
    source.addEventListener(name, (event) => work(JSON.parse(event.data)));
  }
  addEventListener("pagehide", () => source.close());
}

export function showProgress(bar, event) {
  if (!bar) return;
  bar.max = Math.max(event.steps, 1);
  bar.value = event.done;
}
