import { projectRule, suggest } from "../../lint/rule.ts";
import { packages } from "../../project/packages.ts";
import { addPackages } from "../../refactor/add-packages.ts";

const CREDO = '{:credo, "~> 1.7", only: [:dev, :test], runtime: false}';
/** Credo, and what others have instead. */
const LINTERS = new Set(["credo", "styler", "quokka", "recode", "ex_check"]);

export default projectRule({
  id: "design/credo-missing",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  summary: "A project without Credo: style and consistency are reviewed by hand, or not at all.",
  files: ["script"],
  check(cx) {
    const { mix, names } = cx.read(packages);
    if (!mix?.deps || names.some((name) => LINTERS.has(name)) || mix.example || mix.nested || mix.empty) return;
    const { list } = mix.deps;
    cx.report(
      mix.deps.at,
      "No `mix.exs` of this project lists `:credo`: style and consistency are left to whoever reviews; add it for `:dev` and `:test`, and run `mix credo` in CI.",
      {
        fixes: list
          ? [suggest("Add `:credo` to the dependencies", (source) => addPackages(source.elsewhere(list), CREDO))]
          : [],
      },
    );
  },
});
