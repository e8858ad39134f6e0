/** Modules whose functions have no effect that Lintel knows of; calls of them are not kept as facts. */
export const PURE_MODULES: ReadonlySet<string> = new Set(
  `Access Atom Base Bitwise Calendar Date DateTime Decimal Ecto.Changeset Ecto.Enum Ecto.Query Ecto.Schema Ecto.Type
   Ecto.UUID Enum Exception Float Gettext Inspect Integer IO.ANSI Jason Jason.Encoder JSON Kernel Keyword List Logger
   Macro Map MapSet Math Module NaiveDateTime Path Phoenix.Component Phoenix.HTML Phoenix.HTML.Form Phoenix.Naming
   Phoenix.Param Phoenix.Token Plug.Conn.Query Poison Range Regex Stream String String.Chars Time Tuple URI Version
   :binary :calendar :erl_eval :io_lib :lists :maps :math :queue :rand :string :unicode :crypto :base64 :gb_trees :sets
   :gb_sets :ordsets :array :zlib :erl_syntax`.split(/\s+/),
);

/** Functions, macros and special forms of Kernel that have no effect of their own. */
export const KERNEL: ReadonlySet<string> = new Set(
  `abs alias and apply assert binary_part binding bit_size byte_size case ceil cond defexception defimpl defmodule defoverridable
   defprotocol defstruct destructure div dbg elem else floor fn for from_struct function_exported? get_and_update_in get_in hd if
   import in inspect is_atom is_binary is_bitstring is_boolean is_exception is_float is_function is_integer is_list
   is_map is_map_key is_nil is_number is_pid is_port is_reference is_struct is_tuple length macro_exported? make_ref
   map_size match? max min node not nil or pop_in put_elem put_in quote raise rem require reraise round self super
   sigil_r sigil_w struct struct! tap then throw tl to_charlist to_string trunc try tuple_size unless unquote
   unquote_splicing update_in use var! with receive`.split(/\s+/),
);

/** Functions of those modules that are kept all the same: what they are given matters, or what is done with what they give. */
export const KEPT: ReadonlySet<string> = new Set([
  "String.to_atom",
  "Ecto.Changeset.change",
  "Ecto.Changeset.put_change",
  "Ecto.Changeset.force_change",
  "Ecto.Changeset.cast",
  "Ecto.Changeset.cast_assoc",
  "Ecto.Changeset.cast_embed",
  "Ecto.Changeset.put_assoc",
  "Ecto.Changeset.put_embed",
  "List.to_atom",
  "Module.concat",
  "Jason.decode",
  "Jason.decode!",
  "Poison.decode",
  "Poison.decode!",
  "Ecto.Changeset.get_change",
  "Ecto.Changeset.fetch_change",
  "Ecto.Changeset.fetch_change!",
]);
