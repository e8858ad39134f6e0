/** Expressions that hold a form of fragment, and whether the rewritten one gives the same. */
export type Samples = readonly (readonly [expression: string, same: boolean])[];

/** The ids of the rows that the condition holds for. */
const where = (condition: string): string =>
  `Repo.all(from p in Parcel, where: ${condition}, order_by: p.id, select: p.id)`;

/** The ids of all rows, each with the value. */
const select = (value: string): string => `Repo.all(from p in Parcel, order_by: p.id, select: {p.id, ${value}})`;

/** The value for each depot. */
const grouped = (value: string): string =>
  `Repo.all(from p in Parcel, group_by: p.depot_id, order_by: p.depot_id, select: {p.depot_id, ${value}})`;

/** Under `not` too, where NULL and false part. */
const both = (condition: string): Samples => [
  [where(condition), true],
  [where(`not ${condition}`), true],
  [select(condition), true],
];

const compared = (sql: string): Samples => [
  ...both(`fragment("${sql}", p.grams, p.limit_grams)`),
  ...both(`fragment("${sql}", p.grams, ^1500)`),
  ...both(`fragment("${sql}", p.name, ^"ball")`),
  [where(`fragment("${sql}", p.grams, ^nil)`), false],
];

const computed = (sql: string): Samples => [
  [select(`fragment("${sql}", p.grams, p.id)`), true],
  [select(`fragment("${sql}", p.grams, 7)`), true],
  [select(`fragment("${sql}", p.price, p.id)`), true],
  [select(`fragment("${sql}", p.price, ^Decimal.new(3))`), true],
  [select(`fragment("${sql}", p.id, (fragment("abs(?)", p.id)))`), true],
  [select(`fragment("(${sql})", p.grams, p.id) * 2`), true],
  [select(`fragment("${sql.replace("? ", "(?) ").replace(/ \?$/, " (?)")}", p.id - 20, 3 + p.id)`), true],
];

/** Operators that the text groups otherwise than the native form does. */
const torn = (sql: string): Samples => [
  [select(`fragment("${sql}", p.grams, p.id + 1)`), false],
  [select(`p.price / fragment("${sql}", p.id, 3)`), false],
];

