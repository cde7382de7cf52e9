# Completion of ./boxoffice for zsh: source <(./boxoffice completion zsh)
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
_boxoffice() {
  local word="${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" = 1 ]; then
    words='airflow bench completion dashboards deploy destroy down lint login logs metrics new-source privileges replay report reset run sql status test trigger up validate'
  else
    case "${COMP_WORDS[1]}" in
      airflow) words='--help' ;;
      bench) words='--help' ;;
      completion) words='--help bash fish zsh' ;;
      dashboards) words='--help --stop' ;;
      deploy) words='--dry-run --env --help --yes' ;;
      destroy) words='--confirm --dry-run --env --help' ;;
      down) words='--help' ;;
      lint) words='--help' ;;
      login) words='--as --help --json analyst extractor' ;;
      logs) words='--follow --help --lines' ;;
      metrics) words='--by --csv --help --json --limit --order --sql --where explain export list query' ;;
      new-source) words='--help --like ticketmaster tickit' ;;
      privileges) words='--help --json' ;;
      replay) words='--date --dry-run --help' ;;
      report) words='--dashboard --help --open --output' ;;
      reset) words='--help --yes' ;;
      run) words='--date --help' ;;
      sql) words='--as --csv --file --help --json analyst extractor' ;;
      status) words='--help --json' ;;
      test) words='--help --quick' ;;
      trigger) words='--accept-drop --date --full --help --location --rebuild --refetch --wait' ;;
      up) words='--help' ;;
      validate) words='--help --json' ;;
    esac
  fi
  COMPREPLY=($(compgen -W "${words:-}" -- "$word"))
}
complete -o default -o bashdefault -F _boxoffice boxoffice
