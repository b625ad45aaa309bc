// Reading: outline left, text in the middle with its commitments marked, the commitments of the place right.

import { chip, choose, go, h, keep, param, t } from "./core.js";
import { chain, db, documentAt, fullLabel, innermost, quote } from "./data.js";
import { deadlineText, paragraphs, pieces, taskFacts, linkCard } from "./texts.js";
import { linksTo } from "./data.js";

const LAYERS = ["PLACE", "ORG", "PROJECT", "PROGRAM", "QUANTITY", "DATE", "TERM", "DOC"];

export function readingView() {
  const d = documentAt(param("doc")) || db.documents[0];
  if (!d) return h("p.empty", null, t("ui.nodata"));
  const view = { d, at: -1, layers: new Set((param("marks") || "").split(",").filter(Boolean)) };
  view.text = h("article.text", { tabindex: "0", "aria-label": d.title, lang: "zh-CN" });
  view.side = h("aside.cards", { "aria-label": t("ui.commitments"), "aria-live": "off" });
  view.outline = outline(view);
  drawText(view);
  view.text.addEventListener("click", (e) => {
    const node = e.target.closest("[data-c]");
    if (node) select(view, Number(node.dataset.c.split(" ").pop()), false);
  });
  view.text.addEventListener("mouseover", (e) => hover(view, e.target.closest("[data-c]")));
  view.text.addEventListener("mouseleave", () => hover(view, null));
  let waiting = false;
  view.text.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(view); });
  });
  const root = h("div.reading", null,
    h("nav.outline", { "aria-label": t("ui.outline") }, picker(d), view.outline),
    h("div.middle", null, layerBar(view), view.text),
    view.side);
  root.keys = (key) => {
    if (key === "j") step(view, 1);
    else if (key === "k") step(view, -1);
    else return false;
    return true;
  };
  root.ready = () => reveal(view);
  return root;
}

function picker(d) {
  return choose(t("ui.choosedocument"), d.id, db.documents.map((x) => [x.id, (x.n + 1) + " " + x.title]),
    (id) => go("reading", { doc: id }));
}

function outline(view) {
  const list = h("ol");
  const nodes = view.d.provisions.filter((p) => p.kind !== "paragraph" || p.label || p.title);
  for (const p of nodes) {
    const name = fullLabel(p) || quote(p.at).slice(0, 18) + "…";
    list.append(h("li", { class: "depth" + Math.min(4, chain(p).length), "data-p": p.n },
      h("button", { type: "button", title: name, onclick: () => toPlace(view, p.at[1]) }, name)));
  }
  return list.children.length ? list : h("p.none", null, t("ui.nodata"));
}

function layerBar(view) {
  const boxes = LAYERS.filter((type) => view.d.entities.some((e) => e.type === type)).map((type) => {
    const box = h("input", { type: "checkbox", checked: view.layers.has(type), onchange: () => {
      if (box.checked) view.layers.add(type); else view.layers.delete(type);
      keep({ marks: [...view.layers].join(",") });
      const top = view.text.scrollTop;
      drawText(view);
      view.text.scrollTop = top;
    } });
    return h("label", { class: "layer e-" + type }, box, t("entity." + type));
  });
  return h("div.layers", null, boxes.length ? h("span.lead", null, t("ui.layers")) : null, boxes, h("span.keys", null, t("ui.keys")));
}

function marksOf(view) {
  const marks = view.d.tasks.map((c) => ({ at: [c.at[1], c.at[2]], classes: "c", data: { "data-c": c.n } }));
  for (const e of view.d.entities) {
    if (view.layers.has(e.type)) {
      marks.push({ at: [e.at[1], e.at[2]], classes: "e e-" + e.type, title: t("entity." + e.type) + "：" + e.canonical + (e.code ? " " + e.code : "") });
    }
  }
  for (const s of view.d.sentences) if (s.kind === "heading") marks.push({ at: [s.at[1], s.at[2]], classes: "h" });
  return marks.sort((a, b) => a.at[0] - b.at[0]);
}

