// The sidebar of one alert: values, review, notes, and the way to an analysis.

import { AnalyseForm } from "../analysis/from_alert.js";
import { API, call, may } from "../api.js";
import { channelAt } from "../fibre.js";
import { say } from "../notice.js";
import { defective } from "../page.js";
import { follow } from "../route.js";
import { html, useState } from "../vendor/preact.js";
import { metres, moment, typeOf } from "../words.js";
import { Severity, Time } from "./marks.js";
import { anyOpen, useLoaded } from "./store.js";

const REVIEWS = ["new", "in review", "confirmed", "false alarm"];
const LONGEST_NOTE = 2000;

export function Details({ id, onClose, onMap = false }) {
  const [analysing, setAnalysing] = useState(false);
  const [refusal, setRefusal] = useState("");
  const found = useLoaded(`/alert?withReview=true&alertIds=${encodeURIComponent(id)}`, (answer) => anyOpen(answer.alerts));
  const alert = found?.alerts.find((one) => one.ext_id === id);
  const mayChange = may("alerts") || defective("page-role-may-change");

  async function setReview(event) {
    setRefusal("");
    try {
      await call("POST", `${API}/alert/review`, { alertId: id, review: event.currentTarget.value });
      say("Review saved.");
    } catch (refused) {
      setRefusal(refused.message);
    }
  }

  const value = (name, testId, content) => html`<dt>${name}</dt>
    <dd data-testid=${testId} dir="auto">${content}</dd>`;

  return html`<aside aria-label=${`Alert ${id}`} class="details" data-testid="alert-details">
    <button class="close" aria-label="Close details" onClick=${onClose}>×</button>
    <h2>Alert</h2>
    ${found && !alert && html`<p role="status">There is no such alert.</p>`}
    ${alert &&
    html`<dl>
        ${value("ID", "details-id", alert.ext_id)} ${value("Type", "details-type", typeOf(alert.class_id))}
        ${value("Severity", "details-severity", html`<${Severity} severity=${alert.severity} />`)}
        ${value("Distance", "details-distance", metres(alert.distance_m))}
        ${value("Channel", "details-channel", channelAt(alert.distance_m))}
        ${value("Start", "details-start", html`<${Time} time=${alert.start_time} />`)}
        ${value("End", "details-end", html`<${Time} time=${alert.end_time} />`)}
        ${value("Status", "details-status", alert.status)}
      </dl>
      <label for="review">Review</label>
      <select id="review" data-testid="review" disabled=${!mayChange} onChange=${setReview}>
        ${REVIEWS.map((one) => html`<option key=${one} value=${one} selected=${one === alert.review}>${one}</option>`)}
      </select>
      <p role="alert" class="refusal">${refusal}</p>
      <p class="buttons">
        ${onMap
          ? html`<a class="button" data-testid="show-in-journal" href=${`/investigations?alert=${encodeURIComponent(id)}`} onClick=${follow}>Show in journal</a>`
          : html`<a class="button" data-testid="show-on-map" href=${`/liveView?alert=${encodeURIComponent(id)}`} onClick=${follow}>Show on map</a>`}
        <button data-testid="analyse" aria-expanded=${String(analysing)} onClick=${() => setAnalysing(!analysing)}>Analyse</button>
      </p>
      ${analysing && html`<${AnalyseForm} alert=${alert} onClose=${() => setAnalysing(false)} />`}
      <${Notes} id=${id} mayChange=${mayChange} />`}
  </aside>`;
}

function Notes({ id, mayChange }) {
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState("");
  const answer = useLoaded(`/note?alertId=${encodeURIComponent(id)}`, () => false);
  const notes = answer?.notes ?? [];

  async function save(event) {
    event.preventDefault();
    setRefusal("");
    try {
      await call("POST", `${API}/note`, { alertId: id, text });
      setText("");
      say("Note saved.");
    } catch (refused) {
      setRefusal(refused.message);
    }
  }

  function cancel() {
    setText("");
    setRefusal("");
  }

  return html`<h3 id="notes-heading">Notes</h3>
    <ul aria-labelledby="notes-heading" data-testid="notes" class="notes">
      ${notes.map(
        (note) => html`<li key=${note.id} data-testid="note">
          <p data-testid="note-text" dir="auto">${shown(note.text)}</p>
          <p class="by"><span data-testid="note-author">${note.author}</span> <time data-testid="note-time" dir="ltr" datetime=${note.time}>${moment(note.time)}</time></p>
        </li>`,
      )}
    </ul>
    <form onSubmit=${save} class="new-note">
      <label for="note-input">New note</label>
      <textarea
        id="note-input"
        data-testid="note-input"
        dir="auto"
        rows="3"
        maxlength=${LONGEST_NOTE}
        disabled=${!mayChange}
        value=${text}
        onInput=${(event) => setText(event.currentTarget.value)}
      ></textarea>
      <p role="alert" class="refusal" data-testid="note-error">${refusal}</p>
      <div class="buttons">
        <button class="main" type="submit" data-testid="save-note" disabled=${!mayChange || !text.trim()}>Save note</button>
        <button type="button" data-testid="cancel-note" disabled=${!mayChange || !text} onClick=${cancel}>Cancel note</button>
      </div>
    </form>`;
}

const HEBREW = /[\u0590-\u05ff]/g;
const shown = (text) => (defective("page-hebrew-mangled") ? text.replace(HEBREW, "?") : text);
