# shellcheck shell=sh disable=SC2154
# Benchmarks: `rookery bench elf [TREE]`, `rookery bench schedule|start|loop`. Measured things and their peers come
# from here, how they are measured is in the modules' tests: elf-inspector's rookery.elf.files.Bench,
# coordinator's rookery.coordinator.farm.ScheduleBench, StartBench and LoopBench. Sourced by ../rookery, whose functions it uses.

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

run_bench() { # run_bench WHAT [ARGS]: does not return
    case "$*" in
    schedule) bench_coordinator rookery.coordinator.farm.ScheduleBench ;;
    start) bench_coordinator rookery.coordinator.StartBench ;;
    loop) bench_coordinator rookery.coordinator.LoopBench ;;
    esac
    if [ "${1:-}" != elf ] || wants_help "$@"; then
        say "bench takes: elf [TREE] (how fast the inspector is, beside other tools on the same files; TREE: /usr), schedule (how near jobs come to the shortest time possible), start (how soon a killed coordinator serves again with 100,000 steps), or loop (steps a second through farm and database)"
        exit 2
    fi
    find_maven
    find_aot
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
