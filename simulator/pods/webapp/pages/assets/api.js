// Calls to the web app and to the Focus Server, with the page's login; renews the login before it ends.

import { cookie, site } from "./page.js";
import { signal } from "./vendor/preact.js";

export const API = `/prisma/api/${site}/api`;
export const FOCUS = "/focus-server";
const AUTH = "/prisma/api/auth";
// Of its life; the rest is for the call that renews it.
const RENEW_AT = 0.8;

// undefined: not known yet; null: nobody; else {username, role, permissions}.
export const user = signal(undefined);

export const may = (permission) => Boolean(user.value?.permissions.includes(permission));

export class Refused extends Error {
  // status 0: nobody answered. body: the answer's JSON, {} where it was none.
  constructor(status, body) {
    super(body.message ?? body.error ?? detail(body) ?? (status ? `The site answered ${status}.` : "The site does not answer."));
    this.status = status;
    this.body = body;
  }
}

function detail(body) {
  return Array.isArray(body.detail) ? body.detail.map((one) => one.msg).join(" ") : body.detail;
}

async function send(method, url, body) {
  const headers = {};
  if (method !== "GET") headers["X-CSRF-Token"] = cookie("csrf-token");
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refused(0, {});
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, content);
  return content;
}

// One renewal at a time: a token for renewing works once.
let renewing = null;

function renew() {
  renewing ??= send("POST", `${AUTH}/refresh`)
    .then(expect)
    .finally(() => (renewing = null));
  return renewing;
}

let timer = 0;

function expect(login) {
  clearTimeout(timer);
  timer = setTimeout(() => renew().catch(forget), login.expires_in * RENEW_AT * 1000);
}

export function forget() {
  clearTimeout(timer);
  user.value = null;
}

// The JSON of an answer; Refused for every other answer.
export async function call(method, url, body) {
  try {
    return await send(method, url, body);
  } catch (refused) {
    if (refused.status !== 401) throw refused;
  }
  try {
    await renew();
  } catch (refused) {
    if (refused.status) forget();
    throw refused;
  }
  return send(method, url, body);
}

export async function findUser() {
  if (!cookie("csrf-token")) {
    user.value = null;
    return;
  }
  try {
    user.value = await call("GET", `${API}/user/config`);
  } catch (refused) {
    if (refused.status) user.value = null;
    else setTimeout(findUser, 1000);
  }
}

export async function signIn(username, password) {
  expect(await send("POST", `${AUTH}/login`, { username, password }));
  await findUser();
}

// Nothing is shown any more when the login ends, so that nothing asks without one.
export async function signOut() {
  user.value = undefined;
  await call("POST", `${AUTH}/logout`).catch(() => {});
  forget();
}

export const socketUrl = (path) => `wss://${location.host}${API}${path}`;

// A browser reports as an error that a socket is closed before it is open: one that still connects is closed then.
export function closeSocket(socket) {
  if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
  else socket.close();
}
