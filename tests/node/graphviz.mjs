// What the real Graphviz makes of DOT documents: {name: text} in, {name: its own JSON} out.
import { readFileSync } from "node:fs";

import { Graphviz } from "@hpcc-js/wasm-graphviz";

const made = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  try {
    const graphviz = await Graphviz.load();
    made[name] = JSON.parse(graphviz.layout(text, "json", "dot"));
  } catch (error) {
    made[name] = { error: String(error.message) };
  }
}
process.stdout.write(JSON.stringify(made));
