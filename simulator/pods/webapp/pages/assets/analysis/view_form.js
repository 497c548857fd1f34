// The form of a view's settings. What the server refuses stands beside the field that it names.

import { Dialog } from "../dialog.js";
import { defective } from "../page.js";
import { html, useState } from "../vendor/preact.js";
import { asField, fromField } from "../words.js";
import { Recordings } from "./recordings.js";
import { TYPES, refusals } from "./settings.js";
import { TemplateName } from "./template_dialogs.js";
import { nameTrouble } from "./templates.js";

const NUMBERS = [
  ["first", "First channel"],
  ["last", "Last channel"],
  ["nfft", "NFFT"],
  ["low", "Lowest frequency [Hz]"],
  ["high", "Highest frequency [Hz]"],
  ["duration", "Duration [s]"],
  ["rows", "Rows"],
];

// `onSubmit(settings, name)` raises Refused for what the server does not take. template: the name of one that is edited.
export function ViewForm({ settings, submit, template, onSubmit, onClose }) {
  const [chosen, setChosen] = useState(settings);
  const [name, setName] = useState(template ?? "");
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState(false);
  const [saving, setSaving] = useState(false);
  const isTemplate = template !== undefined;
  const historic = chosen.time === "history";

  async function send(event) {
    event.preventDefault();
    setErrors({});
    if (isTemplate && nameTrouble(name, template)) {
      setErrors({ name: nameTrouble(name, template) });
      return;
    }
    setBusy(true);
    try {
      await onSubmit(chosen, name);
    } catch (refused) {
      if (!refused.body) throw refused;
      if (!defective("page-refusal-hidden")) setErrors(refusals(refused));
      setBusy(false);
    }
  }

  const error = (field) => html`<span id=${`error-${field}`} class="refusal" data-testid=${`error-${field}`}>${errors[field]}</span>`;
  const said = (field) => ({ "aria-invalid": errors[field] ? "true" : null, "aria-describedby": `error-${field}` });
  const set = (field, value) => setChosen({ ...chosen, [field]: value });
  const choice = (field, id, label, options, read) => html`<label for=${`field-${id}`}>${label}</label>
    <span>
      <select id=${`field-${id}`} data-testid=${`field-${id}`} ...${said(id)} onChange=${(event) => set(field, read(event.currentTarget.value))}>
        ${options.map(([value, text]) => html`<option key=${value} value=${String(value)} selected=${String(chosen[field]) === String(value)}>${text}</option>`)}
      </select>
      ${error(id)}
    </span>`;
  const time = (field, label) => html`<label for=${`field-${field}`}>${label}</label>
    <span>
      <input
        id=${`field-${field}`}
        data-testid=${`field-${field}`}
        type="datetime-local"
        step="1"
        value=${Number.isNaN(chosen[field]) ? "" : asField(chosen[field])}
        ...${said(field)}
        onInput=${(event) => set(field, fromField(event.currentTarget.value))}
      />
      ${error(field)}
    </span>`;

  return html`<${Dialog} name=${isTemplate ? "Edit template" : "View settings"} id="view-form" onClose=${onClose}>
    <button class="close" aria-label="Close" onClick=${onClose}>×</button>
    <form onSubmit=${send} novalidate>
      <div class="fields form">
        ${isTemplate &&
        html`<label for="field-name">Template name</label>
          <span><input id="field-name" data-testid="field-name" dir="auto" value=${name} ...${said("name")} onInput=${(event) => setName(event.currentTarget.value)} /> ${error("name")}</span>`}
        ${choice("viewType", "view-type", "View type", Object.entries(TYPES), Number)}
        ${choice("time", "time", "Time", [["live", "Live"], ["history", "History"]], String)}
        ${historic && !isTemplate && html`${time("start", "From")} ${time("end", "To")}`}
        ${NUMBERS.map(
          ([field, label]) => html`<label key=${`label ${field}`} for=${`field-${field}`}>${label}</label>
            <span key=${field}>
              <input
                id=${`field-${field}`}
                data-testid=${`field-${field}`}
                type="number"
                step="any"
                value=${chosen[field]}
                ...${said(field)}
                onInput=${(event) => set(field, event.currentTarget.valueAsNumber)}
              />
              ${error(field)}
            </span>`,
        )}
      </div>
      ${historic && !isTemplate && html`<${Recordings} start=${chosen.start} end=${chosen.end} />`}
      <p role="alert" class="refusal" data-testid="form-error">${errors[""]}</p>
      <div class="buttons">
        <button class="main" type="submit" data-testid="submit-view" disabled=${busy}>${submit}</button>
        ${!isTemplate && html`<button type="button" data-testid="save-template" onClick=${() => setSaving(true)}>Save as template</button>`}
        <button type="button" data-testid="cancel-view" onClick=${onClose}>Cancel</button>
      </div>
    </form>
    ${saving && html`<${TemplateName} settings=${chosen} onClose=${() => setSaving(false)} />`}
  <//>`;
}
