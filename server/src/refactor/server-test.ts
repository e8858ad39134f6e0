import { shortName } from "../base/module-name.ts";
import { type Edit, newFile } from "../lint/rule.ts";

/** A request or an error, and the public function that sends the request. */
interface Case {
  readonly what: string;
  readonly by: string | null;
}

/** A server and what its tests leave out. */
export interface ServerToTest {
  readonly module: string;
  readonly untested: readonly Case[];
  readonly errors: readonly Case[];
}

/** A test module that starts the server and has one test to be written for each case, and one for its restart. */
export function serverTest({ module, untested, errors }: ServerToTest, path: string): Edit {
  const short = shortName(module);
  const tests = [
    ...untested.map(({ what, by }) =>
      test(
        by === null ? `handles ${what}` : `${by} sends ${what}`,
        'flunk("check the answer, and the state after it")',
      ),
    ),
    ...errors.map(({ what }) => test(`answers ${what}`, 'flunk("bring the server to fail")')),
  ];
  return newFile(
    path,
    `defmodule ${module}Test do
  use ExUnit.Case

${short === module ? "" : `  alias ${module}\n\n`}  setup do
    %{pid: start_supervised!(${short})}
  end

${tests.join("\n\n")}

  test "starts with a fresh state after a crash", %{pid: pid} do
    ref = Process.monitor(pid)
    Process.exit(pid, :kill)
    assert_receive {:DOWN, ^ref, :process, ^pid, :killed}
    flunk("check what it answers once it is restarted")
  end
end
`,
  );
}

function test(name: string, body: string): string {
  return `  test "${name.replace(/["\\#]/g, "\\$&")}" do\n    ${body}\n  end`;
}
