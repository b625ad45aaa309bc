// The review: the current candidate, its keys, forms that keep what was typed.
"use strict";
(() => {
  const root = document.querySelector(".review");
  if (!root) return;
  const text = root.querySelector("article.text"), list = document.getElementById("items"), work = document.getElementById("work");
  const items = () => [...list.querySelectorAll("li[data-key]")];
  const marks = luoshi.marks, inside = luoshi.inside;
  const ACTS = { a: "accept", e: "edit", s: "split", m: "merge", r: "reject", u: "reopen", n: "next" };
  let current = "";
  let busy = false;

  const at = () => document.getElementById("c-" + current);
  function light(key, on) {
    marks(key).forEach((m) => m.classList.toggle("lit", on));
    const li = document.getElementById("c-" + key);
    if (li) { li.classList.toggle("lit", on); if (on) li.setAttribute("aria-current", "true"); else li.removeAttribute("aria-current"); }
  }
  function select(li, focus = true) {
    if (!li) return;
    if (current) light(current, false);
    current = li.dataset.key;
    light(current, true);
    inside(list, li);
    luoshi.reveal(current, li.dataset.page);
    if (focus) li.focus({ preventScroll: true });
  }
  function step(by) {
    const all = items(), i = all.findIndex((x) => x.dataset.key === current);
    select(all[Math.max(0, Math.min(all.length - 1, i < 0 ? 0 : i + by))]);
  }
  function next() {
    const all = items(), i = all.findIndex((x) => x.dataset.key === current);
    const order = [...all.slice(i + 1), ...all.slice(0, i + 1)];
    const found = order.find((x) => x.dataset.state === "pending");
    if (found) select(found); else luoshi.say("info", root.dataset.none);
  }
  const url = (li, action) => li.dataset.form.replace(/edit$/, action);
  function open(li, action) {
    let address = url(li, action);
    if (action === "merge") {
      const chosen = [...list.querySelectorAll("input[data-pick]:checked")].map((x) => "with=" + x.dataset.pick);
      if (chosen.length) address += "?" + chosen.join("&");
    }
    return htmx.ajax("GET", address, { target: work, swap: "innerHTML" }).then(() => {
      const field = work.querySelector("textarea, input:not([type=hidden])");
      if (field) { field.focus(); work.scrollIntoView({ block: "nearest" }); }
    });
  }
  function close(forget) {
    const form = work.querySelector("form");
    if (form && forget) sessionStorage.removeItem("draft:" + form.dataset.draft);
    work.replaceChildren();
    if (at()) at().focus({ preventScroll: true });
  }
  function act(action) {
    if (action === "next") return next();
    const li = at();
    if (!li) return luoshi.say("info", root.dataset.pick);
    const pending = li.dataset.state === "pending";
    if (action === "reopen") { if (!pending && li.dataset.state !== "drifted") open(li, "reopen"); return undefined; }
    if (!pending || busy) return undefined;
    if (action !== "accept") return open(li, action);
    busy = true;
    return htmx.ajax("POST", li.dataset.accept, { source: li, values: { revision: li.dataset.revision }, swap: "none" }).finally(() => { busy = false; });
  }

  text.addEventListener("mouseover", (e) => { const m = e.target.closest("[data-keys]"); if (m) m.dataset.keys.split(" ").forEach((k) => light(k, true)); });
  text.addEventListener("mouseout", (e) => { const m = e.target.closest("[data-keys]"); if (m) m.dataset.keys.split(" ").forEach((k) => { if (k !== current) light(k, false); }); });
  text.addEventListener("click", (e) => { const m = e.target.closest("[data-keys]"); if (m) select(document.getElementById("c-" + m.dataset.keys.split(" ").pop())); });
  root.addEventListener("click", (e) => {
    const li = e.target.closest("#items li[data-key]"), button = e.target.closest("[data-act]");
    if (li && !e.target.closest("input")) { if (e.target.closest("[data-go]")) e.preventDefault(); select(li, !button); }
    if (button) act(button.dataset.act);
    if (e.target.closest("[data-cancel]")) close(true);
  });
  document.addEventListener("keydown", (e) => {
    const form = e.target.closest("#work form");
    if (form && e.key === "Enter" && e.ctrlKey) { e.preventDefault(); form.requestSubmit(); }
    if (e.key === "Escape" && work.firstElementChild) { e.preventDefault(); close(false); }
    if (e.target.closest("input:not([type=checkbox]), textarea, select, dialog") || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "j") step(1);
    else if (e.key === "k") step(-1);
    else if (e.key === "x") { const box = at() && at().querySelector("input[data-pick]"); if (box) box.checked = !box.checked; }
    else if (ACTS[e.key]) { e.preventDefault(); act(ACTS[e.key]); }
  });
  // What was decided: the server sends the rows; here the marks, and on to the next one.
  document.body.addEventListener("luoshi:decided", (e) => {
    for (const [key, state] of Object.entries(e.detail.states))
      marks(key).forEach((m) => { m.setAttribute("class", m.getAttribute("class").replace(/\bis-\w+/, "is-" + state)); });
    const form = work.querySelector("form");
    if (form) { sessionStorage.removeItem("draft:" + form.dataset.draft); work.replaceChildren(); }
    const still = at();
    if (still && still.dataset.state === "pending") select(still); else next();
  });
  // What was typed before the session ended, or the page was left, comes back.
  const kept = Object.keys(sessionStorage).map((k) => /^draft:review-(\d+)-(\w+)$/.exec(k)).filter(Boolean);
  const lost = kept.map((m) => [list.querySelector(`li[data-pk="${m[1]}"]`), m[2]]).find((p) => p[0]);
  if (lost) { select(lost[0]); open(...lost).then(() => luoshi.say("info", root.dataset.restored)); }
  else { const first = items().find((x) => x.dataset.state === "pending") || items()[0]; if (first) select(first); }
})();
