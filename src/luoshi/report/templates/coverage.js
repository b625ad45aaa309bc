// Coverage: each requirement of an upper document against each lower one, as a heat map and as a table.

import { choose, clip, empty, go, h, keep, NONE, number, param, SIGNS, state, statusChip, switcher, t, to } from "./core.js";
import { brief, db, documentAt, place, quote, short, title } from "./data.js";
import { column, dataTable } from "./table.js";
import { inContext, linkCard, placeLink } from "./texts.js";

const STATUS = ["carried", "partly", "absent"];
const PAGE = 150;

export function coverageView() {
  if (!db.coverage.length) return empty("ui.nodata");
  const uppers = [...new Set(db.coverage.map((v) => v.at[0]))];
  const asked = documentAt(param("upper"));
  const mode = param("mode") || "heat";
  const upper = asked && uppers.includes(asked.n) ? asked.n : mode === "heat" ? largest(uppers) : null;
  const options = uppers.map((n) => [db.documents[n].id, (n + 1) + " " + title(n)]);
  if (mode !== "heat") options.unshift(["", t("ui.all")]);
  const bar = h("div.bar", null,
    choose(t("ui.chooseupper"), upper === null ? "" : db.documents[upper].id, options, (id) => go("coverage", { ...Object.fromEntries(state.params), upper: id })),
    switcher(t("app.menu"), mode, [["heat", t("ui.heatmap")], ["table", t("ui.table")]],
      (value) => go("coverage", { upper: upper === null ? "" : db.documents[upper].id, mode: value === "heat" ? "" : value })),
    legend());
  const rows = db.coverage.filter((v) => upper === null || v.at[0] === upper);
  const body = mode === "heat" ? heat(rows) : coverageTable(rows);
  return h("div.stack", null, bar, body);
}

function largest(uppers) {
  const n = new Map();
  for (const v of db.coverage) n.set(v.at[0], (n.get(v.at[0]) || 0) + (v.status === "absent" ? 0 : 1));
  return uppers.reduce((a, b) => (n.get(b) > n.get(a) ? b : a));
}

function legend() {
  return h("span.legend", { "aria-label": t("ui.legend") }, STATUS.map(statusChip), statusChip("none"));
}

function heat(rows) {
  const lowers = [...new Set(rows.map((v) => v.lower))].sort((a, b) => a - b);
  const requirements = new Map();
  for (const v of rows) {
    const key = v.at[1] + "-" + v.at[2];
    if (!requirements.has(key)) requirements.set(key, { at: v.at, cells: new Map() });
    requirements.get(key).cells.set(v.lower, v);
  }
  const view = { list: [...requirements.values()], lowers, page: Math.max(0, Number(param("page") || 1) - 1), rows };
  view.pane = h("div.pane");
  view.foot = h("div.pager");
  view.side = h("aside.cards.facts", { "aria-live": "polite" }, summary(view));
  drawHeat(view, false);
  const root = h("div.heatmap", null, h("div.stack", null, view.pane, view.foot), view.side);
  root.printAll = (all) => drawHeat(view, all);
  const wanted = db.coverage.find((v) => v.id === param("v"));
  if (wanted) {
    view.page = Math.max(0, Math.floor(view.list.findIndex((r) => r.cells.get(wanted.lower) === wanted) / PAGE));
    drawHeat(view, false);
    show(view, wanted);
    root.ready = () => { const x = view.pane.querySelector(".picked"); if (x) x.scrollIntoView({ block: "center" }); };
  }
  return root;
}

