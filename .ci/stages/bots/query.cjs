// The same bot, that gets everything by `require`.
"use strict";

const { defineFlow, startTelemetry } = require("@tracebook/node");
const pg = require("pg");
const { runQueries } = require("./queries.cjs");

runQueries({ defineFlow, startTelemetry, pg }).catch((error) => {
  process.exitCode = 1;
  console.error(error);
});
