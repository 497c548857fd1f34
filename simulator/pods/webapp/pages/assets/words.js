// How values are written everywhere on the page.

export const CLASSES = { 103: "SC", 104: "SD" };
export const SEVERITIES = { 1: "low", 2: "medium", 3: "high" };

export const typeOf = (classId) => CLASSES[classId] ?? `class ${classId}`;
export const severityOf = (severity) => SEVERITIES[severity] ?? `severity ${severity}`;

const two = (number) => String(number).padStart(2, "0");

const day = (date) => `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

// Local time of the browser.
export const moment = (time) => `${day(new Date(time))} ${clock(new Date(time))}`;
export const clockMs = (time) => `${clock(new Date(time))}.${String(new Date(time).getMilliseconds()).padStart(3, "0")}`;

// What a field of the kind datetime-local takes, and what it says; seconds are whole.
export const asField = (time) => moment(time).replace(" ", "T");
export const fromField = (text) => (text ? new Date(text).getTime() : NaN);

export const metres = (distance) => `${Number(distance)} m`;

// For sentences that assistants read out: nothing of right-to-left text may spill over.
export const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;
