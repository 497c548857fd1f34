// What Playwright can do and the Browser library has no keyword for. Loaded by `focus_keywords.ui.browser` at run time:
// an extension that the library's import names would start Node for every dry run.

/** Answer every request whose address matches `url` (a glob) with this status, content type and text. */
async function answerRequests(page, url, status, contentType, body) {
  await page.route(url, (route) => route.fulfill({ status, contentType, body }));
}
answerRequests.rfdoc = "Answers requests in the place of the server.";

/** Cut the page's WebSockets and requests that match `url` (a glob). */
async function abortRequests(page, url) {
  await page.route(url, (route) => route.abort());
}
abortRequests.rfdoc = "Lets requests fail as if the network were gone.";

/** Play these binary frames to every WebSocket that matches `url` (a glob), in place of the server. */
async function playFrames(page, url, frames) {
  await page.routeWebSocket(url, (socket) => {
    for (const frame of frames) socket.send(Buffer.from(frame, "base64"));
  });
}
playFrames.rfdoc = "Sends frames in the place of the server.";

/** The violations that axe finds with the rules of these tags: [{id, impact, help, nodes: [selector, ...]}]. */
async function accessibilityViolations(page, source, tags) {
  await page.evaluate(source);
  return await page.evaluate(async (values) => {
    const found = await window.axe.run(document, { runOnly: { type: "tag", values } });
    return found.violations.map(({ id, impact, help, nodes }) => ({
      id, impact, help, nodes: nodes.map((node) => node.target.join(" ")),
    }));
  }, tags);
}
accessibilityViolations.rfdoc = "What axe finds wrong with the page.";

exports.__esModule = true;
exports.answerRequests = answerRequests;
exports.abortRequests = abortRequests;
exports.playFrames = playFrames;
exports.accessibilityViolations = accessibilityViolations;
