// What has no answer below, what has no source above, and where the wording differs.

import { go, h, NONE, number, param, relationChip, switcher, t } from "./core.js";
import { db, documentAt, editText, place, quote, title } from "./data.js";
import { coverageColumns, coverageDetail, coverageFacets } from "./coverage.js";
import { column, dataTable } from "./table.js";
import { linkCard, placeLink, taskDetail } from "./texts.js";

export function gapsView() {
  const tab = param("tab") || "gaps";
  const lists = { gaps: db.coverage.filter((v) => v.status !== "carried"), unsourced: db.unsourced, differences: differing() };
  const bar = h("div.bar", null, switcher(t("nav.gaps"), tab,
    Object.keys(lists).map((key) => [key, t("gap." + key) + " " + number(lists[key].length)]), (key) => go("gaps", { tab: key })));
  const note = h("p.note", null, t(tab === "gaps" ? "gap.note" : "gap." + tab + "note"));
  const body = { gaps: gapTable, unsourced: unsourcedTable, differences: differenceTable }[tab];
  return h("div.stack", null, bar, note, (body || gapTable)(lists[tab] || lists.gaps));
}

function gapTable(rows) {
  const upper = { key: "upper", label: t("col.upper"), order: "given", values: (v) => [db.documents[v.at[0]].id], name: (id) => title(documentAt(id).n) };
  return dataTable({ label: t("gap.gaps"), rows, columns: coverageColumns(), facets: [upper, ...coverageFacets()], detail: coverageDetail,
    openRow: param("id") || undefined, group: (v) => title(v.at[0]) });
}

function unsourcedTable(rows) {
  const task = (u) => db.tasks[u.task];
  const columns = [
    column("place", (u) => place(task(u).at), { width: "9em", cell: (u) => placeLink(task(u).at) }),
    column("task", (u) => quote(task(u).at)),
    column("nearest", (u) => (u.nearest ? quote(u.nearest) : NONE), { cell: (u) => (u.nearest ? [placeLink(u.nearest, true), " ", quote(u.nearest)] : NONE) }),
    column("score", (u) => (u.score === null ? NONE : u.score), { kind: "number", width: "5em", cell: (u) => (u.score === null ? NONE : u.score.toFixed(2)) }),
    column("judgement", () => "", { width: "10em", sort: false, cell: () => "" }),
  ];
  const facets = [{ key: "doc", label: t("col.document"), order: "given", values: (u) => [db.documents[task(u).at[0]].id], name: (id) => title(documentAt(id).n) }];
  for (const u of rows) u.id = task(u).id;
  return dataTable({ label: t("gap.unsourced"), rows, columns, facets, detail: (u) => taskDetail(task(u)), group: (u) => title(task(u).at[0]) });
}

// Links whose wording differs, and links by which a requirement is only partly carried.
export function differing() {
  const lost = new Map();
  for (const v of db.coverage) if (v.lost.length) for (const n of v.by) lost.set(n, [...new Set([...(lost.get(n) || []), ...v.lost])]);
  return db.links.filter((k) => k.change || lost.has(k.n)).map((k) => ({ ...k, lost: lost.get(k.n) || [] }));
}

function differenceTable(rows) {
  const columns = [
    column("change", (k) => (k.change ? t("change." + k.change) : NONE), { width: "8em", cell: (k) => (k.change ? h("b", null, t("change." + k.change)) : NONE) }),
    column("uppertext", (k) => quote(k.upper), { cell: (k) => [h("small", null, placeLink(k.upper, true)), h("br"), quote(k.upper)] }),
    column("lowertext", (k) => quote(k.lower), { cell: (k) => [h("small", null, placeLink(k.lower, true)), h("br"), quote(k.lower)] }),
    column("edits", (k) => k.edits.map(editText).join("；") || NONE, { width: "13em", cell: (k) => (k.edits.length ? k.edits.map((e) => h("span.edit", null, editText(e))) : NONE) }),
    column("lost", (k) => k.lost.join("、") || NONE, { width: "9em" }),
    column("relation", (k) => k.relation, { width: "6em", cell: (k) => relationChip(k.relation) }),
    column("judgement", () => "", { width: "9em", sort: false, cell: () => "" }),
  ];
  const facets = [
    { key: "change", label: t("col.change"), values: (k) => (k.change ? [k.change] : []), name: (v) => t("change." + v) },
    { key: "upper", label: t("col.upper"), order: "given", values: (k) => [db.documents[k.upper[0]].id], name: (id) => title(documentAt(id).n) },
    { key: "lower", label: t("col.lower"), order: "given", values: (k) => [db.documents[k.lower[0]].id], name: (id) => title(documentAt(id).n) },
  ];
  return dataTable({ label: t("gap.differences"), rows, columns, facets, detail: (k) => linkCard(k, "upper") });
}
