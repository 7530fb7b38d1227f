// The list of decisions by pages, newest first: it moves on by itself while one looks at its top, and holds still while one reads.
import { keepPreviousData, type QueryKey, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import { type Answer, type ApiProblem, ask, type Decision, isPassing } from "../../api/client.ts";
import type { TimeRange } from "../../url/time-range.ts";
import { type DecisionFilters, scopeOf } from "./decision-filters.ts";

const PATH = "/api/telemetry/decisions";
const PAGE = 200;
const MOVE_MS = 5_000;

type Page = Answer<typeof PATH>;

/** The pages so far. */
export interface DecisionPages {
  readonly answer: {
    readonly data: readonly Decision[] | undefined;
    readonly error: ApiProblem | null;
    readonly isPending: boolean;
    readonly refetch: () => unknown;
  };
  readonly hasMore: boolean;
  /** Asks for the next page, unless it is on its way. */
  loadMore(): void;
  /** Forgets all pages but the first, and asks for that one. */
  showNewest(): void;
}

/** Asks for pages. `isHeld`: no new ones at the top for now. */
export function useDecisionPages(filters: DecisionFilters, range: TimeRange, isHeld: boolean): DecisionPages {
  const client = useQueryClient();
  // Of this moment: a range that moves on is still the same list.
  const latest = useRef(range);
  latest.current = range;
  const rangeKey = range.name ?? `${range.startTime}/${range.endTime}`;
  const key: QueryKey = [PATH, "pages", rangeKey, { ...filters, flow: undefined }];
  const text = JSON.stringify(key);
  const query = useInfiniteQuery<Page, ApiProblem, { pages: Page[] }, QueryKey, number | undefined>({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => ask(PATH, queryOf(latest.current, filters, pageParam), undefined, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next_before_id ?? undefined,
    // With more pages than one, asking again would ask for each of them.
    refetchInterval: ({ state }) =>
      isHeld || range.name === undefined || (state.data?.pages.length ?? 0) > 1 ? false : MOVE_MS,
    refetchOnMount: false,
    retry: (failures, problem) => failures < 1 && isPassing(problem),
    placeholderData: keepPreviousData,
  });
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const decisions = useMemo(() => data?.pages.flatMap((page) => page.decisions), [data]);
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const showNewest = useCallback(() => {
    void client.resetQueries({ queryKey: JSON.parse(text) as QueryKey, exact: true });
  }, [client, text]);
  return { answer: { data: decisions, error, isPending, refetch }, hasMore: hasNextPage, loadMore, showNewest };
}

function queryOf(range: TimeRange, filters: DecisionFilters, beforeId: number | undefined) {
  return {
    ...scopeOf(range, filters),
    decision: filters.decision,
    reason_code: filters.reasonCode,
    edge_unit: filters.edgeUnit,
    limit: PAGE,
    before_id: beforeId,
  };
}
