// Templates of views: settings with a name, kept by the station for each user.

import { API, call, user } from "../api.js";
import { defective, remember, remembered } from "../page.js";
import { signal } from "../vendor/preact.js";
import { DEFAULTS, SINGLECHANNEL } from "./settings.js";

// There for everybody; they cannot be changed.
export const GIVEN = [
  { name: "Live MultiChannel", settings: DEFAULTS },
  { name: "Live SingleChannel", settings: { ...DEFAULTS, viewType: SINGLECHANNEL, last: DEFAULTS.first } },
  { name: "History MultiChannel", settings: { ...DEFAULTS, time: "history" } },
];

export const own = signal([]);
const place = () => `templates.${user.value.username}`;

// Times belong to a moment, not to a template.
const timeless = (settings) => ({ ...settings, start: null, end: null });
const whole = (template) => ({ ...template, settings: { ...template.settings, start: NaN, end: NaN } });

export function read() {
  own.value = remembered(place(), []).map(whole);
  if (!defective("page-templates-shared")) return;
  call("GET", `${API}/page-template`).then((found) => (own.value = found.map(whole)), () => {});
}

function keep(templates) {
  own.value = templates;
  remember(place(), templates.map(({ name, settings }) => ({ name, settings: timeless(settings) })));
  if (!defective("page-templates-shared")) return;
  call("POST", `${API}/page-template`, { templates: templates.map(({ name, settings }) => ({ name, settings: timeless(settings) })) }).catch(() => {});
}

export const all = () => [...GIVEN, ...own.value];

// "" for a good name, else why it is none. `before`: the name that the template has now.
export function nameTrouble(name, before = "") {
  if (!name.trim()) return "A template needs a name.";
  const taken = all().some((one) => one.name === name.trim() && one.name !== before);
  return taken ? `There is a template named ${name.trim()} already.` : "";
}

export const add = (name, settings) => keep([...own.value, { name: name.trim(), settings }]);
export const remove = (name) => keep(own.value.filter((one) => one.name !== name));
export const replace = (before, name, settings) => keep(own.value.map((one) => (one.name === before ? { name: name.trim(), settings } : one)));

export function duplicate(name) {
  const found = all().find((one) => one.name === name);
  let number = 2;
  while (nameTrouble(`${name} (${number})`)) number++;
  add(`${name} (${number})`, found.settings);
}
