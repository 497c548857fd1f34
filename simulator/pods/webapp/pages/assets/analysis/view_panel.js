// One view on the screen: controls, state, waterfall with axes and cursor, spectrum, recordings.

import { say } from "../notice.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { clockMs } from "../words.js";
import { Recordings } from "./recordings.js";
import { save } from "./saved.js";
import { SINGLECHANNEL, titleOf } from "./settings.js";
import { Spectrum } from "./spectrum.js";
import { closeView, hasRoom, openView, together } from "./tabs.js";
import { ViewForm } from "./view_form.js";

const STATES = {
  stopped: "Stopped",
  starting: "Starting",
  running: "Running",
  paused: "Paused",
  lost: "Connection lost. Trying again.",
  ended: "The recording is over.",
  loaded: "Loaded from a file",
};
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAST = 10;

export function ViewPanel({ tab, view, number }) {
  const [editing, setEditing] = useState(false);
  const settings = view.settings.value;
  const state = view.state.value;
  const running = ["starting", "running", "paused", "lost"].includes(state);

  const attempt = (act) => async () => {
    view.trouble.value = "";
    try {
      await act();
    } catch (refused) {
      view.trouble.value = refused.message;
    }
  };
  const all = (act) => () => together(tab, view).forEach(act);
  const toggle = (name, id, shown) => html`<button data-testid=${id} aria-pressed=${String(shown.value)} onClick=${() => (id === "cyclic" ? view.setCyclic(!shown.value) : (shown.value = !shown.value))}>${name}</button>`;

  async function copy() {
    if (hasRoom(tab)) await openView(tab, view.settings.value);
  }

  return html`<section
    aria-label=${`View ${number}: ${titleOf(settings)}`}
    class="view"
    data-testid="view"
    data-state=${state}
    data-job-id=${view.jobId.value}
    data-view-type=${settings.viewType}
    data-first-channel=${settings.first}
    data-last-channel=${settings.last}
  >
    <div class="tools">
      <h3>${number}. ${titleOf(settings)}</h3>
      <p role=${state === "lost" ? "alert" : "status"} data-testid="view-state" class=${`state ${state}`}>${STATES[state]}</p>
      ${!running && state !== "loaded" && html`<button data-testid="start" onClick=${attempt(() => view.start())}>Start</button>`}
      ${running && html`<button data-testid="stop" onClick=${() => view.stop()}>Stop</button>`}
      ${state === "paused"
        ? html`<button data-testid="resume" onClick=${all((one) => one.resume())}>Resume</button>`
        : html`<button data-testid="pause" disabled=${state !== "running"} onClick=${all((one) => one.pause())}>Pause</button>`}
      <button data-testid="edit-view" onClick=${() => setEditing(true)}>Edit</button>
      <button data-testid="duplicate" onClick=${attempt(copy)}>Duplicate</button>
      <button data-testid="save-data" onClick=${() => (view.waterfall?.rows ? save(view) : say("There are no rows to save."))}>Save data</button>
      ${toggle("Lines", "lines", view.lines)} ${toggle("Cyclic", "cyclic", view.cyclic)}
      <button data-testid="close-view" aria-label="Close view" class="plain" onClick=${() => closeView(tab, view)}>×</button>
    </div>
    <p role="alert" class="refusal" data-testid="view-error">${view.trouble.value}</p>
    <${Picture} tab=${tab} view=${view} number=${number} />
    ${settings.viewType !== SINGLECHANNEL && html`<${SpectrumChoice} view=${view} number=${number} />`}
    <${Spectrum} view=${view} />
    ${settings.time === "history" && state !== "loaded" && html`<${Recordings} start=${settings.start} end=${settings.end} />`}
    ${editing &&
    html`<${ViewForm}
      settings=${settings}
      submit="Apply changes"
      onClose=${() => setEditing(false)}
      onSubmit=${async (changed) => {
        await view.change(changed);
        setEditing(false);
      }}
    />`}
  </section>`;
}

