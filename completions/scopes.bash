_scopes() {
    local candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <(COMPLETE=bash _SCOPES_LINE="${COMP_LINE:0:COMP_POINT}" _SCOPES_BREAKS="$COMP_WORDBREAKS" scopes -- 2>/dev/null)
}
complete -o nospace -F _scopes scopes
