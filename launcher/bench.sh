# shellcheck shell=sh disable=SC2154
# Benchmarks: `rookery bench elf [TREE]`, `rookery bench schedule|start|loop|dispatch|idle`. Measured things and their peers come
# from here, how they are measured is in the modules' tests: elf-inspector's rookery.elf.files.Bench,
# coordinator's rookery.coordinator.farm.ScheduleBench, StartBench, LoopBench and
# dispatch.DispatchBench. Sourced by ../rookery, whose functions it uses.

LIEF_PIN=1.0.0
PYELFTOOLS_PIN=0.33

# Histories of a failing farm in virtual time; a seed that broke a rule breaks it again.
run_sim() { # run_sim [ARGS]: does not return
    if wants_help "$@"; then
        echo "Usage: rookery sim [SEED | --seeds N [--from SEED]]"
        echo "Plays histories of a farm whose machines, disks and streams fail, and checks its promises."
        echo "Exit codes: 0 all held, 1 one did not: its seed is printed."
        exit 0
    fi
    bench_coordinator rookery.sim.Sim "$@"
}

# The coordinator's benchmarks are mains of its tests, run over the jars of this build.
bench_coordinator() { # bench_coordinator CLASS [ARGS]: does not return
    find_maven
    (cd "$ROOKERY_HOME" && "$mvn" -B -q -ntp -pl coordinator -am -Dspotless.check.skip=true test-compile) \
        >"$logs/bench.log" 2>&1 || fail_from 70 "$logs/bench.log" "the benchmark does not build"
    exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
        -cp "$ROOKERY_HOME/coordinator/target/test-classes:$app/*" "$@"
}

IDLE_SECONDS=60
AGENT_MIB=128
COORDINATOR_MIB=220

# A farm of one coordinator and one agent with nothing to do, each as the launcher starts it.
bench_idle() { # does not return
    dir=$(mktemp -d)
    XDG_CONFIG_HOME=$dir/config
    XDG_STATE_HOME=$dir/state
    ROOKERY_APP=$app
    export XDG_CONFIG_HOME XDG_STATE_HOME ROOKERY_APP
    pids=
    # shellcheck disable=SC2064,SC2086 # pids are words
    trap 'kill $pids 2>/dev/null; rm -rf "$dir"' EXIT
    "$ROOKERY_HOME/rookery" coordinator --grpc-port 0 --blob-port 0 --web-port 0 >"$dir/coordinator.log" 2>&1 </dev/null &
    coordinator=$!
    pids=$coordinator
    said 'token' "$dir/coordinator.log" || fail_from 70 "$dir/coordinator.log" "the coordinator does not start"
    farm=$(sed -n 's/^ *grpc  *\(https:[^ ]*\).*/\1/p' "$dir/coordinator.log")
    first=$(sed -n 's/^ *token  *\([^ ]*\).*/\1/p' "$dir/coordinator.log")
    "$ROOKERY_HOME/rookery" join "$farm" --token "$first" --name admin >"$dir/join.log" 2>&1 ||
        fail_from 70 "$dir/join.log" "the admin cannot join"
    token=$("$ROOKERY_HOME/rookery" token create --role agent --name idle --output json 2>"$dir/token.log" |
        sed -n 's/.*"token" *: *"\([^"]*\)".*/\1/p')
    [ -n "$token" ] || fail_from 70 "$dir/token.log" "no token was made"
    "$ROOKERY_HOME/rookery" agent --join "$farm" --token "$token" >"$dir/agent.log" 2>&1 </dev/null &
    builder=$!
    pids="$coordinator $builder"
    sleep "$IDLE_SECONDS"
    idle_rss agent "$builder" "$AGENT_MIB" "$dir/agent.log"
    idle_rss coordinator "$coordinator" "$COORDINATOR_MIB" "$dir/coordinator.log"
    exit 0
}

said() { # said WORD LOG: waits until a line begins with it
    for _ in $(seq 60); do
        if grep -q "^ *$1 " "$2"; then return; fi
        sleep 1
    done
    return 1
}

