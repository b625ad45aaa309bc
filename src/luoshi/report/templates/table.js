// A table with search, facets, sorting, groups, pages and rows that open.

import { clip, empty, h, keep, NONE, number, param, t } from "./core.js";

const PAGE = 100;

// columns: {key, label, value(row), cell(row), width, kind: "number"|"date"|"", sort: false}
// facets: {key, label, values(row) → list, name(value)}; options.detail(row) → node; options.group(row) → text.
export function dataTable(options) {
  const view = {
    options,
    rows: options.rows,
    q: param("q"),
    sort: param("sort"),
    page: Math.max(0, Number(param("page") || 1) - 1),
    chosen: new Map(options.facets.map((f) => [f.key, param(f.key)])),
    all: false,
    open: new Set(options.openRow === undefined ? [] : [options.openRow]),
  };
  view.root = h("section.tableview");
  view.bar = h("div.bar", { role: "search" });
  view.body = h("div.pane", { tabindex: "-1" });
  view.foot = h("div.pager");
  view.root.append(view.bar, view.body, view.foot);
  toolbar(view);
  refresh(view, options.openRow);
  view.root.printAll = (all) => { view.all = all; refresh(view); };
  return view.root;
}

function toolbar(view) {
  const input = h("input", {
    type: "search", value: view.q, placeholder: t("ui.searchhint"), "aria-label": t("ui.search"), class: "search",
    oninput: () => { view.q = input.value; keep({ q: view.q, page: "" }); view.page = 0; refresh(view); },
  });
  view.selects = view.options.facets.map((facet) => {
    const select = h("select", {
      "aria-label": facet.label,
      onchange: () => {
        view.chosen.set(facet.key, select.value);
        keep({ [facet.key]: select.value, page: "" });
        view.page = 0;
        refresh(view);
      },
    });
    return [facet, select];
  });
  view.selects = view.selects.filter(([facet]) => view.chosen.get(facet.key) || view.rows.some((row) => facet.values(row).length));
  view.count = h("span.count", { "aria-live": "polite" });
  view.clear = h("button", {
    type: "button", class: "clear",
    onclick: () => {
      view.q = input.value = "";
      for (const [facet] of view.selects) { view.chosen.set(facet.key, ""); keep({ [facet.key]: "" }); }
      keep({ q: "", page: "", sort: "" });
      view.sort = "";
      view.page = 0;
      refresh(view);
    },
  }, t("ui.clear"));
  view.bar.append(input,
    ...view.selects.map(([facet, select]) => h("label.choose", null, h("span", null, facet.label), select)),
    view.clear, view.count);
}

function text(view, row) {
  if (!view.cache) view.cache = new Map();
  let found = view.cache.get(row);
  if (found === undefined) {
    found = view.options.columns.map((c) => String(c.value(row))).join("\n").toLowerCase();
    if (view.options.more) found += "\n" + view.options.more(row).toLowerCase();
    view.cache.set(row, found);
  }
  return found;
}

function passes(view, row, words, without) {
  for (const [key, value] of view.chosen) {
    if (!value || key === without) continue;
    const facet = view.options.facets.find((f) => f.key === key);
    if (!facet.values(row).some((v) => String(v) === value)) return false;
  }
  return words.every((w) => text(view, row).includes(w));
}

function fillFacets(view, words) {
  for (const [facet, select] of view.selects) {
    const counts = new Map();
    for (const row of view.rows) {
      if (!passes(view, row, words, facet.key)) continue;
      for (const v of new Set(facet.values(row))) counts.set(v, (counts.get(v) || 0) + 1);
    }
    const chosen = view.chosen.get(facet.key);
    if (chosen && ![...counts.keys()].some((v) => String(v) === chosen)) counts.set(chosen, 0);
    let entries = [...counts];
    if (facet.order === "value") entries.sort((a, b) => (a[0] < b[0] ? -1 : 1));
    else if (facet.order !== "given") entries.sort((a, b) => b[1] - a[1] || (String(a[0]) < String(b[0]) ? -1 : 1));
    select.replaceChildren(h("option", { value: "" }, t("ui.all")), ...entries.map(([value, n]) =>
      h("option", { value, selected: String(value) === chosen },
        clip(facet.name ? facet.name(value) : String(value), 30) + "（" + number(n) + "）")));
    select.value = chosen || "";
    select.classList.toggle("on", Boolean(chosen));
  }
}

function sorted(view, rows) {
  const descending = view.sort.startsWith("-");
  const column = view.options.columns.find((c) => c.key === view.sort.replace(/^-/, ""));
  if (!column) return rows;
  const collator = new Intl.Collator("zh-CN-u-co-pinyin", { numeric: true });
  const blank = (v) => v === NONE || v === "" || v === null || v === undefined;
  const compare = (a, b) => {
    const x = column.value(a), y = column.value(b);
    if (blank(x) || blank(y)) return blank(x) - blank(y);
    const order = typeof x === "number" && typeof y === "number" ? x - y : collator.compare(String(x), String(y));
    return descending ? -order : order;
  };
  return [...rows].sort(compare);
}

