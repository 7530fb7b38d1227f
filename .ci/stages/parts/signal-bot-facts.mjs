// What the signal bot's database says, worked out in SQL alone: the numbers its metrics have to agree with.
import { join } from "node:path";
import { root } from "./workspace.mjs";

/** The driver that the example itself uses. */
const driver = join(root, "examples/signal-bot/node_modules/pg/lib/index.js");

/** Digits after the point that money has, as the metrics' own arithmetic promises: only the share of a partial close needs rounding. */
const DIGITS = 80;
/** A division is carried out to as many digits as its numerator is written with: to so many that rounding twice is rounding once. */
const SHARE = `round(round(b.cost * abs(f.q), ${3 * DIGITS}) / abs(b.held), ${DIGITS})`;

/** Average cost, fill by fill, per symbol: an independent calculation, to the last digit, of what `realised_pnl_usd` shows. */
const REALISED_PNL = `
  with recursive numbered as (
    select symbol, row_number() over (partition by symbol order by id) as n,
      case side when 'BUY' then quantity else -quantity end as q, price, fee from signal_bot.fills),
  book as (
    select symbol, 0::bigint as n, 0::numeric as held, 0::numeric as cost, 0::numeric as realised from numbered where n = 1
    union all
    select f.symbol, f.n, b.held + f.q,
      case when b.held * f.q >= 0 then b.cost + abs(f.q) * f.price
        when abs(f.q) < abs(b.held) then b.cost - ${SHARE}
        else (abs(f.q) - abs(b.held)) * f.price end,
      b.realised - f.fee + case when b.held * f.q >= 0 then 0
        when abs(f.q) < abs(b.held) then sign(b.held) * (abs(f.q) * f.price - ${SHARE})
        else sign(b.held) * (abs(b.held) * f.price - b.cost) end
    from book b join numbered f on f.symbol = b.symbol and f.n = b.n + 1)
  select distinct on (symbol) symbol, trim_scale(realised)::text as realised from book order by symbol, n desc`;

const FINISHED = `
  select distinct on (o.id is null) s.id, s.alert_id as "alertId", s.source, s.strategy, s.symbol, s.action, s.quantity::text,
    s.price::text, s.sent_epoch_ms as sent
  from signal_bot.signals s left join signal_bot.orders o on o.signal_id = s.id where s.outcome is not null
  order by o.id is null, s.id`;

/** Connects to the example's database. */
export async function openFacts(url) {
  const { default: pg } = await import(driver);
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  const rows = async (sql) => (await client.query(sql)).rows;
  const one = async (sql) => Number(Object.values((await rows(sql))[0])[0]);
  return {
    /** Signals that nothing has come of yet. */
    open: () => one("select count(*) from signal_bot.signals where outcome is null"),
    /** One signal that became an order, and one that did not, as messages have them. */
    finished: async () => {
      const found = await rows(FINISHED);
      return found.map(({ id, sent, ...signal }) => ({ id, signal: { ...signal, sentEpochMs: Number(sent) } }));
    },
    orders: () => rows("select client_order_id, symbol, status from signal_bot.orders order by id"),
    all: async () => ({
      signals: await one("select count(*) from signal_bot.signals"),
      orders: await one("select count(*) from signal_bot.orders"),
      fills: await one("select count(*) from signal_bot.fills"),
      byStatus: await rows("select symbol, status, count(*)::int from signal_bot.orders group by 1, 2"),
      byOutcome: await rows("select outcome, count(*)::int from signal_bot.signals group by 1"),
      notional: await rows(
        "select lower(side) as action, sum(quantity * price)::text as usd from signal_bot.fills group by 1",
      ),
      realised: await rows(REALISED_PNL),
    }),
    close: () => client.end(),
  };
}
