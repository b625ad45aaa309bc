// The frame: heading, views, language, keys, printing.

import { address, h, keep, param, parseAddress, state, t } from "./core.js";
import { load } from "./data.js";
import { documentsView } from "./documents.js";
import { readingView } from "./reading.js";
import { tasksView } from "./tasks.js";
import { compareView } from "./compare.js";
import { coverageView } from "./coverage.js";
import { gapsView } from "./gaps.js";
import { accountingView, problemsView, sourcesView, termsView } from "./lists.js";

const VIEWS = {
  documents: documentsView, reading: readingView, tasks: tasksView, compare: compareView, coverage: coverageView,
  gaps: gapsView, sources: sourcesView, terms: termsView, accounting: accountingView, problems: problemsView,
};

let current = null;

const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);

function draw() {
  const { view, params } = parseAddress(location.hash);
  state.view = has(VIEWS, view) ? view : "documents";
  state.params = params;
  state.lang = param("lang") === "en" ? "en" : "zh";
  document.documentElement.lang = state.lang === "en" ? "en" : "zh-CN";
  document.title = t("nav." + state.view) + " · " + t("app.title");
  current = VIEWS[state.view]();
  const main = h("main", { id: "main", tabindex: "-1", class: "view-" + state.view }, current);
  document.getElementById("app").replaceChildren(
    h("a.skip", { href: "#main", onclick: (e) => { e.preventDefault(); main.focus(); } }, t("app.skip")), heading(), main);
  each("ready");
}

function heading() {
  const other = state.lang === "en" ? "" : "en";
  return h("header", null,
    h("h1", null, h("span.seal", { "aria-hidden": "true" }, "落实"), h("span.full", null, t("app.title"))),
    h("nav.views", { "aria-label": t("app.menu") }, Object.keys(VIEWS).map((name) =>
      h("a", { href: address(name, {}), "aria-current": name === state.view ? "page" : null }, t("nav." + name)))),
    h("div.tools", null,
      h("button", { type: "button", id: "language", lang: other || "zh-CN", onclick: () => {
        state.lang = other || "zh";
        keep({ lang: other });
        draw();
      } }, t("app.language")),
      h("button", { type: "button", id: "print", onclick: () => print() }, t("app.print"))));
}

// Calls a hook of the view and of what is in it.
function each(name, ...values) {
  const nodes = current ? [current, ...current.querySelectorAll("*")] : [];
  for (const node of nodes) if (typeof node[name] === "function" && has(node, name)) node[name](...values);
}

function keys(e) {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const typing = e.target.closest("input, select, textarea");
  if (e.key === "Escape" && typing) { typing.blur(); return; }
  if (typing) return;
  if (e.key === "/") {
    const search = document.querySelector("input.search");
    if (search) { e.preventDefault(); search.focus(); search.select(); }
    return;
  }
  if (current && current.keys && !e.target.closest("tr") && current.keys(e.key)) e.preventDefault();
}

load(JSON.parse(document.getElementById("data").textContent));
document.addEventListener("keydown", keys);
addEventListener("hashchange", draw);
addEventListener("resize", () => each("resized"));
addEventListener("beforeprint", () => each("printAll", true));
addEventListener("afterprint", () => each("printAll", false));
draw();
