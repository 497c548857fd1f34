// Sign-in form.

import { signIn } from "./api.js";
import { html, useState } from "./vendor/preact.js";

export function Login() {
  const [refusal, setRefusal] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event) {
    event.preventDefault();
    const { username, password } = event.currentTarget.elements;
    setBusy(true);
    setRefusal("");
    try {
      await signIn(username.value, password.value);
    } catch (refused) {
      setRefusal(refused.message);
      password.value = "";
      password.focus();
      setBusy(false);
    }
  }

  return html`<main class="login" data-view="login" data-ready="true">
    <form onSubmit=${submit} aria-label="Sign in">
      <img src="/assets/icon.svg" alt="" width="48" height="48" />
      <h1>Focus</h1>
      <label for="username">User name</label>
      <input id="username" name="username" data-testid="username" autocomplete="username" required autofocus />
      <label for="password">Password</label>
      <input id="password" name="password" data-testid="password" type="password" autocomplete="current-password" required />
      <button class="main" type="submit" data-testid="sign-in" disabled=${busy}>Sign in</button>
      <p role="alert" class="refusal" data-testid="sign-in-error">${refusal}</p>
    </form>
  </main>`;
}
