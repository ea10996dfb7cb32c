// Cuts the citizens' sheet to the classes that pages mention.
const path = require("path");
const root = process.env.HAIHE_ROOT + "/haihe";
const front = process.env.HAIHE_FRONT;
module.exports = {
  css: [{ raw: require("fs").readFileSync(path.join(front, "out/officer.css"), "utf8"), name: "citizen.css" }],
  content: [
    root + "/**/templates/**/*.html",
    root + "/**/declare.py",
    root + "/ui/**/*.py",
    root + "/systems/**/*.py",
    front + "/*.js",
    front + "/*.mjs",
  ],
  output: path.join(front, "out/citizen.css"),
  variables: true,
  keyframes: true,
  safelist: { standard: [/^leaflet/, /^ti-/, /^hh-/, /^is-/], variables: [/^--hh-/] },
  defaultExtractor: (content) => content.match(/[\w-/:]+(?<!:)/g) || [],
};
