#!/usr/bin/env bash
# Turns the result of a refresh into one pull request: opens it, updates it, or closes it when the drift is gone.
# Runs in a clean checkout of the branch that the refresh started from. It trusts nothing in the result.
#
# Environment: PROPOSAL (folder with snapshots/, output/ and report/), OUTCOME (of run.sh), BASE_BRANCH, RUN_URL,
# SOURCE (the glob of a refresh of some sources only, else empty), and what `gh` needs.
set -euo pipefail
shopt -s inherit_errexit

branch=docdrift/refresh
# The number of characters that GitHub accepts as the body of a pull request.
body_limit=65536

die() {
  printf '::error title=Nothing was proposed::%s\n' "$1" >&2
  exit 1
}

# Accepts only plain files with plain names: no links, and nothing that git or a shell could read as more than data.
check_proposal() {
  local odd
  [ -d "$PROPOSAL" ] || die "The refresh left nothing to propose."
  odd=$(find "$PROPOSAL" -mindepth 1 ! -type f ! -type d -print -quit)
  [ -z "$odd" ] || die "The proposal holds something that is neither a file nor a folder."
  odd=$(cd "$PROPOSAL" && LC_ALL=C find . -mindepth 1 -name '*[!A-Za-z0-9._-]*' -print -quit)
  [ -z "$odd" ] || die "The proposal holds a name with unusual characters."
  odd=$(find "$PROPOSAL" -mindepth 1 -name '[.-]*' -print -quit)
  [ -z "$odd" ] || die "The proposal holds a name that starts with a dot or a dash."
  if [ ! -f "$PROPOSAL/report/report.json" ] || [ ! -s "$PROPOSAL/report/report.md" ]; then
    die "The proposal has no report."
  fi
}

# A folder that is missing in the proposal stays as it is: a missing folder is an accident, not a refresh.
apply_proposal() {
  local folder
  for folder in snapshots output; do
    [ -d "$PROPOSAL/$folder" ] || continue
    rm -rf "$folder"
    cp -R "$PROPOSAL/$folder" "$folder"
    git add --all -- "$folder"
  done
}

from_report() { # JQ_FILTER
  jq -r "$1" "$PROPOSAL/report/report.json" || die "The proposal's report.json cannot be read."
}

title() {
  local severity changed kept
  severity=$(from_report '.severity | select(IN("breaking", "added", "wording", "editorial", "cosmetic", "none"))')
  changed=$(from_report '[.sources[] | select(.outcome | IN("changed", "first"))] | length')
  kept=$(from_report '[.sources[] | select(.outcome | IN("quarantined", "failed"))] | length')
  case $severity in
    '') die "The proposal's report.json does not state the severity of the drift." ;;
    none) printf 'Refresh: new data without drift' ;;
    *) printf 'Refresh: %s drift' "$severity" ;;
  esac
  printf ', %d source(s) changed' "$changed"
  [ "$kept" = 0 ] || printf ', %d kept as they were' "$kept"
}

body_file() {
  local body=$PROPOSAL/report/report.md
  if [ "$(LC_ALL=C.UTF-8 wc -m <"$body")" -gt "$body_limit" ]; then
    body=$(mktemp)
    printf 'The report is too long for a pull request; it is among the artifacts of [the run](%s).\n' "$RUN_URL" >"$body"
  fi
  printf '%s' "$body"
}

# Forks may use the same branch name. Their pull requests are left alone.
open_pull_request() {
  gh pr list --head "$branch" --base "$BASE_BRANCH" --state open --json number,isCrossRepository \
    --jq 'map(select(.isCrossRepository | not)) | .[0].number // empty'
}

nothing_changed() {
  local number
  echo "Nothing changed: no commit, no pull request."
  # Only a full refresh of all sources shows that an earlier proposal is void.
  [ "$OUTCOME" = clean ] && [ -z "${SOURCE:-}" ] || return 0
  number=$(open_pull_request)
  [ -n "$number" ] || return 0
  gh pr close "$number" --delete-branch --comment "The pages say again what \`$BASE_BRANCH\` has: $RUN_URL"
}

propose() {
  local title body number
  title=$(title)
  body=$(body_file)
  git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
    commit --quiet --message "$title"
  # The branch is recreated from the base each time, so it never conflicts and never holds outdated data.
  git push --quiet --force origin "HEAD:refs/heads/$branch"
  number=$(open_pull_request)
  if [ -n "$number" ]; then
    gh pr edit "$number" --title "$title" --body-file "$body"
  else
    gh pr create --head "$branch" --base "$BASE_BRANCH" --title "$title" --body-file "$body"
  fi
}

case $OUTCOME in
  clean | drift | incomplete) ;;
  *) die "docdrift ended as '$OUTCOME'; that is no refresh." ;;
esac
check_proposal
apply_proposal
if git diff --cached --no-ext-diff --quiet -- snapshots output; then nothing_changed; else propose; fi
