// A picture with its settings as a file of the station, and back.

import { View } from "./view.js";
import { Waterfall } from "./waterfall.js";

const FORMAT = "focus-view-1";
const CHUNK = 1 << 15;

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

// Line by line from the newest row on; `seen` is 1 where there is a level and 0 in a hole.
export function contentOf(view) {
  const picture = view.waterfall;
  const levels = new Uint8Array(picture.columns * picture.height);
  const seen = new Uint8Array(levels.length);
  for (let age = 0; age < picture.height; age++) {
    for (let column = 0; column < picture.columns; column++) {
      const level = picture.levelAt(column, picture.newestRow - age);
      if (level === null) continue;
      levels[age * picture.columns + column] = level;
      seen[age * picture.columns + column] = 1;
    }
  }
  return {
    format: FORMAT,
    settings: view.settings.value,
    columns: picture.columns,
    rows: picture.height,
    firstColumn: picture.firstColumn,
    newestRow: picture.newestRow,
    newestTime: view.timeOf(picture.newestRow),
    linesDt: view.linesDt,
    frequencies: view.frequencies,
    levels: base64(levels),
    seen: base64(seen),
  };
}

export function save(view) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(contentOf(view))], { type: "application/json" }));
  link.download = `focus-view-${new Date(view.timeOf(view.waterfall.newestRow)).toISOString().replaceAll(":", "-")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// The view of a file. Raises Error with a sentence for a file that holds none.
export function load(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    content = {};
  }
  const size = content?.columns * content?.rows;
  if (content?.format !== FORMAT || !(size > 0 && size < 1 << 26)) throw new Error("This file holds no saved view.");
  const [levels, seen] = [content.levels, content.seen].map(bytesOf);
  if (levels.length !== size || seen.length !== size) throw new Error("This file holds no saved view.");
  const settings = { ...content.settings };
  for (const time of ["start", "end"]) settings[time] ??= NaN;
  const view = new View(settings);
  const picture = new Waterfall(content.columns, content.rows, content.firstColumn);
  picture.advanceTo(content.newestRow);
  for (let age = content.rows - 1; age >= 0; age--) {
    // A row is written in the pieces between its holes.
    for (let from = 0; from < content.columns; ) {
      const at = age * content.columns;
      let until = from;
      while (until < content.columns && seen[at + until]) until++;
      if (until > from) picture.write(content.newestRow - age, content.firstColumn + from, levels.subarray(at + from, at + until));
      from = until + 1;
    }
  }
  view.waterfall = picture;
  view.linesDt = content.linesDt;
  view.frequencies = content.frequencies;
  view.originMs = content.newestTime - content.newestRow * content.linesDt * 1000;
  view.state.value = "loaded";
  return view;
}
