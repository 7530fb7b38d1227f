// Answers of the server in components: kept while they are fresh, asked again as often as the screen wants.
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import {
  type Answer,
  type AnswerPath,
  type ApiProblem,
  ask,
  isPassing,
  type PathValues,
  type Query,
} from "./client.ts";

/** How an answer is kept. */
export interface AnswerOptions<P extends AnswerPath> {
  /** The parts of the path. */
  readonly values?: PathValues<P>;
  /** Ask again after so many milliseconds; false: never. Default false. */
  readonly everyMs?: number | false;
  /** False: do not ask (yet). Default true. */
  readonly enabled?: boolean;
  /** For so long an answer is as good as new. Default 1,000. */
  readonly freshMs?: number;
}

/** The answer to a question; while another one is on its way, the last one stays (`isPlaceholderData`). */
export function useAnswer<P extends AnswerPath>(
  path: P,
  query: Query<P>,
  options: AnswerOptions<P> = {},
): UseQueryResult<Answer<P>, ApiProblem> {
  const { values, everyMs = false, enabled = true, freshMs = 1_000 } = options;
  return useQuery<Answer<P>, ApiProblem>({
    queryKey: [path, values, query],
    queryFn: ({ signal }) => ask(path, query, values as PathValues<P>, signal),
    refetchInterval: everyMs,
    retry: (failures, problem) => failures < 1 && isPassing(problem),
    enabled,
    staleTime: freshMs,
    placeholderData: keepPreviousData,
  });
}
