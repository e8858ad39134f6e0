import type { ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";

/** What a module of the project is by what it uses: the functions that the library gives it are known by that. */
export type LibraryKind =
  | "repo"
  | "mailer"
  | "endpoint"
  | "http-client"
  | "presence"
  | "remote-api"
  | "remote-resource";

/** A module of the project, and its kind; null where its name says another. */
interface OwnKind {
  readonly module: string;
  readonly kind: LibraryKind | null;
}

/** Answers of which kind a module is. `own` is what the project says of its own modules. */
export type LibraryKindOf = ((module: string) => LibraryKind | null) & { readonly own: readonly OwnKind[] };

const BY_USE: ReadonlyMap<string, LibraryKind> = new Map([
  ["Ecto.Repo", "repo"],
  ["Swoosh.Mailer", "mailer"],
  ["Bamboo.Mailer", "mailer"],
  ["Phoenix.Endpoint", "endpoint"],
  ["Tesla", "http-client"],
  ["Tesla.Builder", "http-client"],
  ["HTTPoison.Base", "http-client"],
  ["Phoenix.Presence", "presence"],
]);

/**
 * Modules that use a library, directly or through a macro, or that wrap a repository by hand. A module that the project
 * does not define is known by its name, by the convention of every generator: `Repo`, `Mailer`, `Endpoint`.
 * As long as the answers are the same, so is the value: an edit of some function concerns nobody who asked.
 */
export const libraryKinds: View<LibraryKindOf> = {
  name: "library modules",
  slices: ["uses", "functions"],
  compute(facts, previous) {
    const own = facts.collect(ownKind);
    if (previous?.own === own) return previous;
    const answers = new Map<string, LibraryKind | null>();
    for (const { module, kind } of own) answers.set(module, kind ?? answers.get(module) ?? null);
    const kindOf = (module: string): LibraryKind | null => {
      const known = answers.get(module);
      if (known !== undefined) return known;
      const answer = kindByName(module);
      answers.set(module, answer);
      return answer;
    };
    return Object.assign(kindOf, { own });
  },
};

/** Only what the name alone would not tell. */
function ownKind(module: ModuleFacts): readonly OwnKind[] {
  const kind = kindByUse(module) ?? (wrapsRepo(module) ? "repo" : null);
  return kind !== null || kindByName(module.name) !== null ? [{ module: module.name, kind }] : [];
}

function kindByUse(module: ModuleFacts): LibraryKind | null {
  for (const use of module.uses) {
    const kind = BY_USE.get(use.module);
    if (kind) return kind;
  }
  return null;
}

/** A module called so that offers a repository's functions itself, by hand or by a macro: then it has none written out. */
function wrapsRepo({ name, byName, clauses, schema }: ModuleFacts): boolean {
  if (!looksLikeRepo(name)) return false;
  return (byName.has("all") && byName.has("get")) || (clauses.length === 0 && schema === null);
}

/** True for names such as `Repo`, `MyApp.Repo`, `MyApp.ReadRepo`. */
export function looksLikeRepo(module: string): boolean {
  return /(?:^|\.)(?:\w*[a-z0-9])?Repo$/.test(module);
}

function kindByName(module: string): LibraryKind | null {
  if (looksLikeRepo(module)) return "repo";
  if (/(?:^|\.)Endpoint$/.test(module)) return "endpoint";
  if (/\.Mailer$/.test(module)) return "mailer";
  if (REMOTE_API.test(module)) return "remote-api";
  return REMOTE_RESOURCE.test(module) ? "remote-resource" : null;
}

/**
 * Clients of libraries: the generated ones of Google (google_api_storage 0.46, `GoogleApi.Storage.V1.Api.Objects`), Ethereumex 0.10,
 * and those called after what they are.
 */
const REMOTE_API = /^GoogleApi\.\w+\.V\w+\.Api\.|^Ethereumex\.\w+Client$|(?:^|[.a-z0-9])(?:H(?:ttp|TTP)\.?Client)$/;

/** Structs of a service, whose functions ask for it: stripity_stripe 3 (`Stripe.Customer`), ExTwilio 0.10 (`ExTwilio.Message`). */
const REMOTE_RESOURCE = /^(?:Stripe|ExTwilio)\.[A-Z]/;
