// What a validator and an accessibility checker find wrong with pages: {name: html} in,
// {name: messages} out. Contrast needs a real screen; the tests work it out from the stylesheet.
import { readFileSync } from "node:fs";

import axe from "axe-core";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { JSDOM } from "jsdom";

const validator = new HtmlValidate(
  new StaticConfigLoader({ root: true, extends: ["html-validate:recommended"] }),
);
const found = {};
for (const [name, html] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const report = validator.validateStringSync(html);
  const messages = report.results.flatMap((result) =>
    result.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`),
  );
  const { window } = new JSDOM(html, { runScripts: "outside-only", pretendToBeVisual: true });
  window.eval(axe.source);
  const checked = await window.axe.run(window.document, {
    rules: { "color-contrast": { enabled: false } },
  });
  for (const rule of checked.violations) {
    messages.push(...rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html}`));
  }
  window.close();
  if (messages.length) found[name] = messages;
}
process.stdout.write(JSON.stringify(found));
