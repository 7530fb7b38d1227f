// Lays text out for a terminal: lines of at most 100 columns.

/** As wide as anything that is printed gets, unless one word is longer. */
export const TEXT_WIDTH = 100;

/** Breaks a text at blanks into lines of at most `width` characters; a longer word gets a line of its own. */
function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines;
}

/** The lines of a text behind a label; those after the first are indented as far as the label is wide. */
export function hang(label: string, text: string): string[] {
  const indent = " ".repeat(label.length);
  return wrapText(text, TEXT_WIDTH - label.length).map((line, i) => `${i === 0 ? label : indent}${line}`);
}
