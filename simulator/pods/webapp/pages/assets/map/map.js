// The map of the fibre: open alerts and reference lines at their places, zoom and pan.

import { Details } from "../alerts/details.js";
import { anyOpen, useLoaded } from "../alerts/store.js";
import { FIBRE_METRES } from "../fibre.js";
import { defective } from "../page.js";
import { go, place } from "../route.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { metres, severityOf, typeOf } from "../words.js";
import { useFibreState } from "./fibre_state.js";
import { ReferenceLines, useLines } from "./reference_lines.js";

const WIDTH = 1000;
const HEIGHT = 300;
const MARGIN = 20;
const FIBRE_Y = 190;
const SWING = 18;
const MOST_ZOOM = 32;
const TICKS = 10;
const ROUND = [1, 2, 5, 10];
// How many balloons stand above each other where they would cover one another.
const LEVELS = 4;
const BALLOON_WIDTH = 26;
const STATES = { lost: "The fibre is lost: nothing is measured.", waiting: "Waiting for the fibre." };

export function FibreMap() {
  const [view, setView] = useState({ zoom: 1, from: 0 });
  const answer = useLoaded("/alert?isLive=true&orderBy=distance&orderByDirection=asc", (found) => anyOpen(found.alerts));
  const lines = useLines();
  const state = useFibreState();
  const drag = useRef(null);
  const drawing = useRef(null);
  const selected = place.value.query.get("alert");

  const span = FIBRE_METRES / view.zoom;
  const to = view.from + span;
  const x = (distance) => MARGIN + ((distance - view.from) / span) * (WIDTH - 2 * MARGIN);
  const y = (distance) => FIBRE_Y + SWING * Math.sin((distance / FIBRE_METRES) * 4 * Math.PI);
  const inside = (distance) => distance >= view.from - 1e-6 && distance <= to + 1e-6;

  // What is in the middle, or at `at` metres, stays where it is.
  function zoomTo(zoom, at = view.from + span / 2) {
    const next = Math.min(MOST_ZOOM, Math.max(1, zoom));
    const part = (at - view.from) / span;
    setView({ zoom: next, from: within(at - part * (FIBRE_METRES / next), next) });
  }
  const pan = (distance) => setView((now) => ({ ...now, from: within(now.from + distance, now.zoom) }));

  const keys = {
    "+": () => zoomTo(view.zoom * 2),
    "=": () => zoomTo(view.zoom * 2),
    "-": () => zoomTo(view.zoom / 2),
    0: () => zoomTo(1),
    ArrowLeft: () => pan(-span / 10),
    ArrowRight: () => pan(span / 10),
  };

  function press(event) {
    if (event.target.closest("[data-testid=balloon]") && event.key === "Enter") return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  const metresPerPixel = () => (span / (drawing.current.getBoundingClientRect().width || 1)) * (WIDTH / (WIDTH - 2 * MARGIN));

  useEffect(() => {
    const element = drawing.current;
    function turn(event) {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const at = view.from + (((event.clientX - box.left) / box.width) * WIDTH - MARGIN) * (span / (WIDTH - 2 * MARGIN));
      zoomTo(event.deltaY < 0 ? view.zoom * 2 : view.zoom / 2, Math.min(to, Math.max(view.from, at)));
    }
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  });

  const alerts = (answer?.alerts ?? []).filter((alert) => inside(alert.distance_m));
  const path = Array.from({ length: 101 }, (_, index) => view.from + (span * index) / 100)
    .map((distance, index) => `${index ? "L" : "M"}${x(distance).toFixed(1)} ${y(distance).toFixed(1)}`)
    .join("");
  const step = tickStep(span);
  const ticks = Array.from({ length: Math.floor(to / step) - Math.ceil(view.from / step) + 1 }, (_, index) => (Math.ceil(view.from / step) + index) * step);
  const known = state !== "unknown";

  return html`<main class="map" data-view="map" data-ready=${String(answer !== null && lines !== null && known)}>
    <section aria-label="Map">
      <div class="tools">
        <h1>Map</h1>
        <button data-testid="zoom-in" disabled=${view.zoom >= MOST_ZOOM} onClick=${() => zoomTo(view.zoom * 2)}>Zoom in</button>
        <button data-testid="zoom-out" disabled=${view.zoom <= 1} onClick=${() => zoomTo(view.zoom / 2)}>Zoom out</button>
        <button data-testid="zoom-reset" disabled=${view.zoom <= 1} onClick=${() => zoomTo(1)}>Whole fibre</button>
        <p class="soft" dir="ltr">${Math.round(view.from)} to ${Math.round(to)} m</p>
        <p role="alert" class=${STATES[state] ? "lost" : ""} data-testid="fibre-alert">${STATES[state]}</p>
      </div>
      <svg
        ref=${drawing}
        role="group"
        aria-label="Map of the fibre"
        data-testid="fibre-map"
        data-zoom=${view.zoom}
        data-from=${Math.round(view.from)}
        data-to=${Math.round(to)}
        data-fibre=${state}
        tabindex="0"
        viewBox=${`0 0 ${WIDTH} ${HEIGHT}`}
        onKeyDown=${press}
        onPointerDown=${(event) => (drag.current = event.clientX)}
        onPointerMove=${(event) => {
          if (drag.current === null || !event.buttons) return;
          pan((drag.current - event.clientX) * metresPerPixel());
          drag.current = event.clientX;
        }}
        onPointerUp=${() => (drag.current = null)}
      >
        <path class=${`fibre ${state}`} d=${path} />
        ${ticks.map((tick) => html`<g key=${`tick ${tick}`} class="tick"><line x1=${x(tick)} x2=${x(tick)} y1=${HEIGHT - 46} y2=${HEIGHT - 38} /><text x=${x(tick)} y=${HEIGHT - 22}>${metres(tick)}</text></g>`)}
        ${(lines ?? []).filter((line) => inside(line.distance_m)).map(
          (line) => html`<g key=${`line ${line.id}`} class="reference" data-testid="reference-line" data-name=${line.name} data-metres=${line.distance_m} data-x=${x(line.distance_m).toFixed(2)}>
            <line x1=${x(line.distance_m)} x2=${x(line.distance_m)} y1="20" y2=${HEIGHT - 50} />
            <text x=${x(line.distance_m)} y="14">${line.name}</text>
          </g>`,
        )}
        ${stacked(alerts, x).map(
          ({ alert, level }, number) => html`<${Balloon} key=${`${number} ${alert.ext_id}`} alert=${alert} x=${x(alert.distance_m + aside())} y=${y(alert.distance_m)} level=${level} selected=${selected === alert.ext_id} />`,
        )}
      </svg>
      <${ReferenceLines} lines=${lines ?? []} />
    </section>
    ${selected && html`<${Details} key=${selected} id=${selected} onMap onClose=${() => go("/liveView")} />`}
  </main>`;
}

const aside = () => (defective("page-balloon-misplaced") ? 300 : 0);

const within = (from, zoom) => Math.min(FIBRE_METRES - FIBRE_METRES / zoom, Math.max(0, from));

function tickStep(span) {
  const power = 10 ** Math.floor(Math.log10(span / TICKS));
  return Math.max(1, ROUND.map((one) => one * power).find((one) => span / one <= TICKS));
}

// Balloons from left to right, each on the lowest level where it covers no other.
function stacked(alerts, x) {
  const ends = Array(LEVELS).fill(-Infinity);
  return alerts.map((alert) => {
    const at = x(alert.distance_m);
    const free = ends.findIndex((end) => end < at);
    const level = free < 0 ? LEVELS - 1 : free;
    ends[level] = at + BALLOON_WIDTH;
    return { alert, level };
  });
}

function Balloon({ alert, x, y, level, selected }) {
  const select = () => go(`/liveView?alert=${encodeURIComponent(alert.ext_id)}`);
  const name = `${typeOf(alert.class_id)} alert ${alert.ext_id}, ${severityOf(alert.severity)}, ${metres(alert.distance_m)}`;
  const top = y - 22 - level * 32;
  return html`<g
    role="button"
    tabindex="0"
    aria-label=${name}
    aria-pressed=${String(selected)}
    class=${`balloon s${alert.severity}`}
    data-testid="balloon"
    data-alert-id=${alert.ext_id}
    data-metres=${alert.distance_m}
    data-x=${x.toFixed(2)}
    data-severity=${alert.severity}
    onClick=${select}
    onKeyDown=${(event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      select();
    }}
  >
    <title>${name}</title>
    <line x1=${x} x2=${x} y1=${y} y2=${top} />
    <circle cx=${x} cy=${top} r="12" />
    <text x=${x} y=${top + 4}>${typeOf(alert.class_id)}</text>
  </g>`;
}
