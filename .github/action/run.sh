#!/usr/bin/env bash
# Runs one docdrift command in a workflow. Writes how it ended to the outputs of the step. The step fails if a person has
# to look at the result. A crash of docdrift is reported as a crash and never as drift: its output until then appears
# only in the log.
#
# All input is in the environment: DOCDRIFT_COMMAND, _ROOT, _SOURCE, _FAIL_ON, _LANG, _OLD, _NEW, _BINARY as action.yml
# describes them, and GITHUB_OUTPUT, GITHUB_STEP_SUMMARY and RUNNER_TEMP as the runner sets them.
set -euo pipefail

command=${DOCDRIFT_COMMAND:-check}
root=${DOCDRIFT_ROOT:-.}
source=${DOCDRIFT_SOURCE:-}
fail_on=${DOCDRIFT_FAIL_ON:-}
lang=${DOCDRIFT_LANG:-}
old=${DOCDRIFT_OLD:-}
new=${DOCDRIFT_NEW:-}
binary=${DOCDRIFT_BINARY:-}

severity='' report='' changed=false

error() { # TITLE TEXT
  local text=${2//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '::error title=%s::%s\n' "$1" "${text//$'\n'/%0A}"
}

finish() { # OUTCOME EXIT_CODE
  printf '%s\n' "outcome=$1" "exit-code=$2" "severity=$severity" "report=$report" "changed=$changed" >>"$GITHUB_OUTPUT"
  case $command/$1 in
    */clean | refresh/drift) exit 0 ;;
    *) exit 1 ;;
  esac
}

refuse() { # WHY
  error 'docdrift got wrong inputs' "$1"
  finish misconfigured 2
}

one_of() { # INPUT VALUE ALLOWED…
  local input=$1 value=$2 allowed
  shift 2
  for allowed; do [ "$value" != "$allowed" ] || return 0; done
  refuse "the input '$input' is $(printf %q "$value"), not one of: $*"
}

only_for() { # INPUT VALUE COMMAND…
  local input=$1 value=$2
  shift 2
  [ -z "$value" ] || [[ " $* " == *" $command "* ]] || refuse "the input '$input' is for: $*; the command is '$command'"
}

check_inputs() {
  local name
  for name in command root source fail_on lang old new binary; do
    # With a line break, an input could write outputs of its own and commands to the runner.
    [[ ${!name} != *[[:cntrl:]]* ]] || refuse "the input '${name//_/-}' has a line break or another control character"
  done
  one_of command "$command" check refresh diff lint
  one_of lang "$lang" '' en zh
  one_of fail-on "$fail_on" '' cosmetic editorial wording added breaking none
  only_for fail-on "$fail_on" check diff lint
  only_for lang "$lang" check refresh diff
  only_for source "$source" check refresh lint
  only_for old "$old" diff
  only_for new "$new" diff
  if [ "$command" = diff ] && { [ -z "$old" ] || [ -z "$new" ]; }; then refuse "'diff' needs the inputs 'old' and 'new'"; fi
}

find_binary() {
  [ -n "$binary" ] || refuse "the input 'binary' is empty and nothing was built"
  local found
  found=$(type -P -- "$binary") || refuse "there is no program $(printf %q "$binary")"
  binary=$(cd -- "$(dirname -- "$found")" && pwd)/$(basename -- "$found")
}

enter_root() {
  # With a slash, neither a leading dash nor CDPATH changes the meaning of the name.
  [[ $root == /* ]] || root=./$root
  cd "$root" 2>/dev/null || refuse "the input 'root' is $(printf %q "$root"), which is no folder that can be entered"
  if [ "$command" = refresh ] && ! git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    refuse "'refresh' uses git to find what changed, and $(printf %q "$root") is in no git repository: check it out first"
  fi
}

# Puts the whole command line into `line`. Values are joined to their options, so that no value is parsed as an option.
command_line() {
  line=("$binary")
  [ "$command" = diff ] || line+=(--root=.)
  line+=("$command")
  [ -z "$source" ] || line+=("--source=$source")
  [ -z "$lang" ] || line+=("--lang=$lang")
  if [ "$command" = lint ]; then
    line+=(--format=markdown)
    [ "$fail_on" = none ] || line+=(--fail-on-findings)
    return
  fi
  line+=(--format=github)
  [ -z "$fail_on" ] || line+=("--fail-on=$fail_on")
  [ "$command" != diff ] || line+=(-- "$old" "$new")
}

# Prints a file to the log as plain text: the runner obeys no command in it.
show() { # FILE
  [ -s "$1" ] || return 0
  local token
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  cat -- "$1"
  printf '\n::%s::\n' "$token"
}

crashed() { # EXIT_CODE WHAT
  severity='' report='' changed=false
  show "$work/stdout"
  error 'docdrift crashed' "$2 This is a fault of docdrift, not drift: nothing it wrote should be used."
  finish crashed "$1"
}

read_refresh() { # EXIT_CODE
  report=$PWD/.docdrift/report/report.md
  severity=$(jq -er '.severity | select(IN("breaking", "added", "wording", "editorial", "cosmetic", "none"))' \
    .docdrift/report/report.json 2>/dev/null) || crashed "$1" "It ended with $1, but left no report.json that states the severity of the drift."
  [ -s "$report" ] || crashed "$1" "It ended with $1, but left no report.md."
  local status
  status=$(git status --porcelain -- snapshots output) || crashed "$1" "It ended with $1, and git cannot say what changed."
  [ -z "$status" ] || changed=true
}

answer() {
  # `lint` prints page text in Markdown; the other commands print annotations that docdrift escaped.
  if [ "$command" = lint ]; then show "$work/stdout"; else cat "$work/stdout"; fi
  [ -s "$work/report.md" ] || return 0
  cat "$work/report.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
  [ -n "$report" ] || report=$work/report.md
}

judge() { # EXIT_CODE
  case $command/$1 in
    refresh/0 | refresh/3) read_refresh "$1" ;;
    */0 | */3 | check/1 | diff/1 | diff/4 | lint/1) ;;
    */2)
      show "$work/stdout"
      error 'docdrift is misconfigured' 'The command line or a configuration file is wrong; the log says what. Nothing was touched.'
      finish misconfigured 2
      ;;
    *) crashed "$1" "It ended with $1, which is none of its exit codes." ;;
  esac
  answer
  case $1/$changed in
    0/false) finish clean 0 ;;
    0/true | 1/*) finish drift "$1" ;;
    4/*)
      error 'docdrift has nothing to compare' 'A page holds no error table; the log says why.'
      finish incomplete 4
      ;;
  esac
  error 'docdrift could not refresh every source' \
    'At least one source is quarantined or failing; its last good data is kept. The report leads with why.'
  finish incomplete 3
}

check_inputs
find_binary
enter_root
work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/docdrift.XXXXXX")
command_line
# The report of an earlier run must not pass for the report of this one.
[ "$command" != refresh ] || rm -f .docdrift/report/report.md .docdrift/report/report.json

# Page text passes through docdrift, so docdrift gets none of the runner's files but a summary of its own.
code=0
GITHUB_STEP_SUMMARY=$work/report.md GITHUB_OUTPUT=/dev/null GITHUB_ENV=/dev/null GITHUB_PATH=/dev/null \
  "${line[@]}" >"$work/stdout" 2>"$work/stderr" || code=$?
[ "$command" != lint ] || cp "$work/stdout" "$work/report.md"
show "$work/stderr"
judge "$code"
