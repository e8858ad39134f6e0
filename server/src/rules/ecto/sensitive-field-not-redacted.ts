import { shortName } from "../../base/module-name.ts";
import type { SchemaField } from "../../facts/facts.ts";
import { anchor, type Fix, fix, moduleRule } from "../../lint/rule.ts";
import { keywordValue } from "../../syntax/flow.ts";

/** What such a field is called; `token` and `secret` also as the last word. */
const SENSITIVE =
  /^(?:password|passwd|hashed_password|password_hash|encrypted_password|current_password|password_confirmation|api_key|apikey|private_key|secret_key|ssn|credit_card_number|otp_secret|totp_secret|credentials?)$|(?:^|_)(?:token|secret|password|api_key|private_key)$/;
/** Names and types that are of a secret, but are none. */
const HARMLESS =
  /^(?:public|csrf|push|expo_push|device|fcm|apns|stripe|card|next_page|page|continuation|cursor|idempotency|idempotent|sync|next_sync|dedup|deduplication|concurrency)_|_(?:count|type|name|id|at)$/;
const TYPES = /^(?:string|binary|bitstring|any|redacted|map|array string|)$/;

export default moduleRule({
  id: "ecto/sensitive-field-not-redacted",
  category: "security",
  severity: "information",
  since: "0.1.0",
  summary:
    "A field that holds a secret has no `redact: true`: every `inspect` of the row prints it into logs and crash reports.",
  check(module, cx) {
    const { schema, attributes } = module;
    if (!schema || hidesFields(attributes.get("derive")) || attributes.has("schema_redact")) return;
    for (const field of schema.fields) {
      if (field.redact || !isSensitive(field)) continue;
      cx.report(
        anchor(module, schema, field.at),
        `\`${field.name}\` is shown by every \`inspect\` of \`${shortName(module.name)}\`, in logs, error reports and crash dumps; add \`redact: true\`, or before Ecto 3.5 \`@derive {Inspect, except: [:${field.name}]}\` (Elixir 1.8).`,
        // An older Ecto takes the option and does nothing with it.
        { fixes: [fix("Add `redact: true`", redact, { ecto: "3.5.0" })], requires: { elixir: "1.8.0" } },
      );
    }
  },
});

function isSensitive({ name, type, uuid }: SchemaField): boolean {
  // A row is told by it, in addresses and answers.
  if (uuid && name === "token") return false;
  const known = TYPES.test(type) || /(?:Encrypted|Binary|Hash|Vault|Cloak)/.test(type);
  return SENSITIVE.test(name) && !HARMLESS.test(name) && known;
}

/** `@derive {Inspect, …}` decides itself what is shown. */
function hidesFields(derive: unknown): boolean {
  return JSON.stringify(derive ?? null).includes('"Inspect"');
}

const redact: Fix["edits"] = (source) => {
  const field = source.node(source.at);
  if (field?.type !== "call") return null;
  const [, type, options] = field.args;
  const last = field.args.at(-1);
  if (!last || (options && (options.type !== "list" || !options.bare)) || keywordValue(options, "redact")) return null;
  return [source.insertAfter(last, type ? ", redact: true" : ", :string, redact: true")];
};
