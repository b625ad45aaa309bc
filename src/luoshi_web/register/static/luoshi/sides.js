// Two texts side by side: ribbons, the current link, filters, keys, links drawn by hand.
"use strict";
(() => {
  const root = document.querySelector(".sides");
  if (!root) return;
  const NS = "http://www.w3.org/2000/svg";
  const ORDER = ["verbatim", "adapted", "specified"], SIGNS = { verbatim: "■", adapted: "◆", specified: "▲" };
  const panes = { upper: document.getElementById("upper"), lower: document.getElementById("lower") };
  const ribbons = root.querySelector(".ribbons"), barcode = root.querySelector(".barcode"), panel = document.getElementById("tie");
  const table = document.getElementById("ties"), peek = document.getElementById("peek"), note = document.getElementById("adding");
  const field = (id) => document.getElementById(id);
  const ties = [...table.querySelectorAll("tr[data-key]")].map((tr) => ({
    key: tr.dataset.key, tr, relation: tr.dataset.relation, score: Number(tr.dataset.score), state: tr.dataset.state,
    chapters: { upper: tr.dataset.uc, lower: tr.dataset.lc }, marks: { upper: [], lower: [] }, spans: {}, shown: true,
  }));
  const byKey = new Map(ties.map((t) => [t.key, t]));
  let current = null, adding = null, sending = false, waitingKeys = [];

  // The marks of each link, and of each sentence; the first piece of each bears its sign.
  const sentences = { upper: [], lower: [] };
  for (const side of ["upper", "lower"]) {
    const known = new Map(), seen = new Set();
    for (const m of panes[side].querySelectorAll("mark")) {
      for (const key of m.dataset.keys.split(" ")) {
        const t = byKey.get(key);
        if (t) {
          if (!t.marks[side].length && !m.dataset.sign) { m.dataset.sign = SIGNS[t.relation]; m.classList.add("head"); }
          t.marks[side].push(m);
        } else if (key[0] === "s") {
          if (!known.has(key)) { known.set(key, { key: key.slice(1), marks: [] }); sentences[side].push(known.get(key)); }
          known.get(key).marks.push(m);
        } else if (key[0] === "x" && !seen.has(key)) { seen.add(key); m.classList.add("head"); }
      }
    }
  }
  const tiesOf = (m) => (m ? m.dataset.keys.split(" ").map((k) => byKey.get(k)).filter((t) => t && t.shown) : []);
  const sentenceOf = (side, m) => sentences[side].find((s) => s.marks.includes(m));

  // Heights of both ends within their texts; measured once, and again when the window changes.
  function measure() {
    for (const side of ["upper", "lower"]) {
      const pane = panes[side], base = pane.getBoundingClientRect().top - pane.scrollTop;
      const edges = (marks) => [marks[0].getBoundingClientRect().top - base, marks[marks.length - 1].getBoundingClientRect().bottom - base];
      for (const t of ties) t.spans[side] = t.marks[side].length ? edges(t.marks[side]) : null;
    }
    drawBarcode();
    draw();
  }
  function path(d, t, part) {
    const p = document.createElementNS(NS, "path");
    p.setAttribute("d", d);
    p.setAttribute("class", `r-${t.relation} is-${t.state}${part ? " stub" : ""}${t === current ? " chosen" : ""}`);
    p.dataset.key = t.key;
    return p;
  }
  function label(x, y, t) {
    const s = document.createElementNS(NS, "text");
    s.setAttribute("x", x); s.setAttribute("y", y);
    s.textContent = SIGNS[t.relation] + (t.state === "confirmed" ? "✓" : "");
    return s;
  }
  let waiting = false;
  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  }
  function draw() {
    const box = ribbons.getBoundingClientRect(), w = box.width, h = box.height;
    if (!w || !h) return;
    const up = panes.upper.scrollTop, low = panes.lower.scrollTop, out = [];
    let last = null;
    view();
    for (const t of ties) {
      const a = t.spans.upper, b = t.spans.lower;
      if (!t.shown || !a || !b) continue;
      const y = [a[0] - up, a[1] - up, b[0] - low, b[1] - low];
      const seen = [y[1] > 0 && y[0] < h, y[3] > 0 && y[2] < h];
      if (!seen[0] && !seen[1]) continue;
      const parts = [];
      if (seen[0] && seen[1]) {
        parts.push(path(`M0 ${y[0]}C${w / 2} ${y[0]} ${w / 2} ${y[2]} ${w} ${y[2]}L${w} ${y[3]}C${w / 2} ${y[3]} ${w / 2} ${y[1]} 0 ${y[1]}Z`, t));
        parts.push(label(w / 2, (y[0] + y[1] + y[2] + y[3]) / 4, t));
      } else {
        const x = seen[0] ? 0 : w, from = seen[0] ? y[0] : y[2], to = seen[0] ? y[1] : y[3], tip = x ? w - 14 : 14, above = seen[0] ? y[2] < 0 : y[0] < 0;
        parts.push(path(`M${x} ${from}L${tip} ${above ? from : to}L${x} ${to}Z`, t, true));
      }
      if (t === current) last = parts; else out.push(...parts);
    }
    ribbons.replaceChildren(...out, ...(last || []));
  }
  // One bar for each sentence of the lower text; where nothing leads up it is thin.
  function drawBarcode() {
    const rows = sentences.lower;
    barcode.setAttribute("viewBox", `0 0 26 ${Math.max(1, rows.length)}`);
    const kinds = new Map();
    for (const t of ties) {
      if (!t.shown || t.state === "rejected") continue;
      for (const m of t.marks.lower) for (const key of m.dataset.keys.split(" ")) {
        if (key[0] !== "s") continue;
        const old = kinds.get(key);
        if (!old || ORDER.indexOf(t.relation) < ORDER.indexOf(old.relation)) kinds.set(key, t);
      }
    }
    barcode.replaceChildren(...rows.map((s, i) => {
      const t = kinds.get("s" + s.key), fresh = !t && s.marks[0].classList.contains("r-new");
      const r = document.createElementNS(NS, "rect"), width = t ? [24, 18, 12][ORDER.indexOf(t.relation)] : fresh ? 7 : 3;
      r.setAttribute("x", 26 - width); r.setAttribute("y", i); r.setAttribute("width", width); r.setAttribute("height", 0.82);
      r.setAttribute("class", t ? "r-" + t.relation : fresh ? "r-new" : "r-none");
      r.dataset.at = i;
      return r;
    }));
    frame = document.createElementNS(NS, "rect");
    frame.setAttribute("class", "view"); frame.setAttribute("x", 0); frame.setAttribute("width", 26);
    barcode.append(frame);
  }
  let frame = null;
  function view() {
    if (!frame) return;
    const pane = panes.lower, n = sentences.lower.length, top = pane.scrollTop / pane.scrollHeight, part = pane.clientHeight / pane.scrollHeight;
    frame.setAttribute("y", top * n); frame.setAttribute("height", Math.max(0.5, part * n));
  }

  // The current link
  const address = (t) => root.dataset.link.replace("KEY", encodeURIComponent(t.key));
  function bring(pane, marks, at) {
    if (!marks.length) return;
    const a = pane.getBoundingClientRect(), b = marks[0].getBoundingClientRect(), want = at === undefined ? a.height / 3 : at;
    pane.scrollTop += b.top - a.top - want;
  }
  function light(t, name, on) { for (const side of ["upper", "lower"]) t.marks[side].forEach((m) => m.classList.toggle(name, on)); t.tr.classList.toggle(name, on); }
  function select(t, from) {
    if (!t) return;
    if (current) light(current, "chosen", false);
    current = t;
    light(t, "chosen", true);
    hidePeek();
    if (!table.hidden) t.tr.scrollIntoView({ block: "nearest" });
    else if (from) {
      const other = from === "upper" ? "lower" : "upper", top = t.marks[from][0].getBoundingClientRect().top - panes[from].getBoundingClientRect().top;
      bring(panes[other], t.marks[other], Math.max(30, Math.min(top, panes[other].clientHeight - 90)));
    } else for (const side of ["upper", "lower"]) bring(panes[side], t.marks[side]);
    draw();
    htmx.ajax("GET", address(t), { target: panel, swap: "innerHTML" });
    history.replaceState(null, "", "?link=" + encodeURIComponent(t.key));
  }
  function step(by) {
    if (!ties.some((t) => t.shown)) return luoshi.say("info", root.dataset.none);
    // the current one may have left the list by what was decided: on from where it stood
    const i = ties.indexOf(current), ahead = by > 0 ? ties.slice(i + 1) : ties.slice(0, Math.max(0, i)).reverse();
    return select(ahead.find((t) => t.shown) || (current && current.shown ? current : ties.find((t) => t.shown)));
  }

  // The words that changed, beside the pointer
  const kept = new Map();
  let timer = 0, wanted = null;
  function hidePeek() { clearTimeout(timer); wanted = null; peek.hidden = true; }
  function showPeek(t, m) {
    clearTimeout(timer);
    wanted = t;
    timer = setTimeout(async () => {
      if (!kept.has(t.key)) {
        const answer = await fetch(address(t) + "?peek=1", { headers: { "HX-Request": "true" } });
        if (!answer.ok) return;
        kept.set(t.key, await answer.text());
      }
      if (wanted !== t) return;
      peek.innerHTML = kept.get(t.key);
      peek.hidden = false;
      const at = m.getBoundingClientRect(), box = peek.getBoundingClientRect();
      peek.style.left = Math.max(6, Math.min(at.left, innerWidth - box.width - 8)) + "px";
      peek.style.top = (at.bottom + box.height + 8 < innerHeight ? at.bottom + 4 : Math.max(50, at.top - box.height - 4)) + "px";
    }, 180);
  }
  for (const side of ["upper", "lower"]) {
    const pane = panes[side];
    pane.addEventListener("scroll", () => { hidePeek(); later(); });
    pane.addEventListener("mouseover", (e) => { const m = e.target.closest("mark"), t = tiesOf(m)[0]; if (t && !adding) { light(t, "lit", true); showPeek(t, m); } });
    pane.addEventListener("mouseout", (e) => { const t = tiesOf(e.target.closest("mark"))[0]; if (t) { light(t, "lit", false); hidePeek(); } });
    pane.addEventListener("click", (e) => {
      const m = e.target.closest("mark");
      if (!m) return;
      if (adding) { const s = sentenceOf(side, m); if (adding.side === side && s) { cursor(s, e.shiftKey); take(); } return; }
      const some = tiesOf(m);
      if (some.length) select(some[(some.indexOf(current) + 1) % some.length], side);
    });
  }
  ribbons.addEventListener("click", (e) => { const p = e.target.closest("path"); if (p) select(byKey.get(p.dataset.key)); });
  barcode.addEventListener("click", (e) => {
    const r = e.target.closest("rect[data-at]");
    if (!r) return;
    const marks = sentences.lower[Number(r.dataset.at)].marks, t = tiesOf(marks[0])[0];
    bring(panes.lower, marks);
    if (t) select(t, "lower");
  });

  // Filters
  const pressed = (b) => b.getAttribute("aria-pressed") === "true";
  function filter() {
    const on = new Set([...root.querySelectorAll(".chip[data-relation]")].filter(pressed).map((b) => b.dataset.relation));
    const least = Number(field("score").value), up = field("upper-chapter").value, low = field("lower-chapter").value, state = field("state").value;
    field("score").nextElementSibling.value = least;
    const shown = new Set();
    for (const t of ties) {
      t.shown = on.has(t.relation) && t.score >= least && (!up || t.chapters.upper === up) && (!low || t.chapters.lower === low) && (!state || t.state === state);
      t.tr.hidden = !t.shown;
      if (t.shown) for (const side of ["upper", "lower"]) t.marks[side].forEach((m) => shown.add(m));
    }
    for (const t of ties) for (const side of ["upper", "lower"]) t.marks[side].forEach((m) => m.classList.toggle("off", !shown.has(m)));
    drawBarcode();
    draw();
  }
  root.querySelector(".bar").addEventListener("click", (e) => {
    const chip = e.target.closest(".chip");
    if (!chip) return;
    chip.setAttribute("aria-pressed", String(!pressed(chip)));
    if (chip.dataset.extra) {
      root.classList.toggle("show-" + chip.dataset.extra, pressed(chip));
      const first = pressed(chip) && panes[chip.dataset.extra === "new" ? "lower" : "upper"].querySelector("mark.r-" + chip.dataset.extra);
      if (first) bring(first.closest("article"), [first]);
    } else filter();
  });
  for (const id of ["score", "upper-chapter", "lower-chapter", "state"]) field(id).addEventListener("input", filter);
  const asTable = field("as-table");
  asTable.addEventListener("click", () => {
    const on = !pressed(asTable);
    asTable.setAttribute("aria-pressed", String(on));
    table.hidden = !on;
    root.querySelector(".comparing").hidden = on;
    if (on) { if (current) current.tr.scrollIntoView({ block: "center" }); return; }
    measure();
    if (current) { for (const side of ["upper", "lower"]) bring(panes[side], current.marks[side]); draw(); }
  });
  table.addEventListener("click", (e) => { const b = e.target.closest("[data-go]"); if (b) select(byKey.get(b.dataset.go)); });

  // Judging
  document.body.addEventListener("luoshi:judged", (e) => {
    const t = byKey.get(e.detail.key);
    if (!t) return;
    for (const side of ["upper", "lower"]) t.marks[side].forEach((m) => { m.classList.remove("is-" + t.state); m.classList.add("is-" + e.detail.state); });
    t.state = e.detail.state;
    t.tr.dataset.state = t.state;
    t.tr.querySelector("td.state").textContent = e.detail.words;
    filter();
  });
  // The panel comes from the server a moment after its link was chosen, and a judgement takes a moment. Keys that are faster wait
  // their turn, so that none judges another link than the one it was meant for; a late answer about another link is not drawn.
  const told = (from) => { const x = from.querySelector(".tie"); return x ? x.dataset.key : ""; };
  const aside = () => sending || (Boolean(current) && told(panel) !== current.key);
  panel.addEventListener("htmx:beforeSwap", (e) => {
    if (e.target !== panel || !current || !e.detail.shouldSwap) return;
    const key = told(new DOMParser().parseFromString(e.detail.serverResponse, "text/html"));
    if (key && key !== current.key) e.detail.shouldSwap = false;
  });
  panel.addEventListener("htmx:beforeRequest", (e) => { if (e.detail.requestConfig.verb === "post") sending = true; });
  panel.addEventListener("htmx:afterRequest", (e) => {
    if (e.detail.requestConfig.verb === "post") sending = false;
    if (!e.detail.successful) waitingKeys = [];
  });
  panel.addEventListener("htmx:afterSettle", (e) => {
    if (e.target === panel) setTimeout(() => { while (waitingKeys.length && !aside()) obey(waitingKeys.shift()); });
  });
  function obey(key) {
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "c") act("confirm");
    else if (key === "r") { act("reject"); waitingKeys = []; }
    else if (key === "a") act("add");
  }
  function typed(key) {
    if (waitingKeys.length || sending || (aside() && key !== "j" && key !== "k")) waitingKeys.push(key); else obey(key);
  }
  function act(name) {
    if (name === "add") return begin();
    const button = panel.querySelector(`button[data-act="${name}"]`);
    if (!button) return undefined;
    const reason = panel.querySelector("[data-reason]");
    if (name === "reject" && !reason.value.trim()) { reason.dataset.then = "reject"; return reason.focus(); }
    return button.click();
  }

  // A link drawn by hand: clauses above, clauses below, then the form. A range of clauses counts as one place.
  const range = (side, a, b) => { const some = sentences[side], i = some.indexOf(a), j = some.indexOf(b); return some.slice(Math.min(i, j), Math.max(i, j) + 1); };
  function cursor(s, extend) {
    root.querySelectorAll("mark.cursor").forEach((m) => m.classList.remove("cursor"));
    if (!s) return;
    adding.at = s;
    if (!extend || !adding.from) adding.from = s;
    range(adding.side, adding.from, s).forEach((x) => x.marks.forEach((m) => m.classList.add("cursor")));
    const a = panes[adding.side].getBoundingClientRect(), b = s.marks[0].getBoundingClientRect();
    if (b.top < a.top || b.bottom > a.bottom) bring(panes[adding.side], s.marks);
  }
  function visibleFirst(side) {
    const top = panes[side].getBoundingClientRect().top;
    return sentences[side].find((s) => s.marks[0].getBoundingClientRect().top >= top) || sentences[side][0];
  }
  function ask(side) {
    adding.side = side;
    adding.from = null;
    note.textContent = root.dataset[side === "upper" ? "pickUpper" : "pickLower"];
    note.hidden = false;
    const mine = current && current.marks[side].length ? sentenceOf(side, current.marks[side][0]) : null;
    cursor(mine || visibleFirst(side));
  }
  function begin() {
    if (!field("add")) return;
    if (!table.hidden) asTable.click();
    adding = { upper: null, lower: null };
    root.classList.add("adding");
    hidePeek();
    ask("upper");
  }
  function end() {
    adding = null;
    note.hidden = true;
    root.classList.remove("adding");
    root.querySelectorAll("mark.cursor, mark.taken").forEach((m) => m.classList.remove("cursor", "taken"));
  }
  function take() {
    const some = range(adding.side, adding.from, adding.at), first = some[0], last = some[some.length - 1];
    some.forEach((s) => s.marks.forEach((m) => m.classList.add("taken")));
    const words = document.createRange();
    words.setStartBefore(first.marks[0]);
    words.setEndAfter(last.marks[last.marks.length - 1]);
    adding[adding.side] = { span: first.key.split("-")[0] + "-" + last.key.split("-")[1], text: words.toString().replace(/\s*\n\s*/g, " ") };
    if (adding.side === "upper") return ask("lower");
    const dialog = field("add");
    for (const side of ["upper", "lower"]) {
      dialog.querySelector(`[name=${side}]`).value = adding[side].span;
      dialog.querySelector(`[data-picked=${side}]`).textContent = adding[side].text;
    }
    end();
    dialog.showModal();
    return field("add-relation").focus();
  }

  document.addEventListener("keydown", (e) => {
    const reason = e.target.closest("[data-reason]");
    if (reason && e.key === "Enter") { e.preventDefault(); const name = reason.dataset.then || "confirm"; if (name !== "reject" || reason.value.trim()) act(name); return; }
    if (e.key === "Escape") { if (adding) { e.preventDefault(); end(); } else if (reason) { delete reason.dataset.then; panel.focus(); reason.blur(); } hidePeek(); }
    if (e.target.closest("input, textarea, select, dialog") || e.ctrlKey || e.metaKey || e.altKey) return;
    if (adding) {
      const some = sentences[adding.side], i = some.indexOf(adding.at), by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[e.key.length === 1 ? e.key.toLowerCase() : e.key];
      if (by) { e.preventDefault(); cursor(some[Math.max(0, Math.min(some.length - 1, i + by))], e.shiftKey); }
      else if (e.key === "Enter") { e.preventDefault(); take(); }
      return;
    }
    if ("jkcra".includes(e.key)) { e.preventDefault(); typed(e.key); }
  });
  root.addEventListener("click", (e) => { const b = e.target.closest('[data-act="add"]'); if (b) begin(); });

  // Where the address leads: ?link=key, or ?add=start-end,start-end with the form filled by the server
  addEventListener("resize", () => { measure(); });
  if (document.fonts && document.fonts.ready) document.fonts.ready.then(measure);
  measure();
  const asked = new URLSearchParams(location.search), filled = field("add") && field("add").dataset.filled;
  if (filled) {
    for (const side of ["upper", "lower"]) {
      const [from, to] = field("add").querySelector(`[name=${side}]`).value.split("-").map(Number);
      const at = sentences[side].find((s) => { const [a, b] = s.key.split("-").map(Number); return a < to && from < b; });
      if (at) bring(panes[side], at.marks);
    }
    draw();
    field("add").showModal();
  } else if (byKey.has(asked.get("link"))) select(byKey.get(asked.get("link")));
  else if (ties.length) { const first = ties.find((t) => t.state === "open") || ties[0]; bring(panes.upper, first.marks.upper); bring(panes.lower, first.marks.lower); draw(); }
})();
