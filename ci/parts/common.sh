# Shared by .ci/run, which sets CI_LOGS, CI_WORK and CI_START, and by the scripts of its parts, which it starts in the root of the project.
# shellcheck shell=bash
set -euo pipefail
: "${CI_LOGS:?is set by .ci/run, which starts the parts}"
logs=$CI_LOGS
work=$CI_WORK
SECONDS=$((EPOCHSECONDS - CI_START))

say() { printf '\n[%4ds] == %s\n' "$SECONDS" "$*"; }
fail() { printf '\n[%4ds] FAILED: %s\n' "$SECONDS" "$*" >&2; exit 1; }

# Calls a function, with the exit status, when the script ends for whatever reason; the script then ends with that status.
at_exit() {  # function
  # shellcheck disable=SC2064 # the name is known now
  trap "finish $1" EXIT
  trap 'exit 143' TERM
  trap 'exit 130' INT
}

finish() {  # function
  local status=$?
  trap - EXIT
  # `timeout` sends its signal twice, and the second one would end the clean-up.
  trap '' TERM INT
  set +e
  "$1" "$status"
  exit "$status"
}

# Commands that take long run in the background: bash handles a signal only when the command in the foreground is over. One at a time.
child=
run() {  # command...
  start "$@"
  wait_for_child
}

start() {  # command...
  "$@" &
  child=$!
}

wait_for_child() {
  local status=0
  wait "$child" || status=$?
  child=
  return $status
}

# What a step prints goes to the log of the part; its end is shown when it fails.
step() {  # name command...
  local name=$1
  shift
  echo "$name"
  echo "== $name: $*" >>"$log"
  run "$@" >>"$log" 2>&1 || { tail -40 "$log"; fail "$name"; }
}

end_child() { [ -z "$child" ] || end "$child"; }

# Waits only where there was something to end: bash may miss the end of a process at the moment of a signal, and would wait for ever.
end() { { kill "$1" && wait "$1"; } 2>/dev/null; }  # pid

await() {  # seconds command...
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.5
  done
}

# Sets the variable to a port on which nothing listens. Below 32768, where the kernel takes no ports for outgoing connections.
last_port=$((20000 + $$ % 10000))
free_port() {  # variable
  last_port=$((last_port + 1))
  while (: <"/dev/tcp/127.0.0.1/$last_port") 2>/dev/null; do last_port=$((last_port + 1)); done
  printf -v "$1" %s "$last_port"
}

# --- Container engine: ci/parts/preparation leaves its exit status and its variables, ci/parts/images adds those of the images ------
engine_status() { cat "$work/engine.status" 2>/dev/null || true; }

# The lines of engine.env are in the environment.
compile_clean_clone() {
  local began=$SECONDS
  run ci/clean-clone "$work/clone" >"$logs/clean-clone.log" 2>&1 || return
  grep -E '^(clone of|changes) ' "$logs/clean-clone.log"
  echo "compiled in the Dockerfile in $((SECONDS - began)) s"
}

# --- Maven ------------------------------------------------------------------------------------------------------------------------
# The log is kept whole; what is printed leaves out the lines about downloads. A build that is not over in time hangs: all its JVMs are made
# to say where they stand, in the log or beside it, and are ended. The limit is far above what the build takes.
maven() {  # log limit arguments...
  local log=$logs/$1.log limit=$2 status=0 printer
  shift 2
  echo "mvn $*    (log: $log, limit: $limit)"
  : >"$log"
  # It hands a signal on to all that it started.
  start timeout --signal=QUIT --kill-after=20s "$limit" mvn "$@" >"$log" 2>&1
  tail -n +1 -f -s 0.5 --pid="$child" "$log" | grep --line-buffered -vE '^(\[INFO\] |Progress.*)?Download(ed|ing) from |^Progress ' &
  printer=$!
  wait_for_child || status=$?
  wait "$printer" || true
  [ $status != 137 ] || fail "mvn $*: not over within $limit; where it stood is said at the end of $log"
  [ $status = 0 ] || { what_failed "$log"; fail "mvn $*"; }
  # A missing POM is only a warning to Maven, and the version that it then takes is not predictable.
  ! grep -n 'no dependency information available' "$log" || fail "a dependency has no POM"
}

# Printed again at the end, as often only the end of a long output is kept.
what_failed() {  # log
  say "what failed"
  sed -nE '/^\[ERROR\] (Failures|Errors): *$/,/^\[(ERROR|INFO)\] (Tests run:| *$)/p; /^crash /p' "$1" | cut -c1-600 | tail -40
}

# Fails when the tests of a profile were not found.
count_tests() {  # log, which is named as the profile
  local count
  count=$(sed -nE 's/^\[(INFO|WARNING)\] Tests run: ([0-9]+),.*[0-9]$/\2/p' "$logs/$1.log" | awk '{n += $1} END {print n + 0}')
  [ "$count" -gt 0 ] || fail "the profile '$1' ran no test"
  echo "$count tests ran with -P$1"
}
