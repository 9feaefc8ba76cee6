// The editor: keys, autosave, live checks, and what others do.

import {
  all, debounce, fragment, localTimes, one, openHelp, root, send, showProgress, toast, typing, watch,
} from './common.js';

export function editionPage() {
  const list = one(".segs");
  const edition = list.dataset.edition;
  const edits = list.hasAttribute("data-edits");
  const segments = () => all(".seg", list);
  const find = (id) => one(`.seg[data-segment="${id}"]`, list);
  const narrow = matchMedia("(max-width: 71.99rem)");
  const version = (seg) => Number(seg.dataset.version);
  let active = null;
  let editor = null;
  /** Whether something was done here, and whether the bar is still the one the page came with. */
  let acted = false;
  let fresh = true;
  /** What is being sent, by segment: one after the other, so that each goes out on the version before it. */
  const queue = new Map();

  const refreshBar = debounce(async () => {
    const open = one("#bar details[open]");
    // A panel that somebody is reading stays as it is; it is made anew when it closes.
    if (open) return open.addEventListener("toggle", refreshBar, { once: true });
    const html = await fragment(`/desk/editions/${edition}/bar`).catch(() => null);
    if (html === null) return;
    const before = one("#bar").dataset;
    one("#bar").outerHTML = html;
    localTimes(one("#bar"));
    const now = one("#bar").dataset;
    const made = now.made !== list.dataset.made;
    // Changed while this page was on its way, or made since: the sentences are others.
    if ((made || (!acted && before.contentVersion !== now.contentVersion && fresh)) && !editor) location.reload();
    fresh = false;
  }, 250);

  function activate(seg, scroll = true) {
    if (!seg || seg === active) return;
    if (editor && editor.seg !== seg) stopEditing();
    if (active) {
      active.classList.remove("active");
      one(".more", active).open = false;
    }
    active = seg;
    seg.classList.add("active");
    one(".more", seg).open = true;
    one("#dock").hidden = !edits;
    if (scroll) seg.scrollIntoView({ block: "nearest" });
    seg.focus({ preventScroll: true });
    if (scroll) history.replaceState(null, "", `#${seg.id}`);
  }

  function move(step, wanted = () => true) {
    const rows = segments();
    const at = active ? rows.indexOf(active) : step > 0 ? -1 : rows.length;
    const rest = step > 0 ? rows.slice(at + 1) : rows.slice(0, Math.max(at, 0)).reverse();
    const next = rest.find(wanted);
    if (next) activate(next);
    return Boolean(next);
  }
  const open = (seg) => seg.dataset.reviewed === "false";
  const found = (seg) => seg.dataset.worst === "error" || seg.dataset.worst === "warning";
  const goOn = () => {
    if (!move(1, open) && !segments().some(open)) {
      const next = all(".paging a").find((link) => link.textContent === String(Number(one(".paging [aria-current]")?.textContent) + 1));
      toast(next ? "Every sentence on this page is reviewed; more on the next." : "Every sentence is reviewed.");
    }
  };

  /** Puts the server's row in the place of the one that is shown. */
  function replace(told, flash = false) {
    const old = find(told.id);
    if (!old || told.version < version(old)) return old;
    const holder = document.createElement("template");
    holder.innerHTML = told.html.trim();
    const fresh = holder.content.firstElementChild;
    const wasActive = old === active;
    const focused = old.contains(document.activeElement) || document.activeElement === document.body;
    old.replaceWith(fresh);
    if (wasActive) {
      active = fresh;
      fresh.classList.add("active");
      one(".more", fresh).open = true;
      if (focused) fresh.focus({ preventScroll: true });
    }
    if (flash) fresh.classList.add("flash");
    return fresh;
  }

  /** Does something about a segment, after whatever is being done about it. Gives the answer. */
  function act(id, fields) {
    acted = true;
    const before = queue.get(id) ?? Promise.resolve();
    const work = before.then(async () => {
      const seg = find(id);
      const answer = await send(`/desk/segments/${id}`, { ...fields, version: version(seg) });
      if (answer.ok) {
        seg.dataset.version = answer.body.version;
        refreshBar();
      }
      return answer;
    });
    const done = work.finally(() => queue.get(id) === done && queue.delete(id));
    queue.set(id, done);
    return done;
  }

  /** The same from a key or button: shows what came of it. */
  async function perform(seg, fields, then) {
    if (!edits || !seg) return;
    const id = seg.dataset.segment;
    if (editor?.seg === seg && fields.action !== "edit") await stopEditing();
    const answer = await act(id, fields);
    if (answer.ok) {
      replace(answer.body);
      then?.();
    } else if (answer.status === 409 && answer.body.current) {
      conflict(answer.body, fields.action === "edit" ? fields.text : null);
    } else {
      toast(answer.body.error ?? "That did not work.", true);
    }
  }

  /** Both texts side by side; the editor decides. */
  function conflict({ error, current }, mine) {
    replace(current, true);
    if (mine === null || mine === undefined || mine.trim() === current.text) return toast(error, true);
    const box = one("#conflict");
    one("[data-message]", box).textContent = error;
    one("[data-theirs]", box).textContent = current.text;
    one("[data-mine]", box).value = mine;
    box.returnValue = "";
    box.dataset.segment = current.id;
    if (!box.open) box.showModal();
  }
  // One of the texts has to be chosen: closing the box would lose the editor's own.
  one("#conflict").addEventListener("cancel", (event) => event.preventDefault());
  one("#conflict").addEventListener("click", (event) => {
    const keep = event.target.dataset.keep;
    if (!keep) return;
    const box = event.currentTarget;
    const text = one("[data-mine]", box).value;
    box.close();
    if (keep === "mine") perform(find(box.dataset.segment), { action: "edit", text });
  });

  // Writing

  function startEditing(seg) {
    if (!edits || !seg || editor?.seg === seg) return;
    activate(seg);
    const cell = one(".cell.target", seg);
    const text = one(".text", cell);
    const box = document.createElement("div");
    box.className = "editor";
    box.innerHTML = '<div class="back" aria-hidden="true"></div><textarea spellcheck="true" aria-label="Translation"></textarea>';
    const field = one("textarea", box);
    field.value = seg.dataset.state === "rejected" ? "" : text.dataset.text;
    const note = document.createElement("div");
    note.className = "saving";
    note.lang = "en";
    note.dir = "ltr";
    note.innerHTML = '<span data-saved role="status"></span><span><kbd>Ctrl</kbd> <kbd>Enter</kbd> save, go on</span><span><kbd>Esc</kbd> stop</span>';
    text.hidden = true;
    one(".chips", cell)?.setAttribute("hidden", "");
    text.after(box, note);
    seg.classList.add("editing");
    editor = { seg, id: seg.dataset.segment, field, box, note, saved: text.dataset.text, latest: null };
    one(".back", box).innerHTML = text.innerHTML;
    fit();
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    field.addEventListener("input", () => {
      one(".back", box).textContent = "";
      fit();
      say("");
      saveSoon();
      checkSoon();
    });
    field.addEventListener("blur", () => editor && save(editor));
  }

  function fit() {
    editor.field.style.blockSize = "auto";
    editor.field.style.blockSize = `${editor.field.scrollHeight + 2}px`;
  }

  function say(text, bad = false) {
    if (!editor) return;
    const place = one("[data-saved]", editor.note);
    place.textContent = text;
    place.classList.toggle("bad", bad);
  }

  async function save(current) {
    const text = current.field.value.trim();
    if (text === current.saved.trim()) return true;
    if (text === "") {
      if (editor === current) say("Not saved: there is no text.", true);
      return false;
    }
    if (editor === current) say("Saving…");
    current.saved = text;
    const answer = await act(current.id, { action: "edit", text });
    if (answer.ok) {
      current.latest = answer.body;
      if (editor === current && current.field.value.trim() === text) say("Saved");
      return true;
    }
    current.saved = "";
    if (answer.status === 409 && answer.body.current) {
      const mine = current.field.value;
      if (editor === current) editor = null;
      conflict(answer.body, mine);
    } else if (editor === current) {
      say(`Not saved: ${answer.body.error ?? "try again"}`, true);
      if (answer.status === 0 || answer.status === 401) setTimeout(() => editor === current && save(current), 4000);
    } else {
      toast(answer.body.error, true);
    }
    return false;
  }
  const saveSoon = debounce(() => editor && save(editor), 1200);

  const checkSoon = debounce(async () => {
    const current = editor;
    const text = current?.field.value;
    if (!text?.trim()) return;
    const answer = await send(`/desk/segments/${current.id}/check`, { text });
    if (!answer.ok || editor !== current || current.field.value !== text) return;
    one("[data-findings-list]", current.seg).innerHTML = answer.body.findings;
    one(".cell.source .text", current.seg).innerHTML = answer.body.source;
    one(".back", current.box).innerHTML = answer.body.target;
  }, 350);

  /** Ends writing; what was typed is saved. False when it could not be. */
  async function stopEditing() {
    const current = editor;
    if (!current) return true;
    const kept = await save(current);
    if (editor !== current) return kept;
    if (!kept && current.field.value.trim() !== "") return false;
    editor = null;
    current.seg.classList.remove("editing");
    if (current.latest) replace(current.latest);
    else await reload(current.id);
    active?.focus({ preventScroll: true });
    return kept;
  }

  async function reload(id, flash = false) {
    const answer = await send(`/desk/segments/${id}`);
    if (answer.ok) replace(answer.body, flash);
  }

  // What can be done, by key and by button

  const does = {
    accept: async (seg) => {
      const current = editor?.seg === seg ? editor : null;
      if (current) {
        if (!(await save(current))) return;
        await stopEditing();
        if (current.latest) return goOn();
      }
      // What was opened and not changed is found right as it is.
      perform(current ? find(current.id) : seg, { action: "accept" }, goOn);
    },
    edit: (seg) => startEditing(seg),
    reject: (seg) => perform(seg, { action: "reject" }),
    undo: (seg) => perform(seg, { action: "undo" }),
    next: () => goOn(),
    fix: (seg) => seg && one('[data-action="fix"]', seg)?.click(),
    help: openHelp,
    shading: () => shade(!root.classList.contains("shading")),
  };

  function shade(on) {
    root.classList.toggle("shading", on);
    localStorage.setItem("edisi-shading", on ? "1" : "0");
    one('[data-action="shading"]')?.setAttribute("aria-pressed", String(on));
  }
  shade(localStorage.getItem("edisi-shading") !== "0");

  document.addEventListener("click", (event) => {
    const seg = event.target.closest(".seg");
    const button = event.target.closest("button[data-action], a[data-goto]");
    if (button?.dataset.goto) {
      const there = one(`#s-${button.dataset.goto}`);
      if (there) {
        event.preventDefault();
        button.closest("details").open = false;
        activate(there);
      }
      return;
    }
    if (button?.form?.matches("[data-choice]")) {
      event.preventDefault();
      const text = button.form.elements.text.value;
      if (editor?.seg === seg) {
        editor.field.value = text;
        editor.field.dispatchEvent(new Event("input"));
        editor.field.focus();
      } else {
        perform(seg, { action: "edit", text });
      }
      return;
    }
    const work = button && does[button.dataset.action];
    if (work && (seg || button.closest("#dock") || button.classList.contains("script"))) {
      event.preventDefault();
      work(seg ?? active);
      return;
    }
    if (!seg) return;
    const wasActive = seg === active;
    activate(seg, narrow.matches);
    const inText = event.target.closest(".cell.target .text");
    if (wasActive && inText && getSelection().isCollapsed) startEditing(seg);
  });
  list.addEventListener("dblclick", (event) => event.target.closest(".cell.target") && startEditing(event.target.closest(".seg")));
  list.addEventListener("pointerover", (event) => {
    const at = event.target.closest("[data-finding]");
    const seg = event.target.closest(".seg");
    if (!seg) return;
    for (const mark of all("mark[data-finding]", seg)) {
      const named = at && mark.dataset.finding.split(" ").some((n) => at.dataset.finding.split(" ").includes(n));
      mark.classList.toggle("hover", Boolean(named));
    }
  });

  const keys = {
    j: () => goOn(), k: () => move(-1, open), n: () => move(1, found) || toast("No finding further down."),
    p: () => move(-1, found), ArrowDown: () => move(1), ArrowUp: () => move(-1),
    a: () => does.accept(active), x: () => does.reject(active), u: () => does.undo(active), f: () => does.fix(active),
    Enter: () => does.edit(active), c: () => does.shading(), "?": openHelp,
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && active && !one("dialog[open]")) {
      event.preventDefault();
      return does.accept(active);
    }
    if (editor && event.target === editor.field) {
      if (event.key === "Escape") {
        event.preventDefault();
        stopEditing();
      }
      return;
    }
    if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.closest("button, a, summary")) return;
    const choice = /^[1-9]$/.test(event.key) && active && one(`[data-choice-number="${event.key}"]`, active);
    const work = choice ? () => choice.click() : keys[event.key];
    if (!work) return;
    event.preventDefault();
    work();
  });

  // Approving and the like goes out after what is still being saved.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-edition-form]") || (!editor && queue.size === 0)) return;
    event.preventDefault();
    if (!(await stopEditing())) return;
    await Promise.all(queue.values());
    location.reload();
    toast("Your last change was saved first; look again.");
  });
  addEventListener("beforeunload", (event) => {
    const unsaved = editor && editor.field.value.trim() !== editor.saved.trim();
    if (unsaved || queue.size > 0) event.preventDefault();
  });

  watch({
    connected: refreshBar,
    segment: async (event) => {
      if (event.edition !== edition) return;
      refreshBar();
      const seg = find(event.segment);
      await queue.get(event.segment);
      if (!seg || version(find(event.segment)) >= event.version) return;
      if (editor?.id === event.segment) {
        say(`${event.by} changed this sentence just now. Yours is kept; saving shows both.`, true);
        return;
      }
      await reload(event.segment, true);
      toast(`${event.by} changed sentence ${seg.dataset.number}.`);
    },
    edition: (event) => {
      if (event.edition !== edition) return;
      if (event.stale && !editor) location.reload();
      else refreshBar();
    },
    progress: (event) => {
      if (event.edition !== edition) return;
      const bar = one("#bar progress[data-making]");
      if (!bar) return refreshBar();
      showProgress(bar, event);
      const words = one("[data-making-words]");
      if (words) words.textContent = `${event.done} of ${event.steps}`;
    },
    missed: () => (editor ? refreshBar() : location.reload()),
  });

  const named = document.getElementById(location.hash.slice(1))?.closest(".seg");
  if (named) activate(named);
  else if (!narrow.matches) activate(segments().find(open) ?? segments()[0], false);
}
