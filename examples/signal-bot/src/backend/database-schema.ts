// The tables, in a schema of their own. Decimals are NUMERIC.

/** The schema. */
export const SCHEMA = "signal_bot";

/** Makes what is missing, also in the tables of an earlier version. */
export const TABLES = `
  create table if not exists signals (
    id bigint generated always as identity primary key,
    alert_id text not null unique, source text not null, strategy text not null, symbol text not null, action text not null,
    quantity numeric not null, price numeric not null, outcome text, received_at timestamptz not null default now());
  alter table signals add column if not exists sent_epoch_ms bigint;
  create table if not exists orders (
    id bigint generated always as identity primary key,
    signal_id bigint not null unique references signals, client_order_id text not null unique, exchange_order_id text,
    symbol text not null, side text not null, quantity numeric not null, status text not null, reason_code text,
    created_at timestamptz not null default now(), ended_at timestamptz);
  create table if not exists fills (
    id bigint generated always as identity primary key,
    order_id bigint not null references orders, symbol text not null, side text not null,
    quantity numeric not null, price numeric not null, fee numeric not null, filled_at timestamptz not null default now());`;