function refresh(view, reveal) {
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean);
  fillFacets(view, words);
  const rows = sorted(view, view.rows.filter((row) => passes(view, row, words)));
  view.clear.disabled = !view.q && !view.sort && ![...view.chosen.values()].some(Boolean);
  view.count.textContent = t("ui.rows", { n: number(rows.length) });
  if (reveal !== undefined) {
    const at = rows.findIndex((row) => row.id === reveal);
    if (at >= 0) view.page = Math.floor(at / PAGE);
  }
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  view.page = Math.min(view.page, pages - 1);
  const from = view.all ? 0 : view.page * PAGE;
  const part = view.all ? rows : rows.slice(from, from + PAGE);
  view.body.replaceChildren(rows.length ? table(view, part, from) : empty());
  view.foot.replaceChildren(...pager(view, rows.length, from, part.length, pages));
  view.foot.hidden = pages < 2 || view.all;
  if (reveal !== undefined) {
    const node = view.body.querySelector('tr[aria-expanded="true"]');
    if (node) requestAnimationFrame(() => node.scrollIntoView({ block: "center" }));
  }
}

function pager(view, total, from, length, pages) {
  const turn = (page) => { view.page = page; keep({ page: page ? page + 1 : "" }); refresh(view); view.body.scrollTop = 0; };
  return [
    h("button", { type: "button", disabled: view.page === 0, onclick: () => turn(view.page - 1) }, "‹ " + t("ui.previous")),
    h("span", null, t("ui.range", { a: number(from + 1), b: number(from + length), n: number(total) })),
    h("button", { type: "button", disabled: view.page >= pages - 1, onclick: () => turn(view.page + 1) },
      t("ui.next") + " ›"),
  ];
}

function table(view, rows, from) {
  const { columns, group, label } = view.options;
  const head = h("tr", null, columns.map((c) => heading(view, c)));
  const body = h("tbody");
  let last = null;
  rows.forEach((row, i) => {
    const name = group && !view.sort ? group(row) : null;
    if (name !== null && name !== last) {
      body.append(h("tr.group", null, spanning(columns, "th", name)));
    }
    last = name;
    body.append(...rowNodes(view, row, from + i));
  });
  return h("table.data", { "aria-label": label },
    h("colgroup", null, columns.map((c) => h("col", { style: c.width ? { width: c.width } : {}, class: c.optional ? "optional" : "" }))),
    h("thead", null, head), body);
}

// One cell over all columns, and beside it one over those that narrow pages hide, so that it hides with them.
function spanning(columns, tag, content) {
  const hidden = columns.filter((c) => c.optional).length;
  const last = columns.length > 1 && columns[columns.length - 1].optional;
  return [h(tag, { colspan: columns.length - hidden, class: last ? "" : "whole" }, content),
    hidden ? h(tag + ".optional", { colspan: hidden }) : null];
}

function heading(view, c) {
  const mine = view.sort.replace(/^-/, "") === c.key;
  const down = mine && view.sort.startsWith("-");
  if (c.sort === false) return h("th", { scope: "col", class: cellClass(c), title: c.label }, c.label);
  return h("th", { scope: "col", class: cellClass(c), "aria-sort": mine ? (down ? "descending" : "ascending") : "none" },
    h("button", {
      type: "button", title: c.label + " · " + t("ui.sort"),
      onclick: () => {
        view.sort = !mine ? c.key : down ? "" : "-" + c.key;
        keep({ sort: view.sort, page: "" });
        view.page = 0;
        refresh(view);
      },
    }, c.label, h("span.arrow", { "aria-hidden": "true" }, mine ? (down ? "▼" : "▲") : "")));
}

function cellClass(c) {
  return (c.kind === "number" ? "number" : c.kind === "date" ? "date" : "") + (c.optional ? " optional" : "");
}

function rowNodes(view, row) {
  const { columns, detail } = view.options;
  const open = view.open.has(row.id);
  const toggle = () => {
    if (view.open.has(row.id)) view.open.delete(row.id);
    else view.open.add(row.id);
    keep({ id: view.open.has(row.id) ? row.id : "" });
    const fresh = rowNodes(view, row);
    if (node.nextSibling && node.nextSibling.classList && node.nextSibling.classList.contains("detail")) node.nextSibling.remove();
    node.replaceWith(...fresh);
    fresh[0].focus();
  };
  const node = h("tr", detail ? {
    tabindex: "0", "aria-expanded": String(open), class: "opens",
    onclick: (e) => { if (!e.target.closest("a,button,summary") && !String(getSelection())) toggle(); },
    onkeydown: (e) => rowKeys(e, node, toggle),
  } : null, columns.map((c) => h("td", { class: cellClass(c) }, c.cell ? c.cell(row) : blank(c.value(row)))));
  if (!open || !detail) return [node];
  return [node, h("tr.detail", null, spanning(columns, "td", detail(row)))];
}

function rowKeys(e, node, toggle) {
  if (e.target !== node) return;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[e.key];
  if (e.key === "Enter" || e.key === " ") { e.preventDefault(); toggle(); }
  else if (step) {
    e.preventDefault();
    let next = node;
    do next = step > 0 ? next.nextElementSibling : next.previousElementSibling; while (next && !next.hasAttribute("tabindex"));
    if (next) next.focus();
  }
}

function blank(value) {
  return value === null || value === undefined || value === "" ? NONE : typeof value === "number" ? number(value) : value;
}

export function column(key, value, more) {
  return { key, label: t("col." + key), value, ...(more || {}) };
}

// Where a list has no search of its own: a plain table.
export function plainTable(label, heads, rows) {
  if (!rows.length) return empty("ui.nodata");
  return h("table.data.plain", { "aria-label": label },
    h("thead", null, h("tr", null, heads.map((x) => h("th", { scope: "col", class: x.kind || "" }, x.label || x)))),
    h("tbody", null, rows.map((cells) => h("tr", null, cells.map((cell, i) => h("td", { class: heads[i].kind || "" }, cell))))));
}

