// Dialogs of the templates: the list of them, and the name of one.

import { Dialog } from "../dialog.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { titleOf } from "./settings.js";
import { GIVEN, add, all, duplicate, nameTrouble, own, read, remove } from "./templates.js";

export function TemplateList({ onUse, onEdit, onClose }) {
  useEffect(read, []);
  const given = new Set(GIVEN.map((one) => one.name));
  own.value;
  return html`<${Dialog} name="Templates" id="template-list" onClose=${onClose}>
    <button class="close" aria-label="Close" onClick=${onClose}>×</button>
    <ul aria-label="Templates" class="templates">
      ${all().map(
        ({ name, settings }) => html`<li key=${name} data-testid="template" data-name=${name} data-time=${settings.time}>
          <div><strong dir="auto">${name}</strong> <span class="soft">${titleOf(settings)}</span></div>
          <div class="buttons">
            <button aria-label=${`Use ${name}`} onClick=${() => onUse(settings)}>Use</button>
            ${!given.has(name) && html`<button aria-label=${`Edit ${name}`} onClick=${() => onEdit({ name, settings })}>Edit</button>`}
            <button aria-label=${`Duplicate ${name}`} onClick=${() => duplicate(name)}>Duplicate</button>
            ${!given.has(name) && html`<button aria-label=${`Delete ${name}`} onClick=${() => remove(name)}>Delete</button>`}
          </div>
        </li>`,
      )}
    </ul>
  <//>`;
}

export function TemplateName({ settings, onClose }) {
  const [name, setName] = useState("");
  const [trouble, setTrouble] = useState("");
  useEffect(read, []);

  function save(event) {
    event.preventDefault();
    event.stopPropagation();
    const wrong = nameTrouble(name);
    setTrouble(wrong);
    if (wrong) return;
    add(name, settings);
    onClose();
  }

  return html`<${Dialog} name="Save template" id="template-save" onClose=${onClose}>
    <form onSubmit=${save}>
      <div class="fields">
        <label for="template-name">Template name</label>
        <input id="template-name" data-testid="template-name" dir="auto" value=${name} onInput=${(event) => setName(event.currentTarget.value)} aria-invalid=${trouble ? "true" : null} aria-describedby="template-error" />
      </div>
      <p role="alert" id="template-error" class="refusal" data-testid="template-error">${trouble}</p>
      <div class="buttons">
        <button class="main" type="submit">Save</button>
        <button type="button" onClick=${onClose}>Cancel</button>
      </div>
    </form>
  <//>`;
}
