// The words that two wordings share: longest common subsequence over characters, runs of two or more.

import { h } from "./core.js";

const LIMIT = 600;

// For each of the two texts a list of [start, end] of shared runs.
export function sharedRuns(a, b) {
  if (a === b) return [[[0, a.length]], [[0, b.length]]];
  if (a.length > LIMIT || b.length > LIMIT) return [[], []];
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = a[i] === b[j]
        ? table[(i + 1) * width + j + 1] + 1
        : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
    }
  }
  const left = [], right = [];
  let i = 0, j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      let n = 0;
      while (i + n < a.length && j + n < b.length && a[i + n] === b[j + n]) n++;
      if (n > 1) { left.push([i, i + n]); right.push([j, j + n]); }
      i += n; j += n;
    } else if (table[(i + 1) * width + j] >= table[i * width + j + 1]) i++;
    else j++;
  }
  return [left, right];
}

export function marked(text, runs) {
  const out = [];
  let at = 0;
  for (const [a, b] of runs) {
    if (a > at) out.push(text.slice(at, a));
    out.push(h("mark.shared", null, text.slice(a, b)));
    at = b;
  }
  if (at < text.length) out.push(text.slice(at));
  return out;
}

// Both wordings with what they share underlined.
export function sharedPair(a, b) {
  const [left, right] = sharedRuns(a, b);
  return [marked(a, left), marked(b, right)];
}