idle_rss() { # idle_rss NAME PID AIM LOG
    rss=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$2/status" 2>/dev/null) || :
    [ -n "$rss" ] || fail_from 70 "$4" "the $1 ended"
    mib=$((rss / 1024))
    verdict=met
    if [ "$mib" -gt "$3" ]; then verdict=MISSED; fi
    printf '%s: %s MiB RSS, idle for %s s, aim <= %s, %s\n' "$1" "$mib" "$IDLE_SECONDS" "$3" "$verdict"
}

run_bench() { # run_bench WHAT [ARGS]: does not return
    case "$*" in
    schedule) bench_coordinator rookery.coordinator.farm.ScheduleBench ;;
    start) bench_coordinator "-Drookery.start.flags=$COORDINATOR_RUN" rookery.coordinator.StartBench ;;
    loop) bench_coordinator rookery.coordinator.LoopBench ;;
    dispatch | 'dispatch '[0-9]*)
        shift
        MALLOC_ARENA_MAX=1
        export MALLOC_ARENA_MAX
        # shellcheck disable=SC2086 # the flags are words
        bench_coordinator $COORDINATOR_RUN rookery.coordinator.dispatch.DispatchBench "$@"
        ;;
    idle) bench_idle ;;
    esac
    if [ "${1:-}" != elf ] || wants_help "$@"; then
        say "bench takes: elf [TREE] (how fast the inspector is, beside other tools on the same files; TREE: /usr), schedule (how near jobs come to the shortest time possible), start (how soon a killed coordinator serves again with 100,000 steps), loop (steps a second through farm and database), dispatch [AGENTS…] (steps a second through a whole farm, beside its floor), or idle (memory of a coordinator and an agent that have nothing to do)"
        exit 2
    fi
    find_maven
    find_aot inspect
    # Here and not behind the first measured run.
    if [ ! -e "$aot" ]; then train </dev/null >/dev/null 2>&1; fi
    bench=$cache/bench
    python=$bench/venv-$LIEF_PIN-$PYELFTOOLS_PIN
    scripts=$ROOKERY_HOME/elf-inspector/src/test/bench
    mkdir -p "$bench"
    exec 6<"$bench"
    flock -n 6 || { say "another benchmark is running here; waiting for it"; flock 6; }
    if [ ! -x "$python/bin/python" ]; then
        say "getting LIEF and pyelftools into $python"
        rm -rf "$python.new"
        { /usr/bin/python3 -m venv "$python.new" &&
            "$python.new/bin/python" -m pip install --quiet "lief==$LIEF_PIN" "pyelftools==$PYELFTOOLS_PIN"; } \
            >"$logs/bench.log" 2>&1 </dev/null ||
            fail_from 21 "$logs/bench.log" "could not get LIEF and pyelftools through pip"
        mv -T "$python.new" "$python"
    fi
    (cd "$scripts" && GOTOOLCHAIN=local GOFLAGS='' GOWORK=off CGO_ENABLED=0 "$ROOKERY_GOROOT/bin/go" build -o "$bench/classify" .) \
        >"$logs/bench.log" 2>&1 || fail_from 70 "$logs/bench.log" "the Go program that it compares with does not build"
    (cd "$ROOKERY_HOME" && "$mvn" -B -q -ntp -pl elf-inspector -am -Dspotless.check.skip=true test-compile) \
        >"$logs/bench.log" 2>&1 || fail_from 70 "$logs/bench.log" "the benchmark does not build"
    BENCH_DIR=$bench BENCH_ROOKERY=$ROOKERY_HOME/rookery BENCH_GO=$bench/classify \
        BENCH_PYTHON=$python/bin/python BENCH_SCRIPTS=$scripts
    export BENCH_DIR BENCH_ROOKERY BENCH_GO BENCH_PYTHON BENCH_SCRIPTS
    classes=$ROOKERY_HOME/elf-inspector/target
    exec "$JAVA_HOME/bin/java" -cp "$classes/classes:$classes/test-classes" rookery.elf.files.Bench "$@"
}
