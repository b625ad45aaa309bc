// Documents, and at their head the figures, each a link to what it counts.

import { address, chip, clip, h, NONE, number, t, to } from "./core.js";
import { baseName, dateOf, db } from "./data.js";
import { differing } from "./gaps.js";
import { column, dataTable } from "./table.js";

export function documentsView() {
  return h("div.stack", null, figures(), documentTable());
}

function figures() {
  const dated = db.tasks.filter((c) => c.due !== null).length;
  const manned = db.tasks.filter((c) => c.units.length).length;
  const status = { carried: 0, partly: 0, absent: 0 };
  for (const v of db.coverage) status[v.status]++;
  const items = [
    [db.documents.length, "nav.documents", address("documents")],
    [db.tasks.length, "col.tasks", address("tasks")],
    [dated, "ui.withdeadline", address("tasks", { due: "yes" })],
    [manned, "ui.withunits", address("tasks", { manned: "yes" })],
    [db.links.length, "col.links", address("compare")],
    ...["carried", "partly", "absent"].map((s) => [status[s], "status." + s, address("coverage", { mode: "table", status: s })]),
    [db.unsourced.length, "gap.unsourced", address("gaps", { tab: "unsourced" })],
    [differing().length, "gap.differences", address("gaps", { tab: "differences" })],
    [db.terms.length, "nav.terms", address("terms")],
    [db.problems.length, "nav.problems", address("problems")],
  ];
  return h("ul.figures", { "aria-label": t("ui.figures") }, items.map(([n, key, href]) =>
    h("li", null, h("a", { href }, h("b", null, number(n)), h("span", null, t(key))))));
}

function documentTable() {
  const problems = new Map();
  for (const p of db.problems) problems.set(p.source, (problems.get(p.source) || 0) + 1);
  const level = (d) => (d.level ? t("level." + d.level) : NONE);
  const columns = [
    column("number", (d) => d.n + 1, { kind: "number", width: "3.6em" }),
    column("title", (d) => d.title, { cell: (d) => to("reading", { doc: d.id }, d.title) }),
    column("level", level, { width: "5em" }),
    column("issuer", (d) => d.issuers.join("、") || NONE, { width: "9em", optional: true }),
    column("docnumber", (d) => d.number || NONE, { width: "9em" }),
    column("date", dateOf, { kind: "date", width: "7em", cell: dateCell }),
    column("kind", (d) => t("kind." + d.kind), { width: "6em" }),
    column("status", (d) => t("text." + d.status), { width: "6em" }),
    column("characters", (d) => d.characters, { kind: "number", width: "5.5em", optional: true }),
    column("tasks", (d) => d.tasks.length, { kind: "number", width: "5em", cell: (d) =>
      d.tasks.length ? to("tasks", { doc: d.id }, number(d.tasks.length)) : NONE }),
    column("links", (d) => d.lower.length + d.upper.length, { kind: "number", width: "5em", cell: linksCell }),
    column("problems", (d) => problems.get(d.source) || 0, { kind: "number", width: "5em", cell: (d) =>
      problems.get(d.source) ? to("problems", { source: d.source }, chip("warning", number(problems.get(d.source)))) : NONE }),
    column("source", (d) => d.source, { width: "10em", optional: true, cell: (d) => h("span", { title: d.source }, to("accounting", { file: d.source }, clip(baseName(d.source), 14))) }),
  ];
  const facets = [
    { key: "level", label: t("col.level"), values: (d) => [level(d)] },
    { key: "kind", label: t("col.kind"), values: (d) => [t("kind." + d.kind)] },
    { key: "status", label: t("col.status"), values: (d) => [t("text." + d.status)] },
  ];
  return dataTable({ label: t("nav.documents"), rows: db.documents, columns, facets });
}

function dateCell(d) {
  const basis = d.basis ? t("col.datebasis") + "：" + t("basis." + d.basis) : null;
  return h("span", { title: basis }, dateOf(d));
}

function linksCell(d) {
  const n = d.lower.length + d.upper.length;
  if (!n) return NONE;
  return d.lower.length ? to("compare", { lower: d.id }, number(n)) : to("compare", { upper: d.id }, number(n));
}
