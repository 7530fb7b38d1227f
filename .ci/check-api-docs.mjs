// Every name a public package exports has a docstring: `node .ci/check-api-docs.mjs`. Exits with 1 and names those that do not.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import ts from "typescript";

const root = resolve(import.meta.dirname, "..");
const sourceCondition = "@tracebook/source";

/** The entry points of every package that is published, as source files. */
function publicEntries() {
  const entries = [];
  for (const folder of readdirSync(resolve(root, "packages")).sort()) {
    const file = resolve(root, "packages", folder, "package.json");
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    if (manifest.private) continue;
    for (const [subpath, conditions] of Object.entries(manifest.exports)) {
      const source = conditions[sourceCondition];
      if (source === undefined) continue;
      entries.push({ name: manifest.name + subpath.slice(1), file: resolve(root, "packages", folder, source) });
    }
  }
  return entries;
}

function compilerOptions() {
  const { config } = ts.readConfigFile(resolve(root, "tsconfig.json"), ts.sys.readFile);
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root).options;
}

/** Where a name is declared, behind any number of re-exports. */
function declared(checker, symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** A name of somebody else's that a package hands on is documented where it comes from. */
function isOurs(symbol) {
  return symbol.declarations?.some((declaration) => !declaration.getSourceFile().fileName.includes("/node_modules/"));
}

function placeOf(symbol) {
  const declaration = symbol.declarations?.[0];
  if (declaration === undefined) return "(no declaration)";
  const source = declaration.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(declaration.getStart());
  return `${relative(root, source.fileName)}:${line + 1}`;
}

const entries = publicEntries();
const program = ts.createProgram({ rootNames: entries.map((entry) => entry.file), options: compilerOptions() });
const checker = program.getTypeChecker();
let missing = 0;
for (const entry of entries) {
  const source = program.getSourceFile(entry.file);
  if (source === undefined) {
    missing += 1;
    console.log(`${entry.name}: no file ${relative(root, entry.file)}`);
    continue;
  }
  // A file that exports nothing, and is imported for what it does, is no module to the compiler.
  const module = checker.getSymbolAtLocation(source);
  const names = module ? checker.getExportsOfModule(module) : [];
  for (const name of names) {
    const symbol = declared(checker, name);
    if (!isOurs(symbol) || ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() !== "") continue;
    missing += 1;
    console.log(`${entry.name}: \`${name.name}\` has no docstring (${placeOf(symbol)})`);
  }
  console.log(`${entry.name}: ${names.length} names`);
}
console.log(missing === 0 ? "every exported name has a docstring" : `${missing} to mend`);
process.exitCode = missing === 0 ? 0 : 1;
