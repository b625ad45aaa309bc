// Text with marks laid over it, a place in its context, and a commitment with everything known of it.

import { address, chip, h, NONE, relationChip, statusChip, t, to } from "./core.js";
import { db, due, editText, linksTo, place, quote, sentenceAround, short, title, touches, unitNames } from "./data.js";
import { sharedPair } from "./shared.js";

// The characters [from, to) of a text in pieces; marks: {at: [start, end], classes, data}.
// Marks may overlap: a piece carries the classes of all marks over it.
export function pieces(text, from, end, marks) {
  const cuts = new Set([from, end]);
  for (const m of marks) for (const x of m.at) if (x > from && x < end) cuts.add(x);
  const places = [...cuts].sort((a, b) => a - b);
  const out = [];
  for (let i = 0; i + 1 < places.length; i++) {
    const [a, b] = [places[i], places[i + 1]];
    const over = marks.filter((m) => m.at[0] <= a && b <= m.at[1]);
    const part = text.slice(a, b);
    if (!over.length) { out.push(part); continue; }
    const data = {};
    for (const m of over) for (const [k, v] of Object.entries(m.data || {})) data[k] = data[k] ? data[k] + " " + v : v;
    out.push(h("span", { class: over.map((m) => m.classes).join(" "), ...data,
      title: over.map((m) => m.title).filter(Boolean).join("；") || null }, part));
  }
  return out;
}

// Paragraphs of a text as [start, end].
export function paragraphs(text) {
  const out = [];
  let at = 0;
  for (const line of text.split("\n")) {
    if (line) out.push([at, at + line.length]);
    at += line.length + 1;
  }
  return out;
}

export function readingLink(at, ...children) {
  const d = db.documents[at[0]];
  return d ? to("reading", { doc: d.id, at: at[1] + "-" + at[2] }, ...children) : h("span", null, ...children);
}

// The place as a link, with the document's title before it where asked.
export function placeLink(at, withTitle) {
  const name = place(at);
  const link = readingLink(at, withTitle ? short(at[0]) + (name === NONE ? "" : " " + name) : name);
  if (withTitle) link.title = title(at[0]);
  return link;
}

// The sentence around a place, the place itself marked.
export function inContext(at) {
  const d = db.documents[at[0]];
  const s = sentenceAround(at);
  if (!d || at.length > 3) return h("blockquote", null, quote(at));
  const [from, end] = s ? [s.at[1], Math.max(s.at[2], at[2])] : [Math.max(0, at[1] - 32), at[2] + 32];
  return h("blockquote", null, pieces(d.text, from, end, [{ at: [at[1], at[2]], classes: "focus" }]));
}

export function compareAddress(link) {
  return address("compare", {
    lower: db.documents[link.lower[0]].id, upper: db.documents[link.upper[0]].id, link: link.id,
  });
}

// One correspondence: both wordings, what they share, what changed; 'other' names the end whose place is shown, or both.
export function linkCard(link, other) {
  const [up, low] = sharedPair(quote(link.upper), quote(link.lower));
  const known = db.documents[link.lower[0]] && db.documents[link.upper[0]];
  return h("div.link", null,
    h("div.linkhead", null, relationChip(link.relation), link.change ? chip("change", t("change." + link.change)) : null,
      h("span.score", { title: t("col.score") }, link.score.toFixed(2)),
      h("span.where", null, other === "both" ? [placeLink(link.upper), " ↔ ", placeLink(link.lower)] : placeLink(link[other], true)),
      known ? h("a", { href: compareAddress(link) }, t("ui.opencompare")) : null),
    h("p.wording", null, h("span.side", null, t("col.upper")), h("span", null, up)),
    h("p.wording", null, h("span.side", null, t("col.lower")), h("span", null, low)),
    editList(link.edits));
}

export function editList(edits) {
  if (!edits.length) return null;
  return h("p.edits", { "aria-label": t("ui.edits") }, edits.map((e) =>
    h("span.edit", { title: t("edit." + e[0]) }, editText(e))));
}

export function deadlineText(task) {
  const d = due(task);
  if (d) return d.to || d.from || quote(d.at);
  return task.ongoing ? t("ui.ongoing") : NONE;
}

function fact(key, value) {
  return value === null || value === NONE || value === "" ? null : [h("dt", null, t("col." + key)), h("dd", null, value)];
}

export function taskFacts(task) {
  const d = due(task);
  return h("dl.facts", null,
    fact("verb", task.modifiers.join("") + task.verb || null), fact("object", task.object), fact("actor", task.actor),
    fact("lead", unitNames(task, "lead").join("、")), fact("responsible", unitNames(task, "responsible").join("、")),
    fact("support", unitNames(task, "support").join("、")),
    fact("deadline", deadlineText(task)), d ? fact("deadlinetext", "“" + quote(d.at) + "”") : null,
    d ? fact("explanation", d.explanation) : null, fact("targets", task.targets.join("；")),
    fact("places", task.places.map((p) => p[0] + (p[1] ? " " + p[1] : "")).join("、")),
    fact("type", t("type." + task.type)), fact("strength", task.strength + " " + t("strength." + task.strength)),
    fact("domain", task.domain ? t("domain." + task.domain) : null), fact("id", h("code", null, task.id)));
}

// Everything about a commitment.
export function taskDetail(task) {
  const up = linksTo(task, "lower"), down = linksTo(task, "upper");
  const answers = db.coverage.filter((v) => touches(v.at, task.at));
  return h("div.taskdetail", null,
    h("div.quoteside", null, h("h3", null, t("ui.quote"), " ", placeLink(task.at, true)), inContext(task.at), taskFacts(task)),
    h("div.linkside", null,
      h("h3", null, t("ui.upward")), up.length ? up.map((k) => linkCard(k, "upper")) : h("p.none", null, t("ui.nolinks")),
      h("h3", null, t("ui.downward")), down.length ? down.map((k) => linkCard(k, "lower")) : h("p.none", null, t("ui.nolinks")),
      answers.length ? h("ul.answers", null, answers.map((v) => h("li", null, statusChip(v.status), " ", title(v.lower),
        v.lost.length ? h("span.lost", null, t("col.lost") + "：" + v.lost.join("、")) : null))) : null));
}
