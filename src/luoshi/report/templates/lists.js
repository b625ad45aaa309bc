// Sources of the wording, terms, the account of every character, problems.

import { chip, choose, clip, empty, go, h, NONE, number, param, percent, relationChip, state, t, to } from "./core.js";
import { baseName, brief, db, documentAt, place, quote, title } from "./data.js";
import { column, dataTable, plainTable } from "./table.js";
import { inContext, linkCard, placeLink } from "./texts.js";

export function sourcesView() {
  const lowers = [...new Set([...db.sources.map((s) => s.lower), ...db.links.map((k) => k.lower[0])])].sort((a, b) => a - b);
  if (!lowers.length) return empty("sources.none");
  const asked = documentAt(param("doc"));
  const lower = asked && lowers.includes(asked.n) ? asked.n : mostSources(lowers);
  const rows = db.sources.filter((s) => s.lower === lower).sort((a, b) => b.characters - a.characters || a.upper - b.upper);
  const bar = h("div.bar", null, choose(t("col.document"), db.documents[lower].id, lowers.map((n) => [db.documents[n].id, (n + 1) + " " + title(n)]), (id) => go("sources", { doc: id })));
  return h("div.stack", null, bar, h("p.note", null, t("sources.note")), h("div.sources", null, shares(lower, rows)), severalTable(lower));
}

function mostSources(lowers) {
  const n = new Map();
  for (const s of db.sources) n.set(s.lower, (n.get(s.lower) || 0) + s.characters);
  return lowers.reduce((a, b) => ((n.get(b) || 0) > (n.get(a) || 0) ? b : a));
}

function shares(lower, rows) {
  const heads = [{ label: t("col.upper") }, { label: t("col.characters"), kind: "number" }, { label: t("col.uniquecharacters"), kind: "number" }, { label: t("col.share"), kind: "number" }, { label: t("sources.title"), kind: "bars" }];
  const most = Math.max(0.0001, ...rows.map((s) => s.share));
  return plainTable(t("sources.title"), heads, rows.map((s) => [
    db.documents[s.upper] ? to("compare", { lower: db.documents[lower].id, upper: db.documents[s.upper].id }, brief(s.upper)) : NONE,
    number(s.characters), number(s.unique), percent(s.share),
    h("span.share", { "aria-hidden": "true" }, h("span.whole", { style: { width: (100 * s.share) / most + "%" } },
      h("span.own", { style: { width: (s.characters ? (100 * s.unique) / s.characters : 0) + "%" } }))),
  ]));
}

// Wordings of the document with what they may come from, best first.
function severalTable(lower) {
  const groups = new Map();
  for (const k of db.documents[lower].lower) {
    const key = k.lower[1] + "-" + k.lower[2];
    if (!groups.has(key)) groups.set(key, { id: key, at: k.lower, links: [] });
    groups.get(key).links.push(k);
  }
  const rows = [...groups.values()];
  for (const r of rows) r.links.sort((a, b) => a.rank - b.rank || b.score - a.score);
  const columns = [
    column("place", (r) => r.at[1], { width: "8em", cell: (r) => placeLink(r.at) }),
    column("lowertext", (r) => quote(r.at), { width: "30em" }),
    { key: "several", label: t("sources.title"), value: (r) => r.links.map((k) => title(k.upper[0]) + quote(k.upper)).join("；"), cell: (r) => r.links.slice(0, 4).map((k) =>
      h("div.source", null, relationChip(k.relation), " ", placeLink(k.upper, true), " ", clip(quote(k.upper), 60))) },
    { key: "uppers", label: t("col.count"), kind: "number", width: "4em", value: (r) => new Set(r.links.map((k) => k.upper[0])).size },
  ];
  const facets = [
    { key: "several", label: t("sources.several"), values: (r) => [new Set(r.links.map((k) => k.upper[0])).size > 1 ? "yes" : "no"], name: (v) => t("ui." + v) },
    { key: "upper", label: t("col.upper"), values: (r) => [...new Set(r.links.map((k) => db.documents[k.upper[0]].id))], name: (id) => title(documentAt(id).n) },
  ];
  return dataTable({ label: t("sources.title"), rows, columns, facets, detail: (r) => h("div", null, r.links.map((k) => linkCard(k, "upper"))) });
}

export function termsView() {
  const columns = [
    column("term", (w) => w.term, { width: "12em", cell: (w) => h("b", null, w.term) }),
    column("sense", (w) => w.sense || NONE, { width: "12em" }),
    column("count", (w) => (w.count === null ? NONE : w.count), { kind: "number", width: "4em" }),
    column("members", (w) => w.members.join("、") || NONE, { cell: (w) => (w.members.length ? h("ol.members", null, w.members.map((m) => h("li", null, m))) : NONE) }),
    column("definition", (w) => title(w.at[0]) + place(w.at), { width: "30em", cell: (w) => [placeLink(w.at, true), h("div.snippet", null, snippet(w.at))] }),
    column("uses", (w) => w.uses.length, { kind: "number", width: "5em" }),
  ];
  const facets = [{ key: "doc", label: t("col.document"), order: "given", values: (w) => [...new Set([w.at, ...w.uses].map((at) => at[0]))].filter((n) => n >= 0).map((n) => db.documents[n].id), name: (id) => title(documentAt(id).n) }];
  const detail = (w) => h("div.taskdetail", null, h("div.quoteside", null, h("h3", null, t("col.definition"), " ", placeLink(w.at, true)), inContext(w.at)),
    h("div.linkside", null, h("h3", null, t("col.uses")), w.uses.slice(0, 50).map((at) => h("div.use", null, placeLink(at, true), inContext(at)))));
  return dataTable({ label: t("nav.terms"), rows: db.terms, columns, facets, detail, openRow: param("id") || undefined });
}

