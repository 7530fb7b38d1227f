// A CommonJS program: `require` of an ES module, as Node has had it since 22.12.
"use strict";

const assert = require("node:assert/strict");
const { decisions, defineFlow, judge, startTelemetry } = require("@tracebook/node");

for (const name of [startTelemetry, defineFlow, judge, decisions.record]) assert.equal(typeof name, "function");

const verdict = judge({ gates: [{ name: "min_confluence", score: 80, threshold: 70 }] });
assert.equal(verdict.accepted, true);
