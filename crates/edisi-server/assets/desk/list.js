// Lists of editions: they follow by themselves, and have keys.

import { all, debounce, fragment, localTimes, one, openHelp, showProgress, typing, watch } from './common.js';

export function listPage() {
  const rows = one("#rows");
  const refresh = debounce(async () => {
    if (!rows) return;
    const focused = document.activeElement?.closest("[data-edition]")?.dataset.edition;
    const html = await fragment(`/desk/rows${location.search}`).catch(() => null);
    if (html === null || rows.contains(document.activeElement?.closest("select"))) return;
    rows.innerHTML = html;
    localTimes(rows);
    if (focused) one(`[data-edition="${focused}"] a`, rows)?.focus();
  }, 400);
  const again = rows ? refresh : debounce(() => location.reload(), 800);
  watch({
    progress: (event) => {
      const bar = one(`[data-edition="${event.edition}"] progress[data-making]`);
      if (bar) showProgress(bar, event);
      else if (rows) refresh();
    },
    edition: (event) => (rows || one(`[data-article="${event.article}"]`)) && again(),
    article: (event) => (rows || one(`[data-article="${event.article}"]`)) && again(),
    missed: again,
    connected: () => rows && again(),
  });
  if (!rows) return;
  rows.addEventListener("change", (event) => event.target.form?.requestSubmit(one("[aria-pressed]", rows)));
  addEventListener("keydown", (event) => {
    if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = all("#rows .queue a");
    const at = links.indexOf(document.activeElement);
    if (event.key === "j" || event.key === "ArrowDown") links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === "k" || event.key === "ArrowUp") links[Math.max(at - 1, 0)]?.focus();
    else if (event.key === "?") openHelp();
    else return;
    event.preventDefault();
  });
}
