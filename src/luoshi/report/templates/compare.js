// Side by side: upper text left, lower text right, ribbons between what corresponds.

import { choose, empty, go, h, keep, NONE, number, param, relationChip, svg, SIGNS, switcher, t, to } from "./core.js";
import { db, documentAt, editText, linkedPairs, quote, sentenceAround } from "./data.js";
import { articleNames, articlesView } from "./articles.js";
import { column, dataTable } from "./table.js";
import { linkCard, paragraphs, pieces, placeLink } from "./texts.js";
import { sharedPair } from "./shared.js";

const ORDER = ["verbatim", "adapted", "specified"];

// The two documents that the address names, else the pair with most links that fits it.
function chosenPair() {
  const wanted = { lower: documentAt(param("lower")), upper: documentAt(param("upper")) };
  // What comes down from a higher level is asked for most.
  const pairs = [...linkedPairs()].map(([key, n]) => [...key.split(" ").map(Number), n * (db.descents.has(key) ? 3 : 1)])
    .sort((a, b) => b[2] - a[2]);
  const fit = pairs.find(([low, up]) => (!wanted.lower || wanted.lower.n === low) && (!wanted.upper || wanted.upper.n === up));
  if (fit) return [db.documents[fit[0]], db.documents[fit[1]]];
  return [wanted.lower, wanted.upper];
}

export function compareView() {
  if (!db.links.length) return empty("ui.nodata");
  const [lower, upper] = chosenPair();
  const links = lower && upper ? lower.lower.filter((k) => k.upper[0] === upper.n) : [];
  const mode = param("mode") || "texts";
  const shared = { lower, upper, links };
  const bar = h("div.bar", null, picker("upper", lower, upper), picker("lower", lower, upper), counts(shared),
    switcher(t("app.menu"), mode, [["texts", t("ui.sidebyside")], ["articles", t("ui.articles")], ["pairs", t("ui.pairs")]],
      (value) => go("compare", { ...pairParams(lower, upper), mode: value === "texts" ? "" : value })), direction(links));
  if (!lower || !upper) return h("div.stack", null, bar, empty());
  if (!links.length) return h("div.stack", null, bar, h("p.empty", null, t("ui.nopassages", { upper: upper.title, lower: lower.title })));
  if (mode === "pairs") return h("div.stack", null, bar, pairTable(links));
  if (mode === "articles") return h("div.stack", null, bar, articlesView(lower, upper, links));
  return texts(shared, bar);
}

function pairParams(lower, upper) {
  return { lower: lower ? lower.id : "", upper: upper ? upper.id : "" };
}

function picker(side, lower, upper) {
  const pairs = linkedPairs();
  const other = side === "upper" ? lower : upper;
  const mine = side === "upper" ? upper : lower;
  const total = new Map();
  for (const [key, n] of pairs) {
    const [low, up] = key.split(" ").map(Number);
    const [me, them] = side === "upper" ? [up, low] : [low, up];
    if (!total.has(me)) total.set(me, [0, 0]);
    total.get(me)[0] += n;
    if (other && other.n === them) total.get(me)[1] += n;
  }
  const options = db.documents.filter((d) => total.has(d.n)).map((d) => {
    const here = total.get(d.n)[1];
    return [d.id, (d.n + 1) + " " + d.title + (here ? "（" + here + "）" : "（—）")];
  });
  return choose(t("ui.choose" + side), mine ? mine.id : "", options, (id) => {
    const params = { ...pairParams(lower, upper), [side]: id, mode: param("mode") };
    const low = documentAt(params.lower), up = documentAt(params.upper);
    if (low && up && !pairs.has(low.n + " " + up.n)) params[side === "upper" ? "lower" : "upper"] = "";
    go("compare", params);
  });
}

function counts({ lower, upper, links }) {
  return h("span.legend", { "aria-label": t("ui.legend") }, ORDER.map((relation) => {
    const n = links.filter((k) => k.relation === relation).length;
    return h("span", null, relationChip(relation), " ",
      n ? to("compare", { ...pairParams(lower, upper), mode: "pairs", relation }, number(n)) : "0");
  }));
}

// Which way the pair goes, and what that rests on.
function direction(links) {
  if (!links.length) return null;
  return h("span.direction", null, t("col.direction") + "：" + t("direction." + links[0].direction),
    links[0].basis ? "（" + links[0].basis + "）" : "");
}