// A little text on both sides of a place.
function snippet(at) {
  const d = db.documents[at[0]];
  if (!d || at.length > 3) return quote(at);
  const from = Math.max(at[1] - 18, d.text.lastIndexOf("\n", at[1]) + 1);
  const stop = d.text.indexOf("\n", at[2]);
  const end = Math.min(at[2] + 22, stop < 0 ? d.text.length : stop);
  return ["…", d.text.slice(from, at[1]), h("b", null, quote(at)), d.text.slice(at[2], end), "…"];
}

export function accountingView() {
  if (!db.files.length) return empty("ui.nodata");
  const heads = [{ label: t("col.source") }, ...["total", "kept", "dropped", "holes"].map((key) => ({ label: t("accounting." + key), kind: "number" })), { label: t("accounting.title") }];
  const chosen = db.files.find((f) => f.source === param("file")) || db.files[0];
  const files = plainTable(t("accounting.title"), heads, db.files.map((f) => {
    const missing = f.holes.reduce((n, [a, b]) => n + b - a, 0);
    return [to("accounting", { file: f.source }, h(f === chosen ? "b" : "span", { title: f.source }, baseName(f.source))), number(f.total), number(f.kept), number(f.dropped), number(missing),
      f.paged ? h("span.note", null, t("accounting.paged")) : missing ? h("span.bad", null, "✕ " + t("accounting.unbalanced")) : h("span.good", null, "✓ " + t("accounting.balanced"))];
  }));
  return h("div.stack", null, h("p.note", null, t("accounting.note")), h("div.sources", null, files), accountTable(chosen));
}

function accountTable(file) {
  const rows = [];
  for (const s of db.sentences) {
    const d = db.documents[s.at[0]];
    if (d && d.source === file.source) rows.push({ from: s.source ? s.source[0] : null, end: s.source ? s.source[1] : null, kind: "sentence", at: s.at, d, text: quote(s.at), what: t("sentence." + s.kind) });
  }
  for (const x of db.dropped) {
    if (x.file === file.n) rows.push({ from: x.source ? x.source[0] : null, end: x.source ? x.source[1] : null, kind: "dropped", d: db.documents[x.document], text: x.quote, length: x.length, what: t("reason." + x.reason) });
  }
  for (const [a, b] of file.holes) rows.push({ from: a, end: b, kind: "hole", text: "", what: t("accounting.unbalanced") });
  if (rows.every((r) => r.from !== null)) rows.sort((a, b) => a.from - b.from || a.end - b.end);
  rows.forEach((r, i) => { r.id = String(i); });
  const visible = (x) => x.replace(/\n/g, "⏎").replace(/\t/g, "⇥").replace(/^ +$/, (y) => "␣".repeat(Math.min(y.length, 8))).replace(/^\u3000+$/, (y) => "□".repeat(Math.min(y.length, 8)));
  const columns = [
    column("position", (r) => (r.from === null ? NONE : r.from), { width: "9em", kind: "number", cell: (r) => (r.from === null ? NONE : r.from + "–" + r.end) }),
    { key: "kind", label: t("accounting.kind"), width: "11em", value: (r) => (r.kind === "sentence" ? t("accounting.sentence") + " · " + r.what : r.what), cell: (r) =>
      h("span", { class: r.kind === "hole" ? "bad" : r.kind === "dropped" ? "leftout" : "" }, r.kind === "sentence" ? t("accounting.sentence") + " · " + r.what : "✂ " + r.what) },
    column("quote", (r) => r.text, { cell: (r) => (r.kind === "sentence" ? r.text : h("span.leftout", null, visible(r.text))) }),
    column("characters", (r) => (r.from === null ? r.text.length : r.end - r.from), { kind: "number", width: "5em" }),
    column("place", (r) => (r.at ? place(r.at) : NONE), { width: "12em", sort: false, cell: (r) => (r.at ? placeLink(r.at) : NONE) }),
  ];
  const facets = [{ key: "went", label: t("accounting.kind"), values: (r) => [r.kind === "sentence" ? t("accounting.sentence") : r.what] }];
  const group = (r) => (r.d ? r.d.title : null);
  return dataTable({ label: t("accounting.title"), rows, columns, facets, group: new Set(rows.map(group)).size > 2 ? group : null });
}

export function problemsView() {
  const columns = [
    column("severity", (p) => ["error", "warning", "info"].indexOf(p.severity), { width: "6em", cell: (p) => chip(p.severity, t("severity." + p.severity)) }),
    column("source", (p) => p.source, { width: "18em" }),
    column("page", (p) => (p.page === null ? NONE : p.page), { kind: "number", width: "4em" }),
    column("message", (p) => (state.lang === "en" ? p.message : p.said)),
    column("hint", (p) => (state.lang === "en" ? p.hint : p.advice) || NONE, { width: "22em" }),
    column("code", (p) => p.code, { width: "11em", cell: (p) => h("code", null, p.code) }),
  ];
  const facets = [
    { key: "severity", label: t("col.severity"), values: (p) => [p.severity], name: (v) => t("severity." + v) },
    { key: "source", label: t("col.source"), values: (p) => [p.source], name: baseName },
    { key: "code", label: t("col.code"), values: (p) => [p.code] },
  ];
  return dataTable({ label: t("nav.problems"), rows: db.problems, columns, facets });
}
