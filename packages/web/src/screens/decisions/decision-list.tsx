// The list of decisions, newest first, by keyboard and by mouse; only the rows that are seen are drawn.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Decision } from "../../api/client.ts";
import { useKeys } from "../../app/keys.ts";
import { Button } from "../../ui/button.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { useTimeRange } from "../../url/time-range.ts";
import { decisionAddress } from "./decision-address.ts";
import { useDecisionFilters } from "./decision-filters.ts";
import styles from "./decision-list.module.css";
import { DecisionHeads, DecisionRow } from "./decision-row.tsx";
import { ListFilters } from "./list-filters.tsx";
import { NoDecisions } from "./no-decisions.tsx";
import type { Reasons } from "./reasons-panel.tsx";
import { useDecisionPages } from "./use-decision-pages.ts";

const ROW_PX = 26;
/** So many rows before the end the next page is asked for. */
const AHEAD = 40;

/** What the list needs to know. */
export interface DecisionListProps {
  /** The decision that is open beside it. */
  readonly openId?: number | undefined;
  /** What there is to filter by. */
  readonly reasons: Reasons | undefined;
  readonly units: readonly string[] | undefined;
  readonly className: string | undefined;
}

/** The list. */
export function DecisionList({ openId, reasons, units, className }: DecisionListProps) {
  const filters = useDecisionFilters();
  const { range } = useTimeRange();
  const [isAtTop, setAtTop] = useState(true);
  const [cursor, setCursor] = useState<number>();
  const [isPaused, setPaused] = useState(false);
  const isHeld = isPaused || !isAtTop || cursor !== undefined || openId !== undefined;
  const { answer, hasMore, loadMore, showNewest } = useDecisionPages(filters, range, isHeld);
  const renew = () => {
    setCursor(undefined);
    setPaused(false);
    setAtTop(true);
    showNewest();
  };
  return (
    <Panel
      title="Decisions"
      note={
        isHeld && openId === undefined
          ? "holds still"
          : isHeld
            ? undefined
            : range.name === undefined
              ? "newest first"
              : "newest first, moving on"
      }
      actions={
        <>
          {isHeld && range.name !== undefined && (
            <Button onClick={renew} hint="n" title="The list holds still while you read">
              Newest
            </Button>
          )}
          <ListFilters reasons={reasons} units={units ?? []} />
        </>
      }
      className={`${styles.panel} ${className ?? ""}`}
      flush
    >
      <AnswerState answer={answer} isEmpty={(rows) => rows.length === 0} empty={<NoDecisions filters={filters} />}>
        {(rows) => (
          <Rows
            rows={rows}
            selected={openId ?? cursor}
            isOpen={openId !== undefined}
            isLong={range.to - range.from > 86_400}
            hasMore={hasMore}
            onEnd={loadMore}
            onTop={setAtTop}
            onMove={setCursor}
            onNewest={renew}
            onPause={() => (isHeld ? renew() : setPaused(true))}
          />
        )}
      </AnswerState>
    </Panel>
  );
}

interface RowsProps {
  readonly rows: readonly Decision[];
  readonly selected: number | undefined;
  readonly isOpen: boolean;
  readonly isLong: boolean;
  readonly hasMore: boolean;
  readonly onEnd: () => void;
  readonly onTop: (isAtTop: boolean) => void;
  readonly onMove: (eventId: number | undefined) => void;
  readonly onNewest: () => void;
  /** Hold still, or move on. */
  readonly onPause: () => void;
}

function Rows({ rows, selected, isOpen, isLong, hasMore, onEnd, onTop, ...keys }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [parameters] = useParameters();
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    // The heads of the columns stay at the top, as high as a row.
    paddingStart: ROW_PX,
    scrollPaddingStart: ROW_PX,
  });
  const items = list.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - AHEAD) onEnd();
  }, [hasMore, last, rows.length, onEnd]);
  const scrollTo = useCallback((index: number) => list.scrollToIndex(index, { align: "auto" }), [list]);
  useListKeys({ rows, selected, isOpen, ...keys, scrollTo });
  const selectedIndex = rows.findIndex(({ event_id: id }) => id === selected);
  // Where a decision is opened by its address, the list goes to it once.
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current && selectedIndex > 0) scrollTo(selectedIndex);
    isFirst.current = false;
  }, [selectedIndex, scrollTo]);
  return (
    <div ref={scroller} className={styles.scroller} onScroll={(event) => onTop(event.currentTarget.scrollTop < ROW_PX)}>
      <table className={styles.table} aria-label="Decisions" aria-rowcount={hasMore ? -1 : rows.length + 1}>
        <DecisionHeads />
        <tbody style={{ height: list.getTotalSize() - ROW_PX }}>
          {items.map(({ index, start }) => {
            const decision = rows[index];
            if (decision === undefined) return null;
            return (
              <DecisionRow
                key={decision.event_id}
                decision={decision}
                address={decisionAddress(decision.event_id, parameters)}
                index={index}
                top={start - ROW_PX}
                isSelected={decision.event_id === selected}
                isLong={isLong}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface ListKeys extends Pick<RowsProps, "rows" | "selected" | "isOpen" | "onMove" | "onNewest" | "onPause"> {
  readonly scrollTo: (index: number) => void;
}

/** j and k walk; where a decision is open, they open the next one. */
function useListKeys({ rows, selected, isOpen, onMove, onNewest, onPause, scrollTo }: ListKeys): void {
  const [, navigate] = useLocation();
  const [parameters] = useParameters();
  const walk = (steps: number) => {
    const at = rows.findIndex(({ event_id: id }) => id === selected);
    const index = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + steps));
    const next = rows[index];
    if (next === undefined) return;
    scrollTo(index);
    if (isOpen) navigate(decisionAddress(next.event_id, parameters), { replace: true });
    else onMove(next.event_id);
  };
  useKeys("Decisions", [
    { key: "j", what: "Next decision", run: () => walk(1) },
    { key: "k", what: "Decision before", run: () => walk(-1) },
    {
      key: "Enter",
      what: "Open the decision",
      run: () => {
        if (selected !== undefined && !isOpen) navigate(decisionAddress(selected, parameters));
      },
    },
    { key: "n", what: "Show the newest", run: onNewest },
    { key: " ", what: "Hold the list still, or let it move on", run: onPause },
    ...(isOpen ? [] : [{ key: "Escape", what: "Let the list move on", run: () => onMove(undefined) }]),
  ]);
}
