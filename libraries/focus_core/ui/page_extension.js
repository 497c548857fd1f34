// What Playwright can do and the Browser library has no keyword for. Loaded by `focus_keywords.ui.browser` at run time:
// an extension that the library's import names would start Node for every dry run.

/** Answer every request whose address matches `url` (a glob) with this status, content type and text. */
async function answerRequests(page, url, status, contentType, body) {
  await page.route(url, (route) => route.fulfill({ status, contentType, body }));
}
answerRequests.rfdoc = "Answers requests in the place of the server.";

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
exports.accessibilityViolations = accessibilityViolations;