function pairTable(links) {
  const columns = [
    column("lowerplace", (k) => k.lower[1], { width: "8em", cell: (k) => placeLink(k.lower) }),
    column("uppertext", (k) => quote(k.upper), { cell: (k) => sharedPair(quote(k.upper), quote(k.lower))[0] }),
    column("relation", (k) => k.relation, { width: "6em", cell: (k) => relationChip(k.relation) }),
    column("lowertext", (k) => quote(k.lower), { cell: (k) => sharedPair(quote(k.upper), quote(k.lower))[1] }),
    column("upperplace", (k) => k.upper[1], { width: "8em", cell: (k) => placeLink(k.upper) }),
    column("edits", (k) => k.edits.map(editText).join("；") || NONE, { width: "13em", cell: editCell }),
    column("change", (k) => (k.change ? t("change." + k.change) : NONE), { width: "8em" }),
    column("score", (k) => k.score, { kind: "number", width: "5em", cell: (k) => k.score.toFixed(2) }),
  ];
  const swapped = [columns[4], columns[1], columns[2], columns[3], columns[0], ...columns.slice(5)];
  const facets = [
    { key: "relation", label: t("col.relation"), values: (k) => [k.relation], name: (v) => t("relation." + v) },
    { key: "change", label: t("col.change"), values: (k) => (k.change ? [k.change] : []), name: (v) => t("change." + v) },
  ];
  return dataTable({ label: t("nav.compare"), rows: links, columns: swapped, facets, detail: (k) =>
    h("div.taskdetail", null, linkCard(k, "both"), directionLine(k)) });
}

function editCell(k) {
  return k.edits.length ? k.edits.map((e) => h("span.edit", null, editText(e))) : NONE;
}

function directionLine(k) {
  return h("p.direction", null, t("col.direction") + "：" + t("direction." + k.direction) +
    (k.basis ? "（" + k.basis + "）" : "") + "　" + t("col.rank") + " " + k.rank + "　" + t("col.stock") + " " + Math.round(k.stock * 100) + "%");
}

function texts(pair, bar) {
  const view = { ...pair, chosen: null };
  view.left = column2(view, "upper");
  view.right = column2(view, "lower");
  view.ribbons = svg("svg", { class: "ribbons", "aria-hidden": "true" });
  view.detail = h("aside.compared", { "aria-live": "polite" }, h("p.none", null, t("ui.sharedwords")));
  const strip = barcode(view);
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; drawRibbons(view); });
  };
  for (const pane of [view.left, view.right]) pane.addEventListener("scroll", later);
  const root = h("div.stack", null, bar, h("div.comparing", null, view.left, view.ribbons, view.right, strip), view.detail);
  root.ready = () => {
    measure(view);
    const link = db.linkById.get(param("link"));
    if (link && view.links.includes(link)) pick(view, link, true);
    else show(view, view.links.find((k) => !inHeading(k.lower)) || view.links[0], true);
    drawRibbons(view);
  };
  root.resized = () => { measure(view); drawRibbons(view); };
  // On paper two columns that scroll apart say nothing: the pairs are printed instead.
  root.printAll = (all) => {
    const old = root.querySelector(":scope > .onpaper");
    if (old) old.remove();
    if (!all) return;
    const table = h("div.onpaper", null, h("h2", null, t("col.lower") + "：" + view.lower.title), h("h2", null, t("col.upper") + "：" + view.upper.title), pairTable(view.links));
    root.append(table);
    table.querySelector(".tableview").printAll(true);
  };
  root.keys = (key) => stepLink(view, { j: 1, k: -1 }[key]);
  return root;
}

function inHeading(at) {
  const s = sentenceAround(at);
  return s !== null && s.kind === "heading";
}

function column2(view, side) {
  const d = view[side];
  const marks = view.links.map((k) => ({
    at: [k[side][1], k[side][2]], classes: "l l-" + k.relation, data: { "data-l": k.n }, title: t("relation." + k.relation),
  }));
  for (const s of d.sentences) if (s.kind === "heading") marks.push({ at: [s.at[1], s.at[2]], classes: "h" });
  marks.sort((a, b) => a.at[0] - b.at[0]);
  const nodes = paragraphs(d.text).map(([from, end]) =>
    h("p", null, pieces(d.text, from, end, marks.filter((m) => m.at[0] < end && m.at[1] > from))));
  const pane = h("div.side", { tabindex: "0", "aria-label": t("col." + side) + " " + d.title, lang: "zh-CN",
    onclick: (e) => {
      const node = e.target.closest("[data-l]");
      if (node) pick(view, nextOf(view, node.dataset.l.split(" ").map(Number)), false, side);
    } },
    h("h2", null, h("span.which", null, t("col." + side)), d.title), nodes);
  pane.spans = new Map();
  for (const node of pane.querySelectorAll("[data-l]")) {
    for (const n of node.dataset.l.split(" ")) {
      if (!pane.spans.has(Number(n))) pane.spans.set(Number(n), []);
      pane.spans.get(Number(n)).push(node);
    }
  }
  return pane;
}

// A second click on the same words goes on to the next link that begins there.
function nextOf(view, numbers) {
  const list = view.links.filter((k) => numbers.includes(k.n));
  return list[(list.indexOf(view.chosen) + 1) % list.length];
}

