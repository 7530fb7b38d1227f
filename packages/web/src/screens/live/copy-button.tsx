// Puts an event on the clipboard.
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";

/** The button; says for a moment whether it worked. */
export function CopyButton({ text }: { readonly text: () => string }) {
  const [result, setResult] = useState<"copied" | "failed">();
  useEffect(() => {
    if (result === undefined) return;
    const timer = setTimeout(() => setResult(undefined), 2_000);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => setResult((await copyText(text())) ? "copied" : "failed");
  const said = result === undefined ? "" : result === "copied" ? "Copied" : "The browser does not allow it";
  return (
    <Button onClick={() => void copy()}>
      {result === "copied" ? <Check size={13} aria-hidden="true" /> : <Copy size={13} aria-hidden="true" />}
      {said === "" ? "Copy as JSON" : <span aria-live="polite">{said}</span>}
    </Button>
  );
}

async function copyText(text: string): Promise<boolean> {
  try {
    // Missing where the page came over plain HTTP from another machine.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
  }
}
