// What the document says of its site, the page defects that are on, and what the station keeps.

const said = document.documentElement.dataset;
export const site = said.site;

const defects = new Set(said.defects.split(" "));
export const defective = (name) => defects.has(name);

// The station's memory: a browser that allows none still works, and forgets.
export function remembered(name, otherwise) {
  try {
    const text = localStorage.getItem(`focus.${name}`);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`focus.${name}`, JSON.stringify(value));
  } catch {
    // No room, or not allowed.
  }
}

export function cookie(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
