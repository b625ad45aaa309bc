// The task table 任务分解表.

import { h, NONE, param, t } from "./core.js";
import { db, due, documentAt, place, quote, short, title, unitNames } from "./data.js";
import { column, dataTable } from "./table.js";
import { deadlineText, placeLink, taskDetail } from "./texts.js";

function units(role) {
  return (c) => unitNames(c, role).join("、") || NONE;
}

function supporting(c) {
  const all = [...unitNames(c, "responsible")];
  const help = unitNames(c, "support");
  return all.join("、") + (help.length ? (all.length ? "；" : "") + t("role.support") + "：" + help.join("、") : "") || NONE;
}

function taskText(c) {
  const text = quote(c.at);
  const at = c.verb ? text.indexOf(c.verb) : -1;
  if (at < 0) return text;
  return [text.slice(0, at), h("b.verb", null, c.verb), text.slice(at + c.verb.length)];
}

function deadlineCell(c) {
  const d = due(c);
  return h("span", { title: d ? "“" + quote(d.at) + "” " + d.explanation : null }, deadlineText(c));
}

export function tasksView() {
  const columns = [
    column("number", (c) => c.n + 1, { kind: "number", width: "4em" }),
    column("place", (c) => c.article || place(c.at), { width: "12em", cell: (c) => placeLinkOf(c) }),
    column("task", (c) => quote(c.at), { cell: taskText }),
    column("lead", units("lead"), { width: "9em" }),
    column("responsible", supporting, { width: "12em" }),
    column("deadline", deadlineText, { kind: "date", width: "7em", cell: deadlineCell }),
    column("targets", (c) => c.targets.join("；") || NONE, { width: "10em", optional: true }),
    column("type", (c) => t("type." + c.type), { width: "5em" }),
    column("strength", (c) => c.strength, { width: "8em", cell: strength }),
    column("domain", (c) => (c.domain ? t("domain." + c.domain) : NONE), { width: "6em", optional: true }),
  ];
  return dataTable({
    label: t("nav.tasks"), rows: db.tasks, columns, facets: facets(), detail: taskDetail,
    openRow: param("id") || undefined, more: (c) => c.id + "\n" + title(c.at[0]) + "\n" + c.chapter,
    group: (c) => short(c.at[0]) + (c.chapter ? " › " + c.chapter : ""),
  });
}

function placeLinkOf(c) {
  const link = placeLink(c.at);
  if (c.article) link.textContent = c.article;
  return link;
}

export function strength(c) {
  return h("span.strength", { title: t("col.strength") + " " + c.strength },
    h("span.steps", { "aria-hidden": "true" }, "▮".repeat(c.strength)), t("strength." + c.strength));
}

function facets() {
  const yes = (x) => (x ? "yes" : "no");
  return [
    { key: "doc", label: t("col.document"), order: "given", values: (c) => (db.documents[c.at[0]] ? [db.documents[c.at[0]].id] : []),
      name: (id) => (documentAt(id) ? documentAt(id).title : id) },
    { key: "chapter", label: t("col.chapter"), order: "given", values: (c) => (c.chapter ? [c.chapter] : []) },
    { key: "unit", label: t("col.units"), values: (c) => c.units.map((u) => u[0]) },
    { key: "manned", label: t("ui.withunits"), values: (c) => [yes(c.units.length)], name: (v) => t("ui." + v) },
    { key: "due", label: t("ui.withdeadline"), values: (c) => [yes(c.due !== null)], name: (v) => t("ui." + v) },
    { key: "year", label: t("ui.deadlineyear"), order: "value", values: (c) => (due(c) && due(c).to ? [due(c).to.slice(0, 4)] : c.ongoing ? [t("ui.ongoing")] : []) },
    { key: "type", label: t("col.type"), values: (c) => [c.type], name: (v) => t("type." + v) },
    { key: "strength", label: t("col.strength"), order: "value", values: (c) => [c.strength], name: (v) => v + " " + t("strength." + v) },
    { key: "domain", label: t("col.domain"), values: (c) => (c.domain ? [c.domain] : []), name: (v) => t("domain." + v) },
  ];
}