function drawText(view) {
  const { d } = view;
  const marks = marksOf(view);
  const heads = new Map(d.sentences.filter((s) => s.kind === "heading").map((s) => [s.at[1], s]));
  let speaker = null, first = 0;
  const nodes = [];
  for (const [from, end] of paragraphs(d.text)) {
    while (first < marks.length && marks[first].at[1] <= from) first++;
    const mine = [];
    for (let i = first; i < marks.length && marks[i].at[0] < end; i++) if (marks[i].at[1] > from) mine.push(marks[i]);
    const p = innermost([d.n, from, end]);
    if (p && p.speaker !== speaker && (p.speaker || speaker)) {
      nodes.push(h("p.speaker", null, t("ui.speaker") + "：" + (p.speaker || "—")));
    }
    speaker = p ? p.speaker : null;
    const s = heads.get(from);
    const depth = s && s.at[2] >= end ? (from === 0 ? 0 : p ? chain(p).length : 1) : -1;
    nodes.push(h("p", { "data-s": from, class: depth >= 0 ? "head head" + Math.min(3, depth) : null }, pieces(d.text, from, end, mine)));
  }
  view.text.replaceChildren(...nodes);
  view.paragraphs = [...view.text.querySelectorAll("[data-s]")];
  view.spans = new Map();
  for (const node of view.text.querySelectorAll("[data-c]")) {
    for (const n of node.dataset.c.split(" ")) {
      if (!view.spans.has(Number(n))) view.spans.set(Number(n), []);
      view.spans.get(Number(n)).push(node);
    }
  }
  light(view);
}

function light(view) {
  for (const node of view.text.querySelectorAll(".chosen")) node.classList.remove("chosen");
  for (const node of view.spans.get(view.at) || []) node.classList.add("chosen");
}

function hover(view, node) {
  const wanted = node ? Number(node.dataset.c.split(" ").pop()) : -1;
  if (view.hovered === wanted) return;
  view.hovered = wanted;
  for (const x of view.text.querySelectorAll(".hovered")) x.classList.remove("hovered");
  for (const x of view.side.querySelectorAll(".hovered")) x.classList.remove("hovered");
  for (const x of view.spans.get(wanted) || []) x.classList.add("hovered");
  const card = view.side.querySelector(`[data-card="${wanted}"]`);
  if (card) card.classList.add("hovered");
}

// The commitments whose paragraphs are in sight.
function follow(view, force) {
  const top = view.text.scrollTop, bottom = top + view.text.clientHeight;
  const base = view.text.offsetTop;
  const seen = view.paragraphs.filter((p) => p.offsetTop - base + p.offsetHeight > top + 8 && p.offsetTop - base < bottom - 8);
  if (!seen.length) return;
  const from = Number(seen[0].dataset.s);
  const last = view.paragraphs.indexOf(seen[seen.length - 1]) + 1;
  const end = last < view.paragraphs.length ? Number(view.paragraphs[last].dataset.s) : view.d.text.length;
  const tasks = view.d.tasks.filter((c) => c.at[2] > from && c.at[1] < end);
  const key = tasks.map((c) => c.n).join();
  if (key !== view.shown || force) {
    view.shown = key;
    view.side.replaceChildren(h("h2", null, t("ui.commitments"), " ", h("span.count", null, String(tasks.length))),
      ...(tasks.length ? tasks.map((c) => card(view, c)) : [h("p.none", null, t("ui.nocommitments"))]));
  }
  const p = innermost([view.d.n, from + 1, from + 2]);
  for (const node of view.outline.querySelectorAll('[aria-current]')) node.removeAttribute("aria-current");
  const item = p && view.outline.querySelector(`[data-p="${p.n}"]`);
  if (item) item.setAttribute("aria-current", "location");
}

