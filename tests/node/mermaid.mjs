// What the real Mermaid reads in flowcharts: {name: text} in; out, by name, either the texts of the
// boxes by their ids and the lines as [from, to, text, stroke], or {error: message}.
import { readFileSync } from "node:fs";

import { JSDOM } from "jsdom";

// Mermaid cleans labels with DOMPurify, which needs the window of a page when it is imported.
const { window } = new JSDOM("<!doctype html><body></body>");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");

// Numbered characters are set aside while a text is parsed, and put back when it is drawn.
const shown = (text) => {
  const page = window.document.createElement("div");
  page.innerHTML = text.replace(/ﬂ°°/g, "&#").replace(/ﬂ°/g, "&").replace(/¶ß/g, ";")
    .replace(/<br\s*\/?>/g, " ");
  return page.textContent;
};

mermaid.initialize({ startOnLoad: false });
const read = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  try {
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const places = [...db.getVertices().values()].map((each) => [each.id, shown(each.text)]);
    const lines = db.getEdges().map((each) => [each.start, each.end, shown(each.text), each.stroke]);
    read[name] = { places: Object.fromEntries(places), lines };
  } catch (error) {
    read[name] = { error: String(error.message) };
  }
}
process.stdout.write(JSON.stringify(read));
