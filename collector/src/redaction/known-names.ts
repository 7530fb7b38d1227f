// Names of attributes that need no second look, because it is known what stands under them.

/** Under these stand numbers and words of closed vocabularies, made by Tracebook or by an instrumentation, never text of a host. */
export const CLOSED_NAMES: readonly string[] = [
  ...trading("seq run_id stage reason_code keep_reason decision edge_unit gross_edge net_edge min_threshold"),
  ...trading("fees_est slippage_est gas_est latency_buffer"),
  ..."http.request.method http.response.status_code url.scheme network.protocol.name network.protocol.version".split(
    " ",
  ),
  ..."network.transport network.type network.peer.port server.port client.port db.system db.system.name".split(" "),
  ..."telemetry.sdk.name telemetry.sdk.language telemetry.sdk.version telemetry.distro.name telemetry.distro.version".split(
    " ",
  ),
  ..."process.pid process.runtime.name process.runtime.version host.arch os.type le".split(" "),
];

/** Names that are no secret's, whatever stands under them; the values are looked at all the same. */
export const INNOCENT_NAMES: readonly string[] = [
  ...CLOSED_NAMES,
  ...trading(
    "symbol strategy reason market venue role status previous_status side price average_price quantity size fills gates",
  ),
  ...trading(
    "filled_quantity fee fee_asset order_type client_order_id exchange_order_id dry_run execution bids asks source",
  ),
  ...trading(
    "event_category event_name direction confidence_score expected_profit gate_name score threshold duration_ms",
  ),
  ...trading("trace_id token_id yes_token no_token yes_price no_price step_ms tags"),
  ..."service.name service.namespace service.version service.instance.id deployment.environment.name host.name".split(
    " ",
  ),
  ..."http.route http.request.method_original http.request.body.size http.response.body.size url.full url.path".split(
    " ",
  ),
  ..."url.query user_agent.original server.address client.address network.peer.address network.local.address".split(
    " ",
  ),
  ..."db.name db.namespace db.collection.name db.operation.name db.query.text db.statement db.operation".split(" "),
  ..."rpc.system rpc.service rpc.method messaging.system messaging.operation.name messaging.destination.name".split(
    " ",
  ),
  ..."exception.type exception.message exception.stacktrace error.type code.function.name code.file.path".split(" "),
  ..."thread.id thread.name user.id flow stage reason_code strategy symbol source side status action method type".split(
    " ",
  ),
  ..."event_type decision class reason signal destination bot_id endpoint operation table mountpoint metric".split(" "),
];

function trading(names: string): string[] {
  return names.split(" ").map((name) => `trading.${name}`);
}
