// Which article answers which: the links of two documents gathered by article, as a list and as a grid.

import { go, h, NONE, number, param, svg, SIGNS, t, to } from "./core.js";
import { chain, db, innermost, quote, shortLabel } from "./data.js";
import { column, dataTable } from "./table.js";
import { linkCard, readingLink } from "./texts.js";

const ORDER = ["verbatim", "adapted", "specified"];
const CELL = 9;
const SCALE = 3;

// Articles of a document in their order; where it has none, all parts with a label.
function articlesOf(d) {
  if (!d.articles) {
    const all = d.provisions.filter((p) => p.kind === "article");
    d.articles = all.length ? all : d.provisions.filter((p) => p.label);
  }
  return d.articles;
}

// The innermost of these around a place; none for a heading.
function articleAt(at) {
  const d = db.documents[at[0]];
  return d ? chain(innermost(at)).reverse().find((p) => articlesOf(d).includes(p)) || null : null;
}

// 第四条 ↔ 第三条: the articles at both ends of a link.
export function articleNames(link) {
  if (!link.articles) {
    const [up, low] = [articleAt(link.upper), articleAt(link.lower)];
    link.articles = (up ? shortLabel(up) : NONE) + " ↔ " + (low ? shortLabel(low) : NONE);
  }
  return link.articles;
}

// How many characters of an article links cover.
function covered(links, side) {
  let total = 0, reach = 0;
  for (const [, from, end] of links.map((k) => k[side]).sort((a, b) => a[1] - b[1])) {
    total += Math.max(0, end - Math.max(from, reach));
    reach = Math.max(reach, end);
  }
  return total;
}

// What a link says for its articles: its characters, as sure as it is, stock phrases less.
function weight(k) {
  return (k.lower[2] - k.lower[1]) * k.score * (1 - k.stock) * (k.relation === "specified" ? 0.5 : 1);
}

// The relation that most of the linked characters have.
function mainRelation(links) {
  const sums = ORDER.map((r) => covered(links.filter((k) => k.relation === r), "lower"));
  return ORDER[sums.indexOf(Math.max(...sums))];
}

// A row for each two articles with links, the best for a lower article first, and one for each lower article without.
export function articlePairs(lower, links) {
  const found = new Map();
  for (const k of links) {
    const [low, up] = [articleAt(k.lower), articleAt(k.upper)];
    if (!low || !up) continue;
    const key = low.id + " " + up.id;
    if (!found.has(key)) found.set(key, { id: key, low, up, links: [], weight: 0, best: false });
    const row = found.get(key);
    row.links.push(k);
    row.weight += weight(k);
  }
  const rows = [...found.values()];
  for (const row of rows) {
    row.relation = mainRelation(row.links);
    // Only wording that is carried over: what merely specifies is not the upper's text.
    row.share = covered(row.links.filter((k) => k.relation !== "specified"), "lower") / Math.max(1, row.low.at[2] - row.low.at[1]);
  }
  rows.sort((a, b) => a.low.at[1] - b.low.at[1] || b.weight - a.weight || a.up.at[1] - b.up.at[1]);
  const first = new Set();
  for (const row of rows) if (!first.has(row.low)) { row.best = true; first.add(row.low); }
  for (const low of articlesOf(lower)) if (!first.has(low)) rows.push({ id: low.id, low, up: null, links: [], weight: 0, best: true, relation: "", share: 0 });
  return rows.sort((a, b) => a.low.at[1] - b.low.at[1] || b.weight - a.weight);
}

function name(p) {
  return p ? readingLink(p.at, shortLabel(p)) : NONE;
}

// The words with which an article begins, without its label.
function opening(p) {
  const text = p ? quote(p.at).replace(/\s+/g, " ").trim() : "";
  // Some labels stand elsewhere than at the beginning.
  return (p && text.startsWith(p.label) ? text.slice(p.label.length).trim() : text).slice(0, 60);
}

function counts(row) {
  return ORDER.filter((r) => row.links.some((k) => k.relation === r))
    .map((r) => h("span.many", { title: t("relation." + r) }, SIGNS[r] + row.links.filter((k) => k.relation === r).length + " "));
}