function card(view, c) {
  const chosen = c.n === view.at;
  const up = linksTo(c, "lower"), down = linksTo(c, "upper");
  const leads = c.units.map((u) => u[0]).join("、");
  const node = h("div.card", { "data-card": c.n, class: chosen ? "chosen" : "", onmouseenter: () => hover(view, (view.spans.get(c.n) || [])[0]), onmouseleave: () => hover(view, null) },
    h("button.title", { type: "button", "aria-expanded": String(chosen), onclick: () => select(view, chosen ? -1 : c.n, true) },
      h("span.no", null, String(c.n + 1)), quote(c.at)),
    h("p.brief", null, deadlineText(c) !== "—" ? chip("date", deadlineText(c)) : null, leads ? h("span", null, leads) : null,
      up.length ? chip("up", "↑" + up.length) : null, down.length ? chip("down", "↓" + down.length) : null));
  if (chosen) {
    node.append(taskFacts(c));
    if (up.length) node.append(h("h3", null, t("ui.upward")), ...up.slice(0, 8).map((k) => linkCard(k, "upper")));
    if (down.length) node.append(h("h3", null, t("ui.downward")), ...down.slice(0, 8).map((k) => linkCard(k, "lower")));
  }
  return node;
}

function select(view, n, scroll) {
  view.at = n;
  keep({ c: n >= 0 ? db.tasks[n].id : "", at: "" });
  light(view);
  if (scroll && n >= 0) show(view, (view.spans.get(n) || [])[0]);
  follow(view, true);
  const chosen = view.side.querySelector(".card.chosen");
  if (chosen) chosen.scrollIntoView({ block: "nearest" });
}

function show(view, node) {
  if (!node) return;
  const box = node.getBoundingClientRect(), pane = view.text.getBoundingClientRect();
  if (box.top < pane.top + 20 || box.bottom > pane.bottom - 20) view.text.scrollTop += box.top - pane.top - pane.height / 3;
}

function step(view, by) {
  const tasks = view.d.tasks;
  if (!tasks.length) return;
  let i = tasks.findIndex((c) => c.n === view.at);
  if (i < 0) {
    const first = view.side.querySelector("[data-card]");
    i = first ? tasks.findIndex((c) => c.n === Number(first.dataset.card)) - (by > 0 ? 1 : 0) : -1;
  }
  select(view, tasks[Math.min(tasks.length - 1, Math.max(0, i + by))].n, true);
}

function toPlace(view, offset) {
  let node = view.paragraphs[0];
  for (const p of view.paragraphs) if (Number(p.dataset.s) <= offset) node = p;
  if (node) view.text.scrollTop = node.offsetTop - view.text.offsetTop - 12;
  keep({ at: offset + "-" + offset, c: "" });
  follow(view);
}

function reveal(view) {
  const task = db.taskById.get(param("c"));
  const [from, end] = param("at").split("-").map(Number);
  if (task && task.at[0] === view.d.n) { select(view, task.n, true); return; }
  if (param("at") && from >= 0) {
    const exact = view.d.tasks.find((c) => c.at[1] === from && c.at[2] === end);
    if (exact) { select(view, exact.n, true); return; }
    markPlace(view, from, end);
  }
  follow(view, true);
}

function markPlace(view, from, end) {
  let node = view.paragraphs[0];
  for (const p of view.paragraphs) if (Number(p.dataset.s) <= from) node = p;
  if (!node) return;
  const start = Number(node.dataset.s);
  const stop = start + node.textContent.length;
  const mine = marksOf(view).filter((m) => m.at[1] > start && m.at[0] < stop);
  if (end > from) mine.push({ at: [from, Math.min(end, stop)], classes: "focus" });
  node.replaceChildren(...pieces(view.d.text, start, stop, mine));
  for (const x of node.querySelectorAll("[data-c]")) for (const n of x.dataset.c.split(" ")) view.spans.get(Number(n)).push(x);
  show(view, node.querySelector(".focus") || node);
}
