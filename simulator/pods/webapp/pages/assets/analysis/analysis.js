// The analyses: tabs of views, side by side where the operator splits the screen.

import { say } from "../notice.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { load } from "./saved.js";
import { DEFAULTS } from "./settings.js";
import { addView, besideId, chosen, chosenId, closeTab, hasRoom, maximizedId, moveTab, newTab, openView, tabs } from "./tabs.js";
import { TemplateList } from "./template_dialogs.js";
import { replace } from "./templates.js";
import { ViewForm } from "./view_form.js";
import { ViewPanel } from "./view_panel.js";

export function Analysis() {
  const [full, setFull] = useState(Boolean(document.fullscreenElement));
  useEffect(() => {
    if (!tabs.value.length) newTab();
    const turned = () => setFull(Boolean(document.fullscreenElement));
    document.addEventListener("fullscreenchange", turned);
    return () => document.removeEventListener("fullscreenchange", turned);
  }, []);

  const tab = chosen.value;
  const others = tabs.value.filter((one) => one !== tab);
  const shown = maximizedId.value ? [maximizedId.value] : [chosenId.value, besideId.value];

  function split() {
    if (besideId.value) besideId.value = "";
    else besideId.value = (others[0] ?? newBeside()).id;
  }

  function newBeside() {
    const here = chosenId.value;
    const made = newTab();
    chosenId.value = here;
    return made;
  }

  function fullScreen() {
    const done = full ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    done.catch(() => say("The browser does not allow the full screen."));
  }

  return html`<main class="analysis" data-view="analysis" data-ready=${String(Boolean(tab))}>
    <h1 class="unseen">Analysis</h1>
    <div class="bar">
      <${TabList} />
      <button data-testid="new-tab" onClick=${() => newTab()}>New tab</button>
      ${tab &&
      html`<label class="unseen" for="tab-name">Tab name</label>
        <input id="tab-name" data-testid="tab-name" dir="auto" value=${tab.name.value} onInput=${(event) => (tab.name.value = event.currentTarget.value)} />
        <button data-testid="move-left" disabled=${tabs.value[0] === tab} onClick=${() => moveTab(tab, -1)}>Move tab left</button>
        <button data-testid="move-right" disabled=${tabs.value.at(-1) === tab} onClick=${() => moveTab(tab, 1)}>Move tab right</button>
        <button data-testid="close-tab" onClick=${() => closeTab(tab)}>Close tab</button>`}
      <button data-testid="split" aria-pressed=${String(Boolean(besideId.value))} onClick=${split}>Split</button>
      ${besideId.value &&
      html`<label class="unseen" for="split-beside">Beside</label>
        <select id="split-beside" data-testid="split-beside" onChange=${(event) => (besideId.value = event.currentTarget.value)}>
          ${others.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === besideId.value}>${one.name.value}</option>`)}
        </select>
        <button data-testid="maximize" aria-pressed=${String(Boolean(maximizedId.value))} onClick=${() => (maximizedId.value = maximizedId.value ? "" : chosenId.value)}>
          Maximize
        </button>`}
      <button data-testid="full-screen" aria-pressed=${String(full)} onClick=${fullScreen}>Full screen</button>
    </div>
    <div class="panels">
      ${tabs.value.map((one) => html`<${TabPanel} key=${one.id} tab=${one} shown=${shown.includes(one.id)} />`)}
    </div>
  </main>`;
}

const KEYS = { ArrowLeft: -1, ArrowRight: 1 };

function TabList() {
  const list = useRef(null);
  function press(event) {
    const by = KEYS[event.key] * (document.documentElement.dir === "rtl" ? -1 : 1);
    if (!by) return;
    event.preventDefault();
    const all = tabs.value;
    const next = all[(all.findIndex((one) => one.id === chosenId.value) + by + all.length) % all.length];
    chosenId.value = next.id;
    list.current.querySelector(`#tab-${next.id}`)?.focus();
  }
  return html`<div role="tablist" aria-label="Analyses" ref=${list} onKeyDown=${press}>
    ${tabs.value.map(
      (one) => html`<button
        key=${one.id}
        role="tab"
        id=${`tab-${one.id}`}
        data-testid="analysis-tab"
        aria-selected=${String(one.id === chosenId.value)}
        aria-controls=${`panel-${one.id}`}
        tabindex=${one.id === chosenId.value ? 0 : -1}
        dir="auto"
        onClick=${() => (chosenId.value = one.id)}
      >
        ${one.name.value}
      </button>`,
    )}
  </div>`;
}

function TabPanel({ tab, shown }) {
  const [form, setForm] = useState(null);
  const [listing, setListing] = useState(false);
  const file = useRef(null);

  function open(settings) {
    if (hasRoom(tab)) setForm({ settings });
  }

  async function read(event) {
    const [chosenFile] = event.currentTarget.files;
    event.currentTarget.value = "";
    if (!chosenFile || !hasRoom(tab)) return;
    try {
      addView(tab, load(await chosenFile.text()));
    } catch (wrong) {
      say(wrong.message);
    }
  }

  return html`<div role="tabpanel" id=${`panel-${tab.id}`} aria-labelledby=${`tab-${tab.id}`} data-testid="analysis-panel" data-tab=${tab.id} hidden=${!shown}>
    <div class="tools">
      <button class="main" data-testid="new-view" onClick=${() => open(recent(DEFAULTS))}>New view</button>
      <button data-testid="templates" onClick=${() => setListing(true)}>Templates</button>
      <button data-testid="load-data" onClick=${() => file.current.click()}>Load data</button>
      <input ref=${file} type="file" accept="application/json" data-testid="load-file" aria-label="File with a saved view" class="unseen" tabindex="-1" onChange=${read} />
      <button data-testid="synchronous" aria-pressed=${String(tab.synchronous.value)} onClick=${() => (tab.synchronous.value = !tab.synchronous.value)}>Synchronous</button>
    </div>
    ${!tab.views.value.length && html`<p class="soft">No views yet.</p>`}
    <div class="views">
      ${tab.views.value.map((view, index) => html`<${ViewPanel} key=${keyOf(view)} tab=${tab} view=${view} number=${index + 1} />`)}
    </div>
    ${listing &&
    html`<${TemplateList}
      onClose=${() => setListing(false)}
      onUse=${(settings) => {
        setListing(false);
        open(recent(settings));
      }}
      onEdit=${(template) => {
        setListing(false);
        setForm({ settings: template.settings, template: template.name });
      }}
    />`}
    ${form &&
    html`<${ViewForm}
      settings=${form.settings}
      template=${form.template}
      submit=${form.template === undefined ? "Open view" : "Save template"}
      onClose=${() => setForm(null)}
      onSubmit=${async (settings, name) => {
        if (form.template === undefined) await openView(tab, settings);
        else replace(form.template, name, settings);
        setForm(null);
      }}
    />`}
  </div>`;
}

const keys = new WeakMap();
let lastKey = 0;
function keyOf(view) {
  if (!keys.has(view)) keys.set(view, ++lastKey);
  return keys.get(view);
}

const MINUTE_MS = 60000;
// The times that a form begins with: the last whole minute but one.
function recent(settings) {
  const end = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  return { ...settings, start: end - MINUTE_MS, end };
}
