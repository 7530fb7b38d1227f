// Reads comma-separated values as RFC 4180 says, strictly: for tests.

/** The cells of all records; throws for a text that is not of that form. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const record: string[] = [];
    for (;;) {
      const cell = text[at] === '"' ? quoted() : plain();
      record.push(cell);
      if (text[at] !== ",") break;
      at++;
    }
    if (!text.startsWith("\r\n", at)) throw new Error(`no line break at ${at}`);
    at += 2;
    records.push(record);
  }
  return records;

  function plain(): string {
    const start = at;
    while (at < text.length && !",\r\n".includes(text[at]!)) {
      if (text[at] === '"') throw new Error(`a quote in a plain cell at ${at}`);
      at++;
    }
    return text.slice(start, at);
  }

  function quoted(): string {
    let cell = "";
    for (at++; ; at++) {
      if (at >= text.length) throw new Error("a quoted cell without an end");
      if (text[at] !== '"') cell += text[at];
      else if (text[at + 1] === '"') cell += text[at++];
      else break;
    }
    at++;
    return cell;
  }
}