function pick(view, link, both, from) {
  keep({ link: link.id, lower: view.lower.id, upper: view.upper.id });
  show(view, link, both, from);
}

function show(view, link, both, from) {
  view.chosen = link;
  for (const [pane, side] of [[view.left, "upper"], [view.right, "lower"]]) {
    for (const node of pane.querySelectorAll(".chosen")) node.classList.remove("chosen");
    const nodes = pane.spans.get(link.n) || [];
    for (const node of nodes) node.classList.add("chosen");
    if (nodes.length && (both || side !== from)) {
      const box = nodes[0].getBoundingClientRect(), frame = pane.getBoundingClientRect();
      const other = from ? (from === "upper" ? view.left : view.right) : null;
      const anchor = other && other.spans.get(link.n) ? other.spans.get(link.n)[0].getBoundingClientRect().top - other.getBoundingClientRect().top : frame.height / 3;
      pane.scrollTop += box.top - frame.top - Math.max(40, anchor);
    }
  }
  const same = view.links.filter((k) => k !== link && k.lower[1] < link.lower[2] && link.lower[1] < k.lower[2]);
  view.detail.replaceChildren(linkCard(link, "both"), directionLine(link),
    ...same.slice(0, 5).map((k) => h("button", { type: "button", class: "also", onclick: () => pick(view, k, true) },
      SIGNS[k.relation] + " " + articleNames(k) + " " + quote(k.upper).slice(0, 30))));
  drawRibbons(view);
}

function stepLink(view, by) {
  if (!by) return false;
  const i = view.links.indexOf(view.chosen);
  pick(view, view.links[Math.min(view.links.length - 1, Math.max(0, i + by))], true);
  return true;
}

function measure(view) {
  for (const pane of [view.left, view.right]) {
    const base = pane.getBoundingClientRect().top - pane.scrollTop;
    pane.heights = new Map();
    for (const [n, nodes] of pane.spans) {
      const a = nodes[0].getBoundingClientRect(), b = nodes[nodes.length - 1].getBoundingClientRect();
      pane.heights.set(n, [a.top - base, b.bottom - base]);
    }
  }
}

function drawRibbons(view) {
  if (!view.left.heights) return;
  const box = view.ribbons.getBoundingClientRect();
  const [w, height] = [box.width, box.height];
  const [top, bottom] = [view.left.scrollTop, view.right.scrollTop];
  const paths = [];
  for (const k of view.links) {
    const a = view.left.heights.get(k.n), b = view.right.heights.get(k.n);
    if (!a || !b) continue;
    const y = [a[0] - top, a[1] - top, b[0] - bottom, b[1] - bottom];
    const seen = [y[1] > 0 && y[0] < height, y[3] > 0 && y[2] < height];
    if (!seen[0] && !seen[1]) continue;
    const d = seen[0] && seen[1] ? `M0 ${y[0]}C${w / 2} ${y[0]} ${w / 2} ${y[2]} ${w} ${y[2]}L${w} ${y[3]}C${w / 2} ${y[3]} ${w / 2} ${y[1]} 0 ${y[1]}Z`
      : seen[0] ? stub(0, y[0], y[1], y[2] < 0) : stub(w, y[2], y[3], y[0] < 0);
    const node = svg("path", { d, class: "r-" + k.relation + (seen[0] && seen[1] ? "" : " stub") + (k === view.chosen ? " chosen" : ""), onclick: () => pick(view, k, true) });
    node.append(svg("title", {}, articleNames(k) + "　" + t("relation." + k.relation)));
    if (k === view.chosen) paths.push(node); else paths.unshift(node);
  }
  view.ribbons.replaceChildren(...paths);
}

// The end of a ribbon whose other end is out of sight: it points to where that lies.
function stub(x, from, end, up) {
  const w = x ? x - 12 : 12;
  return `M${x} ${from}L${w} ${up ? from : end}L${x} ${end}Z`;
}

// One bar a sentence of the lower text: what its best link is.
function barcode(view) {
  const rows = view.lower.sentences;
  const best = rows.map((s) => view.links.filter((k) => k.lower[1] < s.at[2] && s.at[1] < k.lower[2])
    .sort((a, b) => ORDER.indexOf(a.relation) - ORDER.indexOf(b.relation))[0]);
  const bars = rows.map((s, i) => svg("rect", {
    x: best[i] ? 0 : 14, width: best[i] ? [22, 17, 11][ORDER.indexOf(best[i].relation)] : 8, y: i, height: 0.86, class: best[i] ? "r-" + best[i].relation : "r-none",
    onclick: () => { if (best[i]) pick(view, best[i], true); },
  }, svg("title", {}, quote(s.at).slice(0, 40))));
  return h("div.barcode", { title: t("ui.barcode") },
    svg("svg", { viewBox: `0 0 22 ${Math.max(1, rows.length)}`, preserveAspectRatio: "none", role: "img", "aria-label": t("ui.barcode") }, bars));
}

