import type { Call, Node } from "../syntax/ast.ts";

/** A view that is rendered once for each element of a collection. */
export interface RenderedElements {
  readonly collection: Node;
  /** The module of the view. */
  readonly view: string;
  readonly template: Node;
}

/**
 * What `render_many(users, UserView, "user.json")` does (phoenix_view 2.0, "Phoenix.View.render_many/4"): it calls `UserView.render/2`
 * with `%{user: user}` for each of the users. Null for every other call, and where the view is not written out.
 */
export function renderedElements({ module, name, args }: Call): RenderedElements | null {
  if (name !== "render_many" || (module !== null && module !== "Phoenix.View")) return null;
  const [collection, view, template] = args;
  return collection && view?.type === "alias" && template?.type === "string"
    ? { collection, view: view.module, template }
    : null;
}
