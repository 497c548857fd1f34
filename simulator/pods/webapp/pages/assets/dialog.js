// A modal dialog that is there while it is shown; Escape calls `onClose`.

import { html, useEffect, useRef } from "./vendor/preact.js";

export function Dialog({ name, id, onClose, children, ...rest }) {
  const element = useRef(null);
  useEffect(() => {
    element.current.showModal();
  }, []);
  return html`<dialog
    ref=${element}
    aria-label=${name}
    data-testid=${id}
    onCancel=${(event) => {
      event.preventDefault();
      onClose();
    }}
    ...${rest}
  >
    <h2>${name}</h2>
    ${children}
  </dialog>`;
}