// Links with an end outside every article.
function outside(links) {
  return links.filter((k) => !articleAt(k.lower) || !articleAt(k.upper)).length;
}

// Why nothing can be listed by article, with the way to the list by sentence.
function reasons(lower, upper, links) {
  const bare = [upper, lower].filter((d) => !articlesOf(d).length);
  const told = bare.length ? bare.map((d) => t("ui.noarticles", { title: d.title })) : [t("ui.nosharedarticles", { n: number(links.length) })];
  return h("div.why", { role: "note" }, told.map((text) => h("p", null, text)), h("p", null, bySentence(lower, upper)));
}

function bySentence(lower, upper) {
  return to("compare", { lower: lower.id, upper: upper.id, mode: "pairs" }, t("ui.bysentence"));
}

export function articlesView(lower, upper, links) {
  const rows = articlePairs(lower, links);
  if (!rows.some((r) => r.up)) return reasons(lower, upper, links);
  const left = outside(links);
  const note = left ? h("p.note", null, t("ui.outsidearticles", { n: number(left) }), " ", bySentence(lower, upper)) : null;
  const columns = [
    column("upperarticle", (r) => (r.up ? r.up.n : NONE), { width: "6.5em", cell: (r) => name(r.up) }),
    column("upperopening", (r) => opening(r.up), { cell: (r) => opening(r.up) || NONE, optional: true }),
    column("links", (r) => r.links.length, { width: "8em", cell: (r) => (r.links.length ? counts(r) : NONE) }),
    column("lowerarticle", (r) => r.low.n, { width: "6.5em", cell: (r) => name(r.low) }),
    column("loweropening", (r) => opening(r.low), { cell: (r) => opening(r.low) || NONE }),
    column("answered", (r) => Math.round(r.share * 100), { kind: "number", width: "6em", cell: (r) => (r.up ? Math.round(r.share * 100) + "%" : NONE) }),
  ];
  const facets = [
    { key: "answer", label: t("ui.correspondence"), values: (r) => [r.up ? (r.best ? "main" : "further") : "none"], name: (v) => t("article." + v) },
    { key: "relation", label: t("col.relation"), values: (r) => (r.relation ? [r.relation] : []), name: (v) => t("relation." + v) },
  ];
  const table = dataTable({ label: t("ui.articles"), rows, columns, facets, openRow: param("id") || undefined,
    more: (r) => shortLabel(r.low) + " " + (r.up ? shortLabel(r.up) : ""),
    detail: (r) => h("div.taskdetail", null, r.links.length ? r.links.map((k) => linkCard(k, "both")) : h("p.none", null, t("ui.nolinks"))) });
  const root = h("div.stack", null, note, h("div.articles", null, table, grid(rows, lower, upper)));
  root.printAll = (all) => table.printAll(all);
  return root;
}

// Upper articles from left to right, lower ones from top to bottom; the darker the more of the lower one is answered.
function grid(rows, lower, upper) {
  const [ups, lows] = [articlesOf(upper), articlesOf(lower)];
  const pairs = rows.filter((r) => r.up && ups.includes(r.up) && lows.includes(r.low));
  const cells = pairs.map((r) => svg("rect", {
    x: ups.indexOf(r.up) * CELL, y: lows.indexOf(r.low) * CELL, width: CELL - 1, height: CELL - 1,
    class: "r-" + r.relation, "fill-opacity": Math.min(1, 0.15 + r.share).toFixed(2),
    onclick: () => go("compare", { lower: lower.id, upper: upper.id, mode: "articles", id: r.id }),
  }, svg("title", {}, shortLabel(r.up) + " ↔ " + shortLabel(r.low) + "：" + t("relation." + r.relation) + " " + Math.round(r.share * 100) + "%")));
  const [w, height] = [Math.max(1, ups.length) * CELL, Math.max(1, lows.length) * CELL];
  const title = t("ui.articlegrid", { n: number(ups.length), m: number(lows.length) });
  return h("aside.articlegrid", null, h("p.note", null, title),
    svg("svg", { viewBox: `0 0 ${w} ${height}`, role: "img", "aria-label": title, width: w * SCALE }, cells));
}
