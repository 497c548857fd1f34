// The settings of a view: defaults, the server's request for them, and the field that a refusal names.

export const MULTICHANNEL = 0;
export const SINGLECHANNEL = 1;
export const WATERFALL = 2;
export const TYPES = { [MULTICHANNEL]: "MultiChannel", [SINGLECHANNEL]: "SingleChannel", [WATERFALL]: "Waterfall" };

// Numbers as the operator wrote them; times in ms since the epoch, NaN where there are none.
export const DEFAULTS = {
  viewType: MULTICHANNEL,
  time: "live",
  start: NaN,
  end: NaN,
  first: 11,
  last: 109,
  nfft: 1024,
  low: 0,
  high: 1000,
  duration: 30,
  rows: 200,
};

const seconds = (time) => (Number.isNaN(time) ? null : Math.floor(time / 1000));
// What is no number is sent as nothing: the server says what it wants.
const number = (value) => (value === "" || Number.isNaN(value) ? null : value);

export function requestOf(settings) {
  const historic = settings.time === "history";
  const request = {
    view_type: settings.viewType,
    channels: { min: number(settings.first), max: number(settings.last) },
    displayInfo: { height: number(settings.rows) },
    start_time: historic ? seconds(settings.start) : null,
    end_time: historic ? seconds(settings.end) : null,
  };
  if (settings.viewType === WATERFALL) return { ...request, nfftSelection: 1 };
  return {
    ...request,
    displayTimeAxisDuration: number(settings.duration),
    nfftSelection: number(settings.nfft),
    frequencyRange: { min: number(settings.low), max: number(settings.high) },
  };
}

const CHANGEABLE = ["first", "last", "nfft", "low", "high"];

// Whether a running view can become the other by a change of its job.
export function isChange(from, to) {
  return Object.keys(DEFAULTS).every((name) => CHANGEABLE.includes(name) || Object.is(from[name], to[name]));
}

export function changeOf(settings, jobId) {
  const { channels, nfftSelection, frequencyRange } = requestOf(settings);
  const spectral = settings.viewType === WATERFALL ? {} : { nfftSelection, frequencyRange };
  return { task_id: jobId, channels, ...spectral };
}

// The server's name of a field, or of what a field is part of, and the form's.
const FIELDS = {
  view_type: "view-type",
  "channels.min": "first",
  "channels.max": "last",
  channels: "last",
  nfftSelection: "nfft",
  "frequencyRange.min": "low",
  "frequencyRange.max": "high",
  frequencyRange: "high",
  displayTimeAxisDuration: "duration",
  "displayInfo.height": "rows",
  displayInfo: "rows",
  start_time: "start",
  end_time: "end",
};

// {field: sentence} of a refusal; field "" where it names none of the form.
export function refusals(refused) {
  const { field, detail } = refused.body;
  if (Array.isArray(detail)) {
    return Object.fromEntries(detail.map((one) => [FIELDS[one.loc.slice(1).join(".")] ?? FIELDS[one.loc[1]] ?? named(one.msg), one.msg]));
  }
  return { [FIELDS[field] ?? ""]: refused.message };
}

// Some sentences of the server name the field themselves.
const named = (sentence) => FIELDS[Object.keys(FIELDS).find((name) => sentence.includes(name))] ?? "";

export function titleOf(settings) {
  const { first, last } = settings;
  const channels = first === last ? `channel ${first}` : `channels ${first}-${last}`;
  return `${TYPES[settings.viewType]}, ${channels}, ${settings.time}`;
}
