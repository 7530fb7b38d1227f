// @tracebook/alerts: rules as data, evaluated on the store; alerts with a lifecycle; notifications that arrive once.
export {};
