// The tabs of the analyses and their views; they live on while another page of the site is shown.

import { user } from "../api.js";
import { say } from "../notice.js";
import { defective } from "../page.js";
import { computed, effect, signal } from "../vendor/preact.js";
import { View, endJobNow } from "./view.js";

export const MOST_TABS = 10;
export const MOST_VIEWS = 4;

class Tab {
  static number = 0;

  constructor(name) {
    Tab.number += 1;
    this.id = `analysis-${Tab.number}`;
    this.name = signal(name ?? `Analysis ${Tab.number}`);
    this.views = signal([]);
    this.synchronous = signal(false);
    this.tick = 0;
    this.time = 0;
  }
}

export const tabs = signal([]);
export const chosenId = signal("");
// The second tab of a split screen, and which of the two fills the screen ("" for none).
export const besideId = signal("");
export const maximizedId = signal("");
export const chosen = computed(() => tabs.value.find((tab) => tab.id === chosenId.value));

effect(() => {
  if (tabs.value.length && !chosen.value) chosenId.value = tabs.value[0].id;
  if (!tabs.value.some((tab) => tab.id === besideId.value) || besideId.value === chosenId.value) besideId.value = "";
  if (maximizedId.value && ![chosenId.value, besideId.value].includes(maximizedId.value)) maximizedId.value = "";
});

// The new tab, null where there are as many as there may be.
export function newTab(name) {
  if (tabs.value.length >= MOST_TABS) {
    say(`There are at most ${MOST_TABS} tabs.`);
    return null;
  }
  const tab = new Tab(name);
  tabs.value = [...tabs.value, tab];
  chosenId.value = tab.id;
  return tab;
}

export function closeTab(tab) {
  for (const view of tab.views.value) view.close();
  const at = tabs.value.indexOf(tab);
  const left = tabs.value.filter((one) => one !== tab);
  if (tab.id === chosenId.value) chosenId.value = left[Math.min(at, left.length - 1)]?.id ?? "";
  tabs.value = left;
  if (!left.length) newTab();
}

export function moveTab(tab, by) {
  const order = [...tabs.value];
  const at = order.indexOf(tab);
  const to = at + by;
  if (to < 0 || to >= order.length) return;
  order.splice(at, 1);
  order.splice(to, 0, tab);
  if (defective("page-move-closes-views")) for (const view of tab.views.value) closeView(tab, view);
  tabs.value = order;
}

// Whether there is room for another view; says so where there is none.
export function hasRoom(tab) {
  if (tab.views.value.length < MOST_VIEWS) return true;
  say(`A tab holds at most ${MOST_VIEWS} views.`);
  return false;
}

// Raises Refused; then the tab stays as it is.
export async function openView(tab, settings) {
  const view = new View(settings);
  try {
    await view.start();
  } catch (refused) {
    view.close();
    throw refused;
  }
  addView(tab, view);
  return view;
}

export function addView(tab, view) {
  view.limit = (tick) => sharedTime(tab, view, tick);
  tab.views.value = [...tab.views.value, view];
}

export function closeView(tab, view) {
  view.close();
  tab.views.value = tab.views.value.filter((one) => one !== view);
}

const SHOWING = new Set(["starting", "running", "paused", "lost"]);

// The views that move together with one: the historic ones of a synchronous tab, itself among them.
export function together(tab, view) {
  if (!tab.synchronous.value || !view.historic) return [view];
  return tab.views.value.filter((one) => one.historic && (one === view || SHOWING.has(one.state.value)));
}

// The newest time that the views which move together show at a tick: decided once, for all of them.
function sharedTime(tab, view, tick) {
  const group = together(tab, view);
  if (group.length < 2) return Infinity;
  if (tab.tick !== tick) {
    tab.tick = tick;
    tab.time = Math.min(...group.map((one) => one.nextTime));
  }
  return tab.time;
}

// Ends all views and waits until the site knows.
export async function closeAll() {
  await Promise.all(tabs.value.flatMap((tab) => tab.views.value.map((view) => view.close())));
  tabs.value = [];
}

// A login that ended by itself cannot end jobs; the site does, when nobody watches them.
effect(() => {
  if (user.value !== null) return;
  for (const tab of tabs.peek()) for (const view of tab.views.peek()) view.abandon();
  tabs.value = [];
});

addEventListener("pagehide", () => {
  for (const tab of tabs.value) for (const view of tab.views.value) endJobNow(view.jobId.value);
});
