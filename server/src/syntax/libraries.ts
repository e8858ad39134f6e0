/**
 * What well-known libraries bring into a module: the names that `import X` makes callable, and what `use X` imports.
 * From the documentation of Ecto 3.13, Phoenix 1.8, Phoenix LiveView 1.1 and Plug 1.18; names gone since are kept.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const EXPORTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    "Ecto.Query",
    words(`combinations cross_join distinct dynamic except except_all exclude first from full_join group_by
      has_named_binding? having inner_join inner_lateral_join intersect intersect_all join last left_join left_lateral_join
      limit lock offset or_having or_where order_by preload prepend_order_by put_query_prefix recursive_ctes reverse_order
      right_join select select_merge subquery union union_all update where windows with_cte with_named_binding with_ties`),
  ],
  [
    "Ecto.Changeset",
    words(`add_error apply_action apply_action! apply_changes assoc_constraint cast cast_assoc cast_embed change
      check_constraint constraints delete_change exclusion_constraint fetch_change fetch_change! fetch_field fetch_field!
      field_missing? force_change foreign_key_constraint get_assoc get_change get_embed get_field merge
      no_assoc_constraint optimistic_lock prepare_changes put_assoc put_change put_embed traverse_errors traverse_validations
      unique_constraint unsafe_validate_unique update_change validate_acceptance validate_change validate_confirmation
      validate_exclusion validate_format validate_inclusion validate_length validate_number validate_required
      validate_subset validations changed? `),
  ],
  [
    "Ecto.Schema",
    words(
      "schema embedded_schema field belongs_to has_many has_one many_to_many embeds_one embeds_many timestamps autogenerate_id",
    ),
  ],
  [
    "Ecto.Migration",
    words(`add add_if_not_exists alter constraint create create_if_not_exists direction drop drop_if_exists execute
      execute_file flush fragment index modify prefix references remove remove_if_exists rename repo table timestamps unique_index`),
  ],
  [
    "Phoenix.Component",
    words(`assign assign_new assigns_to_attributes async_result attr changed? dynamic_tag embed_templates focus_wrap form
      inputs_for intersperse link live_component live_file_input live_flash live_img_preview live_render live_title
      portal render_slot sigil_H slot to_form update upload_errors used_input? rewrite_sigil_H`),
  ],
  [
    "Phoenix.LiveView",
    words(`allow_upload assign_async attach_hook cancel_async cancel_upload clear_flash connected? consume_uploaded_entries
      consume_uploaded_entry detach_hook disallow_upload get_connect_info get_connect_params push_event push_navigate
      push_patch put_flash put_private redirect render_with send_update send_update_after start_async static_changed?
      stream stream_async stream_configure stream_delete stream_delete_by_dom_id stream_insert transport_pid
      uploaded_entries on_mount push_redirect live_redirect live_patch`),
  ],
  [
    "Plug.Conn",
    words(`assign chunk clear_session configure_session delete_req_header delete_resp_cookie delete_resp_header delete_session
      fetch_cookies fetch_query_params fetch_session get_http_protocol get_peer_data get_req_header get_resp_header
      get_session halt inform merge_assigns merge_private merge_resp_headers prepend_req_headers prepend_resp_headers
      put_private put_req_header put_resp_content_type put_resp_cookie put_resp_header put_session put_status read_body
      read_part_body read_part_headers register_before_send request_url resp send_chunked send_file send_resp
      update_req_header update_resp_header upgrade_adapter`),
  ],
  [
    "Phoenix.Controller",
    words(`accepts action_fallback action_name allow_jsonp clear_flash controller_module current_path current_url
      delete_csrf_token fetch_flash get_csrf_token get_flash get_format html json jsonp layout merge_flash
      protect_from_forgery put_flash put_format put_layout put_new_layout put_new_view put_root_layout
      put_router_url put_secure_browser_headers put_static_url put_view redirect render root_layout router_module
      scrub_params send_download status_message_from_template text view_module view_template`),
  ],
  ["Phoenix.Channel", words("broadcast broadcast! broadcast_from broadcast_from! intercept push reply socket_ref")],
]);

const USES: ReadonlyMap<string, readonly string[]> = new Map([
  ["Phoenix.LiveView", ["Phoenix.Component", "Phoenix.LiveView"]],
  ["Phoenix.LiveComponent", ["Phoenix.Component", "Phoenix.LiveView"]],
  ["Phoenix.Component", ["Phoenix.Component"]],
  ["Phoenix.Controller", ["Phoenix.Controller", "Plug.Conn"]],
  ["Phoenix.Channel", ["Phoenix.Channel", "Phoenix.Socket"]],
  ["Phoenix.Router", ["Plug.Conn", "Phoenix.Controller"]],
  ["Plug.Builder", ["Plug.Conn"]],
  ["Plug.Router", ["Plug.Conn"]],
  ["Ecto.Schema", ["Ecto.Schema"]],
  ["Ecto.Migration", ["Ecto.Migration"]],
]);

/** What `XWeb` modules give by convention, for when the macro is outside the workspace. */
const WEB_ARGUMENTS: ReadonlyMap<string, string> = new Map([
  ["live_view", "Phoenix.LiveView"],
  ["live_component", "Phoenix.LiveComponent"],
  ["component", "Phoenix.Component"],
  ["html", "Phoenix.Component"],
  ["controller", "Phoenix.Controller"],
  ["channel", "Phoenix.Channel"],
  ["router", "Phoenix.Router"],
]);

/** True when `import module` brings the name into scope; null when the module is not a known library. */
export function exportsName(module: string, name: string): boolean | null {
  return EXPORTS.get(module)?.has(name) ?? null;
}

/** The modules that `use module` imports, for a known library. */
export function importsOfUse(module: string): readonly string[] {
  return USES.get(module) ?? [];
}

/** What `use MyAppWeb, :live_view` stands for by Phoenix's convention, or null. */
export function conventionalUse(module: string, argument: string | null): string | null {
  return argument && /Web$/.test(module) ? (WEB_ARGUMENTS.get(argument) ?? null) : null;
}
