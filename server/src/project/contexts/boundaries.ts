import { shortName } from "../../base/module-name.ts";
import { type Anchor, headOf, type ModuleFacts } from "../../facts/facts.ts";
import { looksLikeRepo } from "../calls/library-modules.ts";
import type { ByModule, View } from "../project.ts";

/**
 * What a namespace directly below the application's is for: `context` keeps data of its own behind functions, `schema` is a schema
 * that stands there by itself, `services` are functions of all contexts, put together by what they are, `web` is the web layer,
 * `infrastructure` is what every Phoenix project has (the repository, the mailer, the supervisor, …), and `support` is anything else.
 */
export type BoundaryKind = "context" | "services" | "schema" | "web" | "infrastructure" | "support";

/** A namespace of an application: `Shop.Orders` with everything below it, or the web layer. */
export interface Boundary {
  readonly name: string;
  readonly kind: BoundaryKind;
  /** The names of its modules, in the order of their files. */
  readonly modules: readonly string[];
  /** Those of them that declare a schema with a table. */
  readonly schemas: readonly string[];
  /** Where to report what concerns it as a whole: the name of its uppermost module. */
  readonly at: Anchor;
}

export interface Boundaries extends ByModule<Boundary | null> {
  readonly all: readonly Boundary[];
  named(module: string): Boundary | null;
}

/** What is kept from one computation to the next: boundaries by all that they say, and what they were made of. */
interface Memo extends Boundaries {
  readonly bySignature: ReadonlyMap<string, Boundary>;
  readonly traits: readonly Traits[];
}

/**
 * The namespaces of the applications in `lib/`. An application's namespace is where its repositories stand: `Shop` of
 * `Shop.Repo`; a project without a repository has no boundaries, nor has what stands outside of these namespaces.
 */
export const boundaries: View<Memo> = {
  name: "boundaries",
  slices: ["uses", "schemas", "functions"],
  compute(facts, before) {
    const traits = facts.collect(traitsOf);
    if (before?.traits === traits) return before;
    const bySignature = new Map<string, Boundary>();
    for (const draft of draftsOf(traits)) {
      const boundary = boundaryOf(draft);
      const signature = JSON.stringify(boundary);
      bySignature.set(signature, before?.bySignature.get(signature) ?? boundary);
    }
    const all = [...bySignature.values()].sort(byName);
    if (before && all.length === before.all.length && all.every((boundary, i) => boundary === before.all[i]))
      return Object.assign(before, { traits });
    const byModule = new Map(all.flatMap((boundary) => boundary.modules.map((module) => [module, boundary] as const)));
    const named = (module: string): Boundary | null => byModule.get(module) ?? null;
    return { all, named, of: (module) => named(module.name), bySignature, traits };
  },
};

/** True for what the web layer goes to when it reads or changes data. */
export function isDomain({ kind }: Boundary): boolean {
  return kind === "context" || kind === "services";
}

/** True for `Shop.Tags` and `Shop.Tag`, by the ways in which English forms its plurals most often. */
export function isPluralOf(plural: string, singular: string): boolean {
  const name = shortName(singular);
  return [`${name}s`, `${name}es`, name.replace(/y$/, "ies")].includes(shortName(plural));
}

/** What of a module decides about boundaries. */
interface Traits {
  readonly name: string;
  readonly head: Anchor;
  /** True when it is of the web layer by what it uses, or by a folder of old; its folder of now is not always right. */
  readonly web: boolean;
  readonly inWebFolder: boolean;
  readonly plug: boolean;
  readonly repo: boolean;
  readonly schema: "table" | "embedded" | null;
  readonly usesRepo: boolean;
  readonly process: boolean;
}

function traitsOf(module: ModuleFacts): Traits[] {
  if (!isApplicationCode(module)) return [];
  const { name, path, uses, schema } = module;
  return [
    {
      name,
      head: headOf(module),
      web: OLD_WEB_FOLDER.test(path) || uses.some((use) => WEB_USES.test(use.module)),
      inWebFolder: WEB_FOLDER.test(path),
      plug: isPlug(module),
      repo: uses.some((use) => use.module === "Ecto.Repo"),
      schema: schema === null ? null : schema.source === null ? "embedded" : "table",
      usesRepo: usesRepo(module),
      process: uses.some((use) => PROCESSES.has(use.module)),
    },
  ];
}

interface Draft {
  readonly name: string;
  readonly isWeb: boolean;
  readonly modules: Traits[];
}

function draftsOf(modules: readonly Traits[]): Draft[] {
  const apps = appsOf(modules);
  const drafts = new Map<string, Draft>();
  for (const module of apps.length > 0 ? modules : []) {
    const app = apps.find((name) => module.name.startsWith(`${name}.`)) ?? null;
    const isWeb = isOfTheWeb(module, app);
    const name = isWeb ? webName(module.name, app) : module.plug ? null : contextName(module.name, app);
    if (name === null) continue;
    const draft = drafts.get(name);
    if (draft) draft.modules.push(module);
    else drafts.set(name, { name, isWeb, modules: [module] });
  }
  return [...drafts.values()];
}

/**
 * What is compiled into the application, as the folders have it, without tasks of Mix and what serves them; implementations of
 * protocols belong to nobody.
 */