function Picture({ tab, view, number }) {
  const canvas = useRef(null);
  useEffect(() => {
    view.canvas = canvas.current;
    if (view.waterfall) view.waterfall.changed = true;
    return () => {
      if (view.canvas === canvas.current) view.canvas = null;
    };
  }, [view]);
  useEffect(() => {
    canvas.current.dataset.fps = view.fps.value;
  }, [view.fps.value]);

  view.drawn.value;
  const picture = view.waterfall;
  const single = view.settings.value.viewType === SINGLECHANNEL;
  const columns = !picture
    ? ""
    : single
      ? `${view.frequencies[0].toFixed(0)} to ${view.frequencies.at(-1).toFixed(0)} Hz`
      : `channels ${picture.firstColumn} to ${picture.firstColumn + picture.columns - 1}`;
  const shown = picture && picture.newestRow >= 0;
  const newest = shown ? view.timeOf(picture.newestRow) : 0;
  const span = picture ? picture.height * view.linesDt : 0;

  function place(column, line) {
    if (!picture) return;
    const inside = (value, size) => Math.min(size - 1, Math.max(0, value));
    view.cursor.value = { column: inside(column, picture.columns), line: inside(line, picture.height) };
    const time = view.timeOf(picture.rowOf(view.cursor.value.line));
    for (const other of together(tab, view)) if (other !== view) showTime(other, time);
  }

  function point(event) {
    const box = event.currentTarget.getBoundingClientRect();
    if (!picture || !box.width) return;
    place(Math.floor(((event.clientX - box.left) / box.width) * picture.columns), Math.floor(((event.clientY - box.top) / box.height) * picture.height));
  }

  function press(event) {
    const step = STEPS[event.key];
    if (!step || !picture) return;
    event.preventDefault();
    const { column, line } = view.cursor.value ?? { column: 0, line: 0 };
    const by = event.shiftKey ? FAST : 1;
    place(column + step[0] * by, line + step[1] * by);
  }

  return html`<div class="picture">
    <div class="times" aria-hidden=${shown ? null : "true"}>
      <span data-testid="axis-newest">${shown && clockMs(newest)}</span>
      <span data-testid="axis-y">${span ? `${span.toFixed(1)} s` : ""}</span>
      <span data-testid="axis-oldest">${shown && clockMs(newest - span * 1000)}</span>
    </div>
    <div class="surface">
      <canvas ref=${canvas} role="img" aria-label=${`Waterfall of view ${number}`} data-testid="waterfall" tabindex="0" width="1" height="1" data-rows="0" data-newest-row="-1" onPointerMove=${point} onKeyDown=${press}></canvas>
      ${view.lines.value && html`<div class="grid" data-testid="grid"></div>`}
      ${view.cursor.value && picture && html`<${Cross} cursor=${view.cursor.value} picture=${picture} />`}
    </div>
    <p class="axis"><span data-testid="axis-x">${columns}</span><span data-testid="cursor">${cursorText(view, single)}</span></p>
  </div>`;
}

function Cross({ cursor, picture }) {
  const place = (element) => {
    if (!element) return;
    element.style.left = `${((cursor.column + 0.5) / picture.columns) * 100}%`;
    element.style.top = `${((cursor.line + 0.5) / picture.height) * 100}%`;
  };
  return html`<div class="cross" ref=${place}></div>`;
}

function showTime(view, time) {
  const picture = view.waterfall;
  if (!picture) return;
  const line = picture.lineOf(Math.round((time - view.originMs) / (view.linesDt * 1000)));
  view.cursor.value = line < 0 ? null : { column: view.cursor.value?.column ?? 0, line };
}

function cursorText(view, single) {
  const picture = view.waterfall;
  if (!picture || !view.cursor.value || picture.newestRow < 0) return "";
  const { column, line } = view.cursor.value;
  if (column >= picture.columns || line >= picture.height) return "";
  const level = picture.levelAt(column, picture.rowOf(line));
  const where = single ? `${view.frequencies[column].toFixed(1)} Hz` : `channel ${picture.firstColumn + column}`;
  return `${where}, ${clockMs(view.timeOf(picture.rowOf(line)))}, ${level === null ? "no data" : `level ${level}`}`;
}

function SpectrumChoice({ view, number }) {
  const { first, last } = view.settings.value;
  const id = `spectrum-${number}`;
  function choose(event) {
    const channel = event.currentTarget.valueAsNumber;
    view.showSpectrum(channel >= first && channel <= last ? channel : null);
  }
  return html`<p class="tools">
    <label for=${id}>Spectrum channel</label>
    <input id=${id} data-testid="spectrum-channel" type="number" min=${first} max=${last} value=${view.spectrumChannel.value ?? ""} onChange=${choose} />
  </p>`;
}
