// The dialog that chooses which alerts are shown.

import { API, call } from "../api.js";
import { Dialog } from "../dialog.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { asField, fromField, severityOf, typeOf } from "../words.js";
import { EVERYTHING, filterQuery } from "./store.js";

const capital = (word) => word[0].toUpperCase() + word.slice(1);

export function FilterDialog({ filter, onApply, onClose }) {
  const [chosen, setChosen] = useState(filter);
  const [refusal, setRefusal] = useState("");
  const [regions, setRegions] = useState([]);

  useEffect(() => {
    call("GET", `${API}/region?withGeneral=false`).then(setRegions, () => {});
  }, []);

  function choose(part, value, is) {
    const kept = EVERYTHING[part].filter((one) => (one === value ? is : chosen[part].includes(one)));
    setChosen({ ...chosen, [part]: kept });
  }

  async function apply(event) {
    event.preventDefault();
    const empty = [["classes", "type"], ["severities", "severity"], ["states", "status"]].find(([part]) => !chosen[part].length);
    if (empty) {
      setRefusal(`Choose at least one ${empty[1]}.`);
      return;
    }
    try {
      await call("GET", `${API}/alert/get-alert-status?${filterQuery(chosen)}`);
      onApply(JSON.stringify(chosen) === JSON.stringify(EVERYTHING) ? EVERYTHING : chosen);
    } catch (refused) {
      setRefusal(refused.message);
    }
  }

  const box = (part, value, name) => html`<label>
    <input type="checkbox" checked=${chosen[part].includes(value)} onChange=${(event) => choose(part, value, event.currentTarget.checked)} />
    ${name}
  </label>`;
  const time = (part, name) => html`<label for=${`filter-${part}`}>${name}</label>
    <input
      id=${`filter-${part}`}
      data-testid=${`filter-${part}`}
      type="datetime-local"
      step="1"
      value=${Number.isNaN(chosen[part]) ? "" : asField(chosen[part])}
      onInput=${(event) => setChosen({ ...chosen, [part]: fromField(event.currentTarget.value) })}
    />`;

  return html`<${Dialog} name="Filter alerts" id="filter-dialog" onClose=${onClose}>
    <button class="close" aria-label="Close" onClick=${onClose}>×</button>
    <form onSubmit=${apply}>
      <fieldset>
        <legend>Type</legend>
        ${[103, 104].map((one) => box("classes", one, typeOf(one)))}
      </fieldset>
      <fieldset>
        <legend>Severity</legend>
        ${[1, 2, 3].map((one) => box("severities", one, capital(severityOf(one))))}
      </fieldset>
      <fieldset>
        <legend>Status</legend>
        ${["open", "closed"].map((one) => box("states", one, capital(one)))}
      </fieldset>
      <div class="fields">
        <label for="filter-region">Region</label>
        <select id="filter-region" data-testid="filter-region" onChange=${(event) => setChosen({ ...chosen, region: event.currentTarget.value })}>
          <option value="" selected=${!chosen.region}>Whole fibre</option>
          ${regions.map((one) => html`<option key=${one.id} value=${String(one.id)} selected=${chosen.region === String(one.id)}>${one.name}</option>`)}
        </select>
        ${time("from", "From")} ${time("to", "To")}
      </div>
      <p role="alert" class="refusal" data-testid="filter-error">${refusal}</p>
      <div class="buttons">
        <button class="main" type="submit">Apply</button>
        <button type="button" onClick=${() => setChosen(EVERYTHING)}>Reset</button>
        <button type="button" onClick=${onClose}>Cancel</button>
      </div>
    </form>
  <//>`;
}