function drawHeat(view, all) {
  const pages = Math.max(1, Math.ceil(view.list.length / PAGE));
  view.page = Math.min(view.page, pages - 1);
  const part = all ? view.list : view.list.slice(view.page * PAGE, (view.page + 1) * PAGE);
  const narrow = view.lowers.length > 4;
  const head = h("tr", null, h("th.number", { scope: "col" }, t("col.number")), h("th", { scope: "col" }, t("col.place")), h("th", { scope: "col" }, t("col.requirement")),
    view.lowers.map((n) => h("th.lower", { scope: "col", class: narrow ? "narrow" : "", title: title(n) }, h("span", null, clip((n + 1) + " " + short(n), narrow ? 12 : 40)))));
  const first = view.list.indexOf(part[0]);
  const body = part.map((r, i) => h("tr", null, h("td.number", null, String(first + i + 1)), h("td.place", null, placeLink(r.at)),
    h("th.requirement", { scope: "row" }, quote(r.at)), view.lowers.map((n) => cell(view, r.cells.get(n)))));
  view.pane.replaceChildren(h("table.data.heat", null,
    h("caption", null, t("ui.heattitle", { title: title(view.rows[0].at[0]), n: number(view.list.length), m: number(view.lowers.length) })),
    h("colgroup", null, h("col", { style: { width: "3.2em" } }), h("col", { style: { width: "7em" } }), h("col"),
      view.lowers.map(() => h("col", { style: { width: narrow ? "2.6em" : "9em" } }))),
    h("thead", null, head), h("tbody", null, body)));
  const turn = (by) => { view.page += by; keep({ page: view.page ? view.page + 1 : "" }); drawHeat(view, false); view.pane.scrollTop = 0; };
  view.foot.hidden = all || pages < 2;
  view.foot.replaceChildren(
    h("button", { type: "button", disabled: view.page === 0, onclick: () => turn(-1) }, "‹ " + t("ui.previous")),
    h("span", null, t("ui.range", { a: number(first + 1), b: number(first + part.length), n: number(view.list.length) })),
    h("button", { type: "button", disabled: view.page >= pages - 1, onclick: () => turn(1) }, t("ui.next") + " ›"));
}

// How the wording that carries a requirement on differs from it.
function changes(v) {
  const over = (at) => at[0] === v.at[0] && at[1] < v.at[2] && v.at[1] < at[2];
  return [...new Set(v.by.map((n) => db.links[n]).filter((k) => k.change && over(k.upper)).map((k) => k.change))];
}

function changeText(v) {
  return changes(v).map((c) => t("change." + c)).join("、") || NONE;
}

function cell(view, v) {
  if (!v) return h("td.s-none", { title: t("status.none") }, SIGNS.none);
  const changed = changes(v).length > 0;
  const name = t("status." + v.status) + (changed ? "，" + changeText(v) : "");
  return h("td", { class: "s-" + v.status }, h("button", {
    type: "button", "data-v": v.n, title: title(v.lower) + "：" + name, "aria-label": name + "，" + title(v.lower),
    onclick: () => { keep({ v: v.id }); show(view, v); },
  }, SIGNS[v.status], changed ? h("sup", null, "≠") : null, v.near.length && v.status !== "carried" ? h("sup", null, "?") : null));
}

function summary(view) {
  return [h("h2", null, t("ui.figures")), h("table.data.plain", null,
    h("thead", null, h("tr", null, h("th", null, t("col.lower")), STATUS.map((s) => h("th.number", { title: t("status." + s) }, SIGNS[s])))),
    h("tbody", null, view.lowers.map((n) => h("tr", null, h("td", null, (n + 1) + " ", brief(n)), STATUS.map((s) => {
      const count = view.rows.filter((v) => v.lower === n && v.status === s).length;
      const params = { mode: "table", upper: db.documents[view.rows[0].at[0]].id, lower: db.documents[n].id, status: s };
      return h("td.number", null, count ? to("coverage", params, number(count)) : "0");
    }))))), h("p.note", null, t("gap.note")), h("p.note", null, t("ui.heatsigns"))];
}

