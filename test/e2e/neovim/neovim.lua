-- Runs in `nvim --headless -u NONE -i NONE -n -S neovim.lua`. Arguments come by the environment, and the answer goes to
-- the result file as JSON: LINTEL_SERVER, LINTEL_WORKSPACE, LINTEL_FILE, LINTEL_RULE, LINTEL_RESULT.
local workspace, rule = vim.env.LINTEL_WORKSPACE, vim.env.LINTEL_RULE
local result = {}

local function wait(what, condition)
  if not vim.wait(20000, condition, 20) then
    error("Not within 20 s: " .. what)
  end
end

local function findings(buffer)
  return vim.tbl_filter(function(diagnostic)
    return diagnostic.source == "lintel"
  end, vim.diagnostic.get(buffer))
end

local function first_of_rule(buffer)
  for _, diagnostic in ipairs(findings(buffer)) do
    local code = diagnostic.code or vim.tbl_get(diagnostic, "user_data", "lsp", "code")
    if code == rule then
      return diagnostic
    end
  end
end

local function test()
  vim.cmd("edit " .. vim.fn.fnameescape(vim.env.LINTEL_FILE))
  vim.bo.filetype = "elixir"
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.start_client({
    name = "lintel",
    cmd = { "node", vim.env.LINTEL_SERVER, "--stdio" },
    root_dir = workspace,
    workspace_folders = { { uri = vim.uri_from_fname(workspace), name = "shop" } },
  })
  assert(vim.lsp.buf_attach_client(buffer, client), "the server took the file")

  wait("findings in files that are not open", function()
    local closed = {}
    for _, diagnostic in ipairs(findings(nil)) do
      if diagnostic.bufnr ~= buffer then
        closed[vim.api.nvim_buf_get_name(diagnostic.bufnr)] = true
      end
    end
    result.closed = vim.tbl_keys(closed)
    return #result.closed >= 2
  end)
  wait("a finding in the open file", function()
    return first_of_rule(buffer) ~= nil
  end)

  local finding = first_of_rule(buffer)
  result.line = finding.lnum
  result.message = finding.message
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })
  vim.ui.select = function(actions, _, choose)
    result.titles = vim.tbl_map(function(action)
      return action[2].title
    end, actions)
    choose(actions[1], 1)
  end
  vim.lsp.buf.code_action({ context = { only = { "quickfix" }, diagnostics = vim.lsp.diagnostic.get_line_diagnostics() } })
  wait("the finding goes with its fix", function()
    return first_of_rule(buffer) == nil
  end)
  result.text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
end

local ok, failure = xpcall(test, debug.traceback)
if not ok then
  result.error = failure
end
vim.fn.writefile({ vim.json.encode(result) }, vim.env.LINTEL_RESULT)
vim.cmd("qall!")