function isApplicationCode({ path, keyword }: ModuleFacts): boolean {
  return /\/(?:lib|web)\/(?!mix\/|(?:.*\/)?(?:test|priv|deps)\/).*\.ex$/.test(path) && keyword !== "defimpl";
}

/** The namespaces of repositories, without those below another. */
function appsOf(modules: readonly Traits[]): string[] {
  const found = new Set<string>();
  for (const { name, repo } of modules) if (repo && name.includes(".")) found.add(parentOf(name));
  const apps = [...found].sort();
  return apps.filter((app) => !apps.some((other) => app.startsWith(`${other}.`)));
}

function parentOf(module: string): string {
  return module.slice(0, module.lastIndexOf("."));
}

const WEB_NAME = /^(?:\w+\.)*?\w*Web(?:\.|$)/;
/** Below an application's own name; `Shop.Leads.ShopWeb` is what `Leads` calls a site of that name. */
const WEB_BELOW = /^(?:\w*Web|(?:\w+\.)+Web)(?:\.|$)/;
const WEB_FOLDER = /\/lib\/(?:[^/]+\/)*?(?:\w+_)?web\//;
const OLD_WEB_FOLDER = /\/web\/(?:controllers|channels|live|views|plugs|router)\b/;
const WEB_USES = /^Phoenix\.(?:Controller|LiveView|LiveComponent|Channel|Router|Endpoint)$/;

/** The name of an application may end in `Web` itself; it says nothing then, and nor does that of its folder. */
function isOfTheWeb({ name, web, inWebFolder }: Traits, app: string | null): boolean {
  const named = app ? WEB_BELOW.test(name.slice(app.length + 1)) : WEB_NAME.test(name);
  return web || named || (!app?.endsWith("Web") && inWebFolder);
}

/** A plug that a context keeps stands between the layers, and in neither. */
function isPlug({ name, uses, behaviours }: ModuleFacts): boolean {
  return (
    /Plug$/.test(name) ||
    behaviours.includes("Plug") ||
    uses.some((use) => /^Plug\.(?:Builder|Router)$/.test(use.module))
  );
}

/** `ShopWeb`, `Shop.Web`; what else serves the web within `Shop` is put to `ShopWeb`. */
function webName(module: string, app: string | null): string {
  const own = WEB_NAME.exec(module)?.[0].replace(/\.$/, "");
  return own ?? (app ? `${app}Web` : (module.split(".")[0] as string));
}

function contextName(module: string, app: string | null): string | null {
  return app ? `${app}.${module.slice(app.length + 1).split(".")[0]}` : null;
}

const INFRASTRUCTURE =
  /^(?:\w*Repo(?:Base|Replica)?|PubSub|Mailer|\w*Telemetry|Application|\w*Supervisor|\w*Endpoint|Release|ReleaseTasks|Gettext|Cldr|Vault|Encrypted|Schema|EctoSchema|Ecto|Ecto\w*Types?|Types?|Utils?|\w*Helpers?|\w*Migrations?|Cache|Config|Settings|Presence|Guardian|PromEx|Cluster|Env|Macros?|Logger|Sentry|Metrics|Tracing|Seeds?|Tasks|Factory|Test\w*|Support|Context|Query|Queries|Changeset|Validations?|Validators?)$/;
const PROCESSES = new Set(["Oban.Worker", "GenServer", "Supervisor", "Agent", "Task", "Mix.Task", "Broadway"]);

function boundaryOf({ name, isWeb, modules }: Draft): Boundary {
  const first = modules.find((module) => module.name === name) ?? highest(modules);
  return {
    name,
    kind: isWeb ? "web" : kindOf(name, modules),
    modules: [...new Set(modules.map((module) => module.name))],
    schemas: modules.filter((module) => module.schema === "table").map((module) => module.name),
    at: first.head,
  };
}

/** The first with the shortest name. */
function highest(modules: readonly Traits[]): Traits {
  const depth = (module: Traits): number => module.name.split(".").length;
  return modules.reduce((best, module) => (depth(module) < depth(best) ? module : best));
}

function kindOf(name: string, modules: readonly Traits[]): BoundaryKind {
  const table = modules.some((module) => module.schema === "table");
  if (INFRASTRUCTURE.test(shortName(name)) && !table) return "infrastructure";
  const head = modules.find((module) => module.name === name);
  if (head?.schema) return "schema";
  // Jobs stand beside the web layer: they too call the contexts that enqueue them.
  if (/(?:Workers?|Jobs?|Tasks?|Scripts?)$/.test(shortName(name))) return "support";
  if (!table && !modules.some((module) => module.usesRepo)) return "support";
  // Functions that are called services are put together by what they are, and not by what they are about.
  if (!head && /^(?:Services|UseCases|Interactors|Operations|Actions|Commands|Mutations)$/.test(shortName(name)))
    return "services";
  const [only] = modules;
  if (modules.length === 1 && only?.process) return "support";
  // Without a module of its name a namespace of one module is that module, and no boundary.
  return head || modules.length > 1 ? "context" : "support";
}

function usesRepo(module: ModuleFacts): boolean {
  return module.clauses.some(({ calls }) => calls.some((call) => call.module !== null && looksLikeRepo(call.module)));
}

function byName(a: Boundary, b: Boundary): number {
  return a.name < b.name ? -1 : 1;
}