function show(view, v) {
  view.side.replaceChildren(
    h("button", { type: "button", class: "close", onclick: () => { keep({ v: "" }); view.side.replaceChildren(...summary(view)); } }, "‹ " + t("ui.figures")),
    coverageDetail(v));
  for (const x of view.pane.querySelectorAll(".picked")) x.classList.remove("picked");
  const cellOf = view.pane.querySelector(`[data-v="${v.n}"]`);
  if (cellOf) cellOf.classList.add("picked");
}

export function coverageDetail(v) {
  return h("div.covered", null,
    h("h3", null, t("col.requirement"), " ", placeLink(v.at, true)), inContext(v.at),
    h("p", null, statusChip(v.status), v.provisional ? h("span.chip", null, t("col.provisional")) : null,
      changes(v).map((c) => h("span.chip.change", null, t("change." + c))), " ", title(v.lower)),
    v.lost.length ? h("p.lost", null, h("b", null, t("col.lost")), "：", v.lost.map((w) => h("span.word", null, w))) : null,
    v.by.length ? h("h3", null, t("col.by")) : null, v.by.map((n) => linkCard(db.links[n], "lower")),
    v.near.length ? h("h3", null, t("col.near")) : null, v.near.map(nearCard));
}

function nearCard([at, reason, words]) {
  return h("div.link.near", null, h("div.linkhead", null, placeLink(at, true)), h("p.wording", null, h("span", null, quote(at))),
    h("p.reason", null, reason || NONE, words.length ? "（" + words.join("、") + "）" : ""));
}

export function coverageColumns() {
  return [
    column("upperplace", (v) => place(v.at), { width: "8em", cell: (v) => placeLink(v.at) }),
    column("requirement", (v) => quote(v.at)),
    column("lower", (v) => title(v.lower), { width: "12em", cell: (v) => brief(v.lower) }),
    column("coverage", (v) => STATUS.indexOf(v.status), { width: "8em", cell: (v) => [statusChip(v.status), v.provisional ? h("span.chip", null, t("col.provisional")) : null] }),
    column("by", (v) => v.by.map((n) => quote(db.links[n].lower)).join("；") || NONE, { width: "20em", cell: byCell }),
    column("change", changeText, { width: "7em", cell: (v) => (changes(v).length ? h("b", null, changeText(v)) : NONE) }),
    column("lost", (v) => v.lost.join("、") || NONE, { width: "9em" }),
    column("near", (v) => v.near.map((x) => quote(x[0])).join("；") || NONE, { width: "15em", optional: true, cell: nearCell }),
  ];
}

function byCell(v) {
  if (!v.by.length) return NONE;
  return v.by.slice(0, 4).map((n) => h("div", null, placeLink(db.links[n].lower), " ", clip(quote(db.links[n].lower), 80)));
}

function nearCell(v) {
  if (!v.near.length) return NONE;
  return v.near.slice(0, 3).map((x) => h("div", { title: quote(x[0]) }, clip(quote(x[0]), 48), x[1] ? h("small", null, "（" + x[1] + "）") : null));
}

export function coverageFacets() {
  return [
    { key: "lower", label: t("col.lower"), order: "given", values: (v) => (db.documents[v.lower] ? [db.documents[v.lower].id] : []), name: (id) => title(documentAt(id).n) },
    { key: "status", label: t("col.coverage"), values: (v) => [v.status], name: (v) => t("status." + v) },
    { key: "nearly", label: t("col.near"), values: (v) => (v.near.length ? ["yes"] : []), name: (v) => t("ui." + v) },
    { key: "change", label: t("col.change"), values: changes, name: (v) => t("change." + v) },
    { key: "losing", label: t("col.lost"), values: (v) => (v.lost.length ? ["yes"] : []), name: (v) => t("ui." + v) },
  ];
}

function coverageTable(rows) {
  return dataTable({ label: t("nav.coverage"), rows, columns: coverageColumns(), facets: coverageFacets(), detail: coverageDetail,
    openRow: param("id") || undefined, group: (v) => title(v.at[0]) });
}
