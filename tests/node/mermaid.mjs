// Which Mermaid documents the real parser refuses: {name: text} in, {name: message} out.
import { readFileSync } from "node:fs";

import { JSDOM } from "jsdom";

// Mermaid cleans labels with DOMPurify, which needs the window of a page when it is imported.
const { window } = new JSDOM("<!doctype html><body></body>");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");

mermaid.initialize({ startOnLoad: false });
const refused = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  try {
    await mermaid.parse(text);
  } catch (error) {
    refused[name] = String(error.message);
  }
}
process.stdout.write(JSON.stringify(refused));
