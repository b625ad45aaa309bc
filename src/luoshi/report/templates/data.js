// The records out of the page, with look-ups.

import { clip, h, NONE, state, t } from "./core.js";

export const db = {};

export function load(raw) {
  for (const [name, fields] of Object.entries(raw.fields)) {
    db[name] = raw[name].map((values, n) => {
      const row = { n };
      for (let i = 0; i < fields.length; i++) row[fields[i]] = values[i];
      return row;
    });
  }
  state.words = raw.labels;
  db.documents = raw.documents.map((d, n) => ({ ...d, n, text: raw.texts[n], status: d.text }));
  db.byId = new Map(db.documents.map((d) => [d.id, d]));
  const lists = ["provisions", "sentences", "tasks", "dates", "entities", "upper", "lower", "terms"];
  for (const d of db.documents) for (const name of lists) d[name] = [];
  for (const name of ["provisions", "sentences", "tasks", "dates", "entities", "terms"]) {
    for (const row of db[name]) if (db.documents[row.at[0]]) db.documents[row.at[0]][name].push(row);
  }
  for (const k of db.links) {
    if (db.documents[k.lower[0]]) db.documents[k.lower[0]].lower.push(k);
    if (db.documents[k.upper[0]]) db.documents[k.upper[0]].upper.push(k);
  }
  db.taskById = new Map(db.tasks.map((c) => [c.id, c]));
  db.linkById = new Map(db.links.map((k) => [k.id, k]));
  for (const d of db.documents) {
    d.lower.sort((a, b) => a.lower[1] - b.lower[1] || a.rank - b.rank || b.score - a.score);
    d.upper.sort((a, b) => a.upper[1] - b.upper[1] || b.score - a.score);
  }
}

export function quote(at) {
  return at.length > 3 ? at[3] : db.documents[at[0]] ? db.documents[at[0]].text.slice(at[1], at[2]) : "";
}

export function title(n) {
  return db.documents[n] ? db.documents[n].title : NONE;
}

// The last part of a path; the whole stands in a title beside it.
export function baseName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

// A title that fits a cell; the whole in its tooltip.
export function brief(n) {
  return h("span", { title: title(n) }, short(n));
}

export function short(n) {
  return db.documents[n] ? db.documents[n].short : NONE;
}

export function dateOf(d) {
  return d.date || d.published || NONE;
}

export function documentAt(id) {
  return db.byId.get(id) || null;
}

// Whether two places share a character.
export function touches(a, b) {
  return a[0] === b[0] && a[1] < b[2] && b[1] < a[2];
}

// Whether a label can be said; a mere bullet (■, ——) cannot.
function spoken(label) {
  return /[\p{L}\p{N}]/u.test(label);
}

export function shortLabel(p) {
  const label = p.label.replace(/^[、.．。,，:：\s]+|[、.．。,，:：\s]+$/g, "");
  return spoken(label) ? label : clip(p.title, 14);
}

export function fullLabel(p) {
  if (!spoken(p.label)) return p.title;
  if (!p.title) return p.label;
  return p.label + (/[、.．）)—]$/.test(p.label) ? "" : " ") + p.title;
}

export function innermost(at) {
  const d = db.documents[at[0]];
  let found = null;
  if (d) for (const p of d.provisions) {
    if (p.at[1] <= at[1] && at[1] < p.at[2] && (!found || p.at[2] - p.at[1] <= found.at[2] - found.at[1])) found = p;
  }
  return found;
}

export function chain(p) {
  const out = [];
  while (p && !out.includes(p)) {
    out.unshift(p);
    p = p.parent === null || p.parent === undefined ? null : db.provisions[p.parent];
  }
  return out;
}

const places = new Map();

// 第一章 1: the labels above a place.
export function place(at) {
  const key = at[0] + ":" + at[1];
  if (!places.has(key)) places.set(key, chain(innermost(at)).map(shortLabel).filter(Boolean).join(" "));
  return places.get(key) || paragraphName(at);
}

// Where there is no outline: the ordinal of the paragraph.
function paragraphName(at) {
  const d = db.documents[at[0]];
  if (!d) return NONE;
  if (!d.lines) d.lines = [...d.text.matchAll(/\n/g)].map((m) => m.index);
  let low = 0, high = d.lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (d.lines[middle] < at[1]) low = middle + 1; else high = middle;
  }
  return t("ui.paragraph", { n: low + 1 });
}

export function sentenceAround(at) {
  const d = db.documents[at[0]];
  return d ? d.sentences.find((s) => s.at[1] <= at[1] && at[1] < s.at[2]) || null : null;
}

export function linksTo(task, side) {
  const d = db.documents[task.at[0]];
  return d ? d[side].filter((k) => touches(k[side], task.at)) : [];
}

export function unitNames(task, role) {
  return task.units.filter((u) => u[1] === role).map((u) => u[0]);
}

export function due(task) {
  return task.due === null || task.due === undefined ? null : db.dates[task.due];
}

export function editText(edit) {
  const [op, upper, lower] = edit;
  return op === "replace" ? upper + "→" + lower : op === "insert" ? "＋" + lower : "－" + upper;
}

// Pairs of documents that have links: Map "lower upper" → number.
export function linkedPairs() {
  if (!db.pairs) {
    db.pairs = new Map();
    db.descents = new Set();
    for (const k of db.links) {
      const key = k.lower[0] + " " + k.upper[0];
      db.pairs.set(key, (db.pairs.get(key) || 0) + 1);
      if (k.direction === "down") db.descents.add(key);
    }
  }
  return db.pairs;
}
