// A part of a screen: a title, what it says, and the states in which there is nothing to show.
import type { ReactNode } from "react";
import type { ApiProblem } from "../api/client.ts";
import styles from "./panel.module.css";

/** What a panel shows. */
export interface PanelProps {
  readonly title: string;
  /** Beside the title, quieter: the unit, the range, a total. */
  readonly note?: ReactNode;
  /** At the right of the title: buttons, a choice. */
  readonly actions?: ReactNode;
  /** For the layout of the screen around it. */
  readonly className?: string | undefined;
  /** Without space around the content, for lists and tables that go to the edge. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A panel with a heading. */
export function Panel({ title, note, actions, className, flush = false, children }: PanelProps) {
  return (
    <section className={className === undefined ? styles.panel : `${styles.panel} ${className}`} aria-label={title}>
      <header className={styles.head}>
        <h2>{title}</h2>
        {note !== undefined && <span className={styles.note}>{note}</span>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}

/** An answer on its way, missing, or empty; else `children` of it. */
export interface AnswerStateProps<T> {
  readonly answer: {
    readonly data: T | undefined;
    readonly error: ApiProblem | null;
    readonly isPending: boolean;
    readonly refetch: () => unknown;
  };
  /** True when there is nothing in it to show. */
  readonly isEmpty?: (data: T) => boolean;
  /** What an empty answer means and what to do about it. */
  readonly empty?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** Shows an answer, or the state it is in. An old answer stays while a new one fails, with a line that says so. */
export function AnswerState<T>({ answer, isEmpty, empty, children }: AnswerStateProps<T>) {
  const { data, error, isPending, refetch } = answer;
  if (data === undefined && error !== null) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return isPending ? <Loading /> : null;
  return (
    <>
      {error !== null && <p className={styles.stale}>This is the last answer: {error.message}</p>}
      {isEmpty?.(data) ? <Empty>{empty}</Empty> : children(data)}
    </>
  );
}

/** Something is on its way. */
export function Loading() {
  return (
    <div className={styles.loading} role="status">
      <span className="visually-hidden">Loading</span>
      <i />
      <i />
      <i />
    </div>
  );
}

/** Nothing is there; `children` say why and what to do. */
export function Empty({ children }: { readonly children?: ReactNode }) {
  return <div className={styles.empty}>{children ?? "Nothing in this range."}</div>;
}

/** It did not work; says what and how to go on. */
export function ErrorNote({ error, onRetry }: { readonly error: ApiProblem; readonly onRetry: () => void }) {
  return (
    <div className={styles.error} role="alert">
      <p>{error.message}</p>
      <button type="button" className={styles.retry} onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