/** By the SQL of the native form. */
export const FRAGMENTS: readonly (readonly [sql: string, samples: Samples])[] = [
  [
    "? IS NULL",
    [...both('fragment("? IS NULL", p.name)'), ...both('fragment("(? is null)", p.grams + p.limit_grams)')],
  ],
  ["? IS NOT NULL", [...both('fragment("? IS NOT NULL", p.name)'), ...both('fragment("? IS NOT NULL", p.meta)')]],
  ["NOT ?", [...both('fragment("NOT ?", p.paid)'), ...both('fragment("NOT (?)", p.paid or p.free)')]],
  [
    "? AND ?",
    [
      ...both('fragment("? AND ?", p.paid, p.free)'),
      ...both('fragment("? AND (?)", p.grams > 0, p.paid or p.free)'),
      [where('fragment("? AND ?", p.id < 3, p.free or p.id > 6)'), false],
    ],
  ],
  [
    "? OR ?",
    [
      ...both('fragment("? OR ?", p.paid, p.free)'),
      ...both('fragment("(? OR ?)", fragment("? IS NULL", p.name), fragment("? AND ?", p.paid, p.free))'),
      [where('p.paid and fragment("(? OR ?)", p.free, p.grams > 500)'), true],
      [where('p.paid and fragment("? OR ?", p.free, p.grams > 500)'), false],
    ],
  ],
  [
    "? LIKE ?",
    [
      ...both('fragment("? LIKE ?", p.name, ^"%a%")'),
      ...both('fragment("? LIKE ?", p.note, "a\\\\_b")'),
      ...both('fragment("? like ?", p.name, p.note)'),
      [where('fragment("? LIKE ?", p.name, ^nil)'), true],
    ],
  ],
  ["? NOT LIKE ?", both('fragment("? NOT LIKE ?", p.name, ^"%a%")')],
  [
    "? ILIKE ?",
    [...both('fragment("? ILIKE ?", p.name, ^"BALL")'), [where('fragment("? ILIKE ?", p.name, ^nil)'), true]],
  ],
  ["? NOT ILIKE ?", both('fragment("? NOT ILIKE ?", p.note, "fra%")')],
  [
    "? BETWEEN ? AND ?",
    [
      ...both('fragment("? BETWEEN ? AND ?", p.grams, 0, p.limit_grams)'),
      ...both('fragment("? BETWEEN ? AND ?", p.grams, ^500, ^1500)'),
      ...both('fragment("? BETWEEN ? AND ?", p.grams, 1, 2 + p.limit_grams)'),
      ...both('fragment("? BETWEEN ? AND ?", p.sent_on, ^~D[2024-03-01], ^~D[2024-03-31])'),
      [where('fragment("? BETWEEN ? AND ?", p.grams, ^nil, ^1500)'), false],
    ],
  ],
  [
    "EXISTS(?)",
    both(
      'fragment("EXISTS(?)", subquery(from o in Parcel, where: parent_as(:p).depot_id < o.depot_id, select: 1))',
    ).map(
      ([expression, same]) => [expression.replace("from p in Parcel,", "from p in Parcel, as: :p,"), same] as const,
    ),
  ],
  [
    "? = ?",
    [
      ...compared("? = ?"),
      ...both(`fragment("? = 'ball'", p.name)`),
      ...both('fragment("? = ?", p.sent_on, ^~D[2024-03-01])'),
    ],
  ],
  ["? <> ?", compared("? <> ?")],
  ["? != ?", compared("? != ?")],
  ["? > ?", compared("? > ?")],
  ["? >= ?", compared("? >= ?")],
  ["? < ?", compared("? < ?")],
  ["? <= ?", compared("? <= ?")],
  [
    "? = ANY(?)",
    [
      ...both('fragment("? = ANY(?)", p.grams, ^[500, 0])'),
      ...both('fragment("? = ANY(?)", p.grams, ^[])'),
      ...both('fragment("? = any (?)", ^"red", p.tags)'),
      [where('fragment("? = ANY(?)", p.grams, ^nil)'), false],
    ],
  ],
  [
    "? IN (?)",
    [
      ...both('fragment("? IN (?)", p.grams, splice(^[500, 0]))'),
      ...both('fragment("? in (?)", p.name, splice(^["ball", "Lamp"]))'),
      ...both('fragment("? IN (?)", p.grams, splice(^[500, nil]))'),
    ],
  ],
  ["? + ?", computed("? + ?")],
  ["? - ?", [...computed("? - ?"), ...torn("? - ?")]],
  ["? * ?", [...computed("? * ?"), ...torn("? * ?")]],
  ["? / ?", [...computed("? / ?"), ...torn("? / ?")]],
  [
    "COALESCE(?, ?)",
    [
      [select('fragment("COALESCE(?, ?)", p.name, "?")'), true],
      [select('fragment("coalesce(?, 0)", p.grams)'), true],
      [select('fragment("COALESCE(?, ?)", p.grams, p.limit_grams)'), true],
      ...both('(fragment("COALESCE(?, ?)", p.paid, p.free) == true)'),
      [where('fragment("COALESCE(?, ?)", p.note, ^"Fragile") == p.note'), true],
      // A schema's own type comes back.
      [select('fragment("COALESCE(?, ?)", p.sent_at, p.sent_at)'), false],
    ],
  ],
  [
    "COALESCE(?, ?, ?)",
    [
      [select('fragment("COALESCE(?, ?, ?)", p.name, p.note, "?")'), true],
      [where('fragment("COALESCE(?, ?, ?)", p.grams, p.limit_grams, ^7) == 7'), true],
    ],
  ],
  ["COUNT(*)", [[grouped('fragment("COUNT(*)")'), true]]],
  ["COUNT(?)", [[grouped('fragment("COUNT(?)", p.name)'), true]]],
  ["COUNT(DISTINCT ?)", [[grouped('fragment("count(distinct ?)", p.grams)'), true]]],
  [
    "SUM(?)",
    [
      [grouped('fragment("SUM(?)", p.grams)'), true],
      [grouped('fragment("SUM(?)", p.price)'), true],
    ],
  ],
  ["AVG(?)", [[grouped('fragment("AVG(?)", p.grams)'), true]]],
  [
    "MIN(?)",
    [
      [grouped('fragment("MIN(?)", p.name)'), true],
      [grouped('fragment("MIN(?)", p.sent_at)'), false],
      [
        `Repo.all(from p in Parcel, group_by: p.depot_id, having: fragment("min(?)", p.grams) > 0, select: p.depot_id)`,
        true,
      ],
    ],
  ],
  [
    "MAX(?)",
    [
      [grouped('fragment("MAX(?)", p.price)'), true],
      [grouped('fragment("MAX(?)", p.sent_at)'), false],
      [
        `Repo.all(from p in Parcel, group_by: p.depot_id, order_by: fragment("max(?)", p.id), select: p.depot_id)`,
        true,
      ],
    ],
  ],
  ["COUNT(*) FILTER (WHERE ?)", [[grouped('fragment("COUNT(*) FILTER (WHERE ?)", p.paid or p.free)'), true]]],
  ["COUNT(?) FILTER (WHERE ?)", [[grouped('fragment("COUNT(?) FILTER (WHERE ?)", p.name, p.grams > 0)'), true]]],
  ["SUM(?) FILTER (WHERE ?)", [[grouped('fragment("SUM(?) FILTER (WHERE ?)", p.grams, p.paid)'), true]]],
  [
    "ROW_NUMBER() OVER (PARTITION BY ? ORDER BY ?)",
    [[select('fragment("ROW_NUMBER() OVER (PARTITION BY ? ORDER BY ?)", p.depot_id, p.id)'), true]],
  ],
  [
    "RANK() OVER (PARTITION BY ? ORDER BY ?)",
    [
      [select('fragment("RANK() OVER (PARTITION BY ? ORDER BY ?)", p.depot_id, p.grams)'), true],
      [select('fragment("rank() over (partition by ? order by ?)", p.sent_on, p.price)'), true],
    ],
  ],
  [
    "DATE(?)",
    [
      [select('fragment("DATE(?)", p.sent_at)'), true],
      [where('fragment("date(?)", p.sent_at) == ^~D[2024-03-01]'), true],
    ],
  ],
  ["CAST(? AS text)", [[select('fragment("CAST(? AS text)", p.grams)'), true]]],
  [
    "CAST(? AS integer)",
    [
      [select('fragment("cast(? as integer)", p.price)'), true],
      [where('fragment("CAST(? AS integer)", p.price) == 4'), true],
    ],
  ],
  [
    "?::text",
    [
      [select('fragment("?::text", p.price)'), true],
      [where('fragment("?::text", p.grams) == "500"'), true],
    ],
  ],
  [
    "?::integer",
    [
      [select('fragment("?::integer", p.paid)'), false],
      [select('fragment("?::integer", p.price)'), true],
    ],
  ],
  [
    "?::date",
    [
      [select('fragment("?::date", p.sent_at)'), true],
      [where('fragment("?::date", p.due_at) in ^[~D[2024-03-01]]'), true],
    ],
  ],
  ["NOW() - INTERVAL '<interval>'", both(`(p.due_at > fragment("NOW() - INTERVAL '7 days'"))`)],
  ["NOW() + INTERVAL '<interval>'", both(`(p.due_at > fragment("now() + interval '1 week'"))`)],
  ["NOW() - make_interval(days => ?)", both('(p.due_at > fragment("NOW() - make_interval(days => ?)", ^7))')],
  ["? + INTERVAL '<interval>'", both(`(p.due_at < fragment("? + INTERVAL '36 hours'", p.sent_at))`)],
  [
    "?->'<key>'",
    [
      [select(`fragment("?->'kind'", p.meta)`), true],
      [select(`fragment("?->'size'", p.meta)`), true],
      ...both(`fragment("? IS NULL", fragment("?->'kind'", p.meta))`),
    ],
  ],
  [
    "?->>'<key>'",
    [
      [select(`fragment("?->>'kind'", p.meta)`), true],
      // The number 1 and the text "1" are no longer the same, and `null` is a value.
      [select(`fragment("?->>'rank'", p.meta)`), false],
      [where(`is_nil(fragment("?->>'kind'", p.meta))`), false],
    ],
  ],
  [
    "?->'<key>'->>'<inner>'",
    [
      [where(`fragment("?->'size'->>'w'", p.meta) == "3" and p.grams < 1000`), true],
      [select(`fragment("?->'size'->>'w'", p.meta)`), false],
    ],
  ],
  [
    "?->>'<key>' = 'true'",
    [
      [where(`fragment("?->>'fragile' = 'true'", p.meta)`), true],
      [where(`not fragment("(?)->>'fragile' = 'true'", p.meta)`), false],
    ],
  ],
  [
    "?->>'<key>' = 'false'",
    [
      [where(`fragment("?->>'fragile' = 'false'", p.meta)`), true],
      [where(`not fragment("?->>'fragile' = 'false'", p.meta)`), false],
    ],
  ],
  [
    "?->>'<key>' = ?",
    [
      [where(`fragment("?->>'kind' = ?", p.meta, ^"toy")`), true],
      [where(`fragment("?->>'kind' = 'toy'", p.meta)`), true],
      [where(`not fragment("?->>'kind' = 'toy'", p.meta)`), false],
      [where(`fragment("?->>'rank' = ?", p.meta, ^"1")`), false],
    ],
  ],
  [
    "? ASC NULLS LAST",
    [
      [`Repo.all(from p in Parcel, order_by: [fragment("? ASC NULLS LAST", p.grams), p.id], select: p.id)`, true],
      [
        `Repo.all(from p in Parcel, order_by: [asc: fragment("? ASC NULLS LAST", p.name), desc: p.id], select: p.id)`,
        true,
      ],
    ],
  ],
  [
    "? DESC NULLS LAST",
    [
      [
        `Repo.all(from p in Parcel, order_by: [fragment("? DESC NULLS LAST", p.grams), desc: p.id], select: p.id)`,
        true,
      ],
      [
        `Parcel |> order_by([p], fragment("? desc nulls last", p.price)) |> order_by(:id) |> select([p], p.id) |> Repo.all()`,
        true,
      ],
    ],
  ],
  ["? AS ?", [[select('fragment("? AS ?", p.grams, identifier(^"weight"))'), true]]],
  ["? AS <name>", [[select('fragment("? AS weight", p.grams)'), true]]],
];
