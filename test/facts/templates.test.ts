import assert from "node:assert/strict";
import { it } from "node:test";
import { modulesIn, nameOf, projectOn } from "../support/facts.ts";

const PATH = "lib/shop_web/parcel.html.heex";

it("a template file is a module whose one clause holds its calls", () => {
  const text =
    "<p :for={p <- Shop.Parcels.all()} class={css(p)}>{String.upcase(p.code)}</p>\n<%= if @a do %><%= Shop.b(@a) %><% end %>";
  const [module, ...others] = modulesIn(text, PATH);
  assert.deepEqual(others, []);
  assert.equal(module?.name, `/app/${PATH}`);
  assert.equal(module?.keyword, "template");
  const [clause] = module?.clauses ?? [];
  assert.deepEqual(clause?.calls.map(nameOf), ["Shop.Parcels.all/0", "css/1", "Shop.b/1"]);
  assert.ok(clause?.calls.every((call) => call.template && call.runs === "inline"));
});

it("a template that says nothing is no module, and none any more when its last call goes", () => {
  const project = projectOn({ [PATH]: "<p>name</p>" });
  assert.deepEqual(project.project.modules(), []);
  project.update(`/app/${PATH}`, "<p>{Shop.name()}</p>");
  project.refresh(true);
  assert.equal(project.project.modules().length, 1);
  project.edit(`/app/${PATH}`, [{ start: 4, end: 15, text: "1" }]);
  project.refresh(true);
  assert.deepEqual(project.project.modules(), []);
});
