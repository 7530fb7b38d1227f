// Words of rules that several forms offer.

/** How a value and the threshold are compared. */
export const OPERATORS = [
  { value: ">", text: "> above" },
  { value: ">=", text: "≥ at least" },
  { value: "<", text: "< below" },
  { value: "<=", text: "≤ at most" },
  { value: "==", text: "= equal to" },
  { value: "!=", text: "≠ other than" },
] as const;

/** Where metrics come from. */
export const SOURCES = [
  { value: "system_metric", text: "System metric" },
  { value: "business_metric", text: "Business metric" },
] as const;
