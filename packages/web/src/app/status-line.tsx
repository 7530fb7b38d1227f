// The state of the desk in the frame of every screen.
import { Link } from "wouter";
import { Mark } from "../ui/mark.tsx";
import { sharedAddress, useParameters } from "../url/search-parameters.ts";
import { deskStatus } from "./desk-status.ts";
import styles from "./shell.module.css";
import { useHealth } from "./use-health.ts";
import { useNow } from "./use-now.ts";

/** A mark and a few words; leads to the health screen. */
export function StatusLine() {
  const [parameters] = useParameters();
  const { data, error } = useHealth();
  const { tone, text } = deskStatus(data, error, useNow());
  return (
    <Link href={sharedAddress("/health", parameters)} className={styles.status} data-tone={tone}>
      <Mark tone={tone} size={9} />
      <span role="status">{text}</span>
    </Link>
  );
}
