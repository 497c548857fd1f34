// A new analysis from an alert: a template's view, moved to the place and the time of the alert.

import { channelAt, HIGHEST_CHANNEL } from "../fibre.js";
import { defective } from "../page.js";
import { go } from "../route.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { asField, fromField } from "../words.js";
import { newTab, openView, tabs } from "./tabs.js";
import { all, own, read } from "./templates.js";

// Before its start; what led to an alert lies there.
const BEFORE_MS = 30000;
const SECOND_MS = 1000;

export function around(settings, alert) {
  if (defective("page-alert-place-ignored")) return settings;
  const span = settings.last - settings.first;
  const first = Math.min(Math.max(1, channelAt(alert.distance_m) - Math.floor(span / 2)), HIGHEST_CHANNEL - span);
  return { ...settings, first, last: first + span };
}

// From the end on, or from now on while the alert is open: nothing is recorded in the future.
export function timesOf(alert, now) {
  const wholeSecond = (time) => Math.floor(time / SECOND_MS) * SECOND_MS;
  return { start: wholeSecond(new Date(alert.start_time).getTime() - BEFORE_MS), end: wholeSecond(Math.min(new Date(alert.end_time).getTime(), now)) };
}

export function AnalyseForm({ alert, onClose }) {
  const [name, setName] = useState(all()[0].name);
  const [times, setTimes] = useState(() => timesOf(alert, Date.now()));
  const [refusal, setRefusal] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(read, []);
  own.value;
  const template = all().find((one) => one.name === name) ?? all()[0];
  const historic = template.settings.time === "history";

  async function open(event) {
    event.preventDefault();
    setRefusal("");
    setBusy(true);
    const tab = tabs.value.length === 1 && !tabs.value[0].views.value.length ? tabs.value[0] : newTab();
    const chosen = defective("page-alert-times-ignored") ? timesOf(alert, Date.now()) : times;
    const settings = { ...around(template.settings, alert), ...(historic ? chosen : {}) };
    try {
      if (!tab) throw new Error("Close a tab first.");
      await openView(tab, settings);
      tab.name.value = `Alert ${alert.ext_id}`;
      go("/analysis");
    } catch (refused) {
      setRefusal(refused.message);
      setBusy(false);
    }
  }

  const time = (field, label) => html`<label for=${`analyse-${field}`}>${label}</label>
    <input id=${`analyse-${field}`} data-testid=${`analyse-${field}`} type="datetime-local" step="1" value=${asField(times[field])} onInput=${(event) => setTimes({ ...times, [field]: fromField(event.currentTarget.value) })} />`;

  return html`<form role="group" aria-label=${`Analyse alert ${alert.ext_id}`} class="analyse" data-testid="analyse-form" onSubmit=${open}>
    <div class="fields">
      <label for="analyse-template">Template</label>
      <select id="analyse-template" data-testid="analyse-template" onChange=${(event) => setName(event.currentTarget.value)}>
        ${all().map((one) => html`<option key=${one.name} value=${one.name} selected=${one.name === template.name}>${one.name}</option>`)}
      </select>
      ${historic && html`${time("start", "From")} ${time("end", "To")}`}
    </div>
    <p role="alert" class="refusal">${refusal}</p>
    <div class="buttons">
      <button class="main" type="submit" data-testid="open-analysis" disabled=${busy}>Open analysis</button>
      <button type="button" data-testid="cancel-analysis" onClick=${onClose}>Cancel analysis</button>
    </div>
  </form>`;
}
