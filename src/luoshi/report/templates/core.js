// Building of elements, words in two languages, the address (hash) as the one place of state.

export const SIGNS = {
  verbatim: "＝", adapted: "≈", specified: "↳",
  carried: "●", partly: "◐", absent: "○", none: "·",
  error: "✕", warning: "!", info: "i",
};

export const state = { view: "documents", params: new Map(), lang: "zh", words: {} };

// h("td", {class: "x", onclick: f}, "text", node, [nodes]); text never becomes markup.
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = (node.className + " " + value).trim();
    else if (key === "style") for (const [k, v] of Object.entries(value)) node.style.setProperty(k, v);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.append(child instanceof Node ? child : String(child));
  }
}

export function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value);
  }
  append(node, children);
  return node;
}

// The word of a key; the last part of the key where there is none (values of newer records).
export function t(key, values) {
  const pair = state.words[key];
  let text = pair ? pair[state.lang === "en" ? 1 : 0] : key.slice(key.lastIndexOf(".") + 1);
  for (const [name, value] of Object.entries(values || {})) text = text.replace("{" + name + "}", value);
  return text;
}

export const NONE = "—";

export function number(n) {
  return n === null || n === undefined ? NONE : String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

export function percent(x) {
  return (100 * x).toFixed(1) + "%";
}

// #view?key=value&…
export function parseAddress(hash) {
  const [view, query] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const params = new Map();
  for (const part of (query || "").split("&")) {
    if (!part) continue;
    const [key, value] = part.split(/=(.*)/s);
    try { params.set(decodeURIComponent(key), decodeURIComponent(value || "")); } catch { /* not ours */ }
  }
  return { view, params };
}

export function address(view, params) {
  const entries = params instanceof Map ? [...params] : Object.entries(params || {});
  if (state.lang === "en" && !entries.some(([k]) => k === "lang")) entries.push(["lang", "en"]);
  const query = entries
    .filter(([, v]) => v !== null && v !== undefined && v !== "")
    .map(([k, v]) => encodeURIComponent(k) + "=" + encodeURIComponent(v))
    .join("&");
  return "#" + view + (query ? "?" + query : "");
}

// A link to a view; the same as a button where it acts in place.
export function to(view, params, ...children) {
  return h("a", { href: address(view, params) }, ...children);
}

export function param(key) {
  return state.params.get(key) || "";
}

// Change what the address says without drawing the page again.
export function keep(changes) {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") state.params.delete(key);
    else state.params.set(key, String(value));
  }
  history.replaceState(null, "", address(state.view, state.params));
}

export function go(view, params) {
  location.hash = address(view, params);
}

export function chip(kind, text, extra) {
  return h("span.chip", { class: "is-" + kind + (extra ? " " + extra : "") },
    SIGNS[kind] ? h("span.sign", { "aria-hidden": "true" }, SIGNS[kind]) : null, text);
}

export function relationChip(relation) {
  return chip(relation, t("relation." + relation));
}

export function statusChip(status) {
  return chip(status, t("status." + status));
}

export function clip(text, length) {
  return text.length > length ? text.slice(0, length - 1) + "…" : text;
}

export function choose(label, value, options, onchange) {
  const select = h("select", { onchange: () => onchange(select.value), "aria-label": label });
  for (const [key, text] of options) {
    select.append(h("option", { value: key, selected: String(key) === String(value) }, text));
  }
  return h("label.choose", null, h("span", null, label), select);
}

// Buttons of which one is pressed.
export function switcher(label, value, options, onchange) {
  return h("div.switcher", { role: "group", "aria-label": label }, options.map(([key, text]) =>
    h("button", { type: "button", "aria-pressed": String(key === value), onclick: () => onchange(key) }, text)));
}

export function empty(key) {
  return h("p.empty", null, t(key || "ui.empty"));
}
