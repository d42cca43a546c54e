"""The steps `package` and `sysroot`: install exactly the plan, then build exactly one package.

Portage must decide nothing here. Dependencies are installed from their planned files without looking at dependencies
(--usepkgonly --nodeps), and what is installed in the end is compared with the plan: a difference is a bug of ours.
"""
import os
import re
import shutil
import subprocess
import sys
import time

import stepconfig

BUG = 70
MAX_DEPS = 10_000
CPV = re.compile(r"[A-Za-z0-9_][A-Za-z0-9+_.-]*/[A-Za-z0-9_][A-Za-z0-9+_.-]*-[0-9][A-Za-z0-9_.]*(-r[0-9]+)?")

# Portage's own words on standard output, and the phase that begins with them.
PHASES = (
    (">>> Unpacking source", "unpack"),
    (">>> Preparing source", "prepare"),
    (">>> Configuring source", "configure"),
    (">>> Compiling source", "compile"),
    (">>> Test phase", "test"),
    (">>> Install ", "install"),
    (">>> Completed installing", "package"),
)


class Phases:
    """When which phase began; written as lines of "phase<TAB>seconds"."""

    def __init__(self):
        self.spans = []
        self.began("setup")

    def began(self, phase):
        self.spans.append((phase, time.monotonic()))

    def write(self, path):
        ends = [start for _, start in self.spans[1:]] + [time.monotonic()]
        with open(path, "w", encoding="utf-8") as out:
            for (phase, start), end in zip(self.spans, ends):
                out.write(f"{phase}\t{end - start:.2f}\n")


def main(tool, arguments):
    wanted = 2 if tool == "package" else 1
    if len(arguments) != wanted:
        stepconfig.die(tool, f"{len(arguments)} arguments where {wanted} must be", f"call it as {tool} CHOST" + (" CPV" if wanted == 2 else ""), 2)
    chost = arguments[0]
    deps = os.environ.get("ROOKERY_DEPS", "").split()
    jobs = os.environ.get("ROOKERY_JOBS", "1")
    if len(deps) > MAX_DEPS:
        stepconfig.die(tool, f"ROOKERY_DEPS names {len(deps)} packages, more than {MAX_DEPS}", "this is a bug in the plan", BUG)
    for cpv in deps + arguments[1:]:
        if not CPV.fullmatch(cpv):
            stepconfig.die(tool, f"'{cpv}' is not CATEGORY/PF", "this is a bug in the plan", BUG)
    if not jobs.isdigit():
        stepconfig.die(tool, f"ROOKERY_JOBS is '{jobs}'", "this is a bug in the agent: it must be a number", BUG)
    phases = Phases()
    try:
        stepconfig.configure(
            chost, os.environ.get("ROOKERY_USE", "").split(), os.environ.get("ROOKERY_REPOS", stepconfig.MAIN_REPO).split(), int(jobs),
            acting=False,
        )
        install(tool, chost, deps)
        if tool == "package":
            stepconfig.add_acting()
    except stepconfig.ConfigError as error:
        stepconfig.die(tool, error.message, error.remedy)
    if tool == "package":
        build(tool, chost, arguments[1], phases)
        phases.write("/out/phases.tsv")


def environment():
    """ROOKERY_… is for this script; whatever is left in the environment reaches the ebuild.

    Portage gives each build a terminal of its own, on which zig would draw its progress: hence the dumb one.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROOKERY_")}
    return {**kept, "TERM": "dumb", "NO_COLOR": "1", "NOCOLOR": "true"}


def emerge(chost, arguments, extra, watch=None):
    """Runs <CHOST>-emerge, its output passed on line by line; its exit status."""
    command = [f"{stepconfig.PREFIX}/usr/bin/{chost}-emerge", "--color=n", "--nodeps", "--oneshot", "--quiet-build=n", *arguments]
    with subprocess.Popen(
        command, env={**environment(), **extra}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8", errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            if watch is not None:
                watch(line)
        return process.wait()


def install(tool, chost, deps):
    for cpv in deps:
        if not os.path.isfile(f"/binpkgs/{cpv}.gpkg.tar"):
            stepconfig.die(tool, f"/binpkgs/{cpv}.gpkg.tar of the plan is not there", "this is a bug in the agent's workspace", BUG)
    if deps:
        # What is installed is what was built, no less: the user's configuration had its say when the package was built,
        # and is in no key of a program that is linked against it.
        status = emerge(
            chost,
            ["--usepkgonly", "--binpkg-respect-use=n", "--binpkg-changed-deps=n", "--usepkg-exclude-live=n", *("=" + cpv for cpv in deps)],
            {"PKGDIR": "/binpkgs", "FEATURES": "-buildpkg", "INSTALL_MASK": ""},
        )
        if status != 0:
            stepconfig.die(
                tool, f"installing the planned packages ended with status {status}: {' '.join(deps)}",
                "the reason is in the log above; a package that is damaged must be fetched or built again", BUG,
            )
    installed = installed_packages()
    if sorted(deps) != installed:
        stepconfig.die(
            tool,
            f"the sysroot holds {' '.join(installed) or 'nothing'}, the plan said {' '.join(sorted(deps)) or 'nothing'}",
            "this is a bug: a step installs exactly its plan",
            BUG,
        )


def installed_packages():
    database = stepconfig.SYSROOT + "/var/db/pkg"
    return sorted(
        f"{category}/{pf}"
        for category in os.listdir(database)
        if os.path.isdir(f"{database}/{category}")
        for pf in os.listdir(f"{database}/{category}")
        if not pf.startswith("-MERGING-")
    )


def build(tool, chost, cpv, phases):
    def watch(line):
        for words, phase in PHASES:
            if line.startswith(words) and phases.spans[-1][0] != phase:
                phases.began(phase)

    status = emerge(chost, ["--usepkg=n", "--buildpkgonly", "--ignore-built-slot-operator-deps=y", "=" + cpv], {}, watch)
    package = f"/build/binpkgs/{cpv}.gpkg.tar"
    if status != 0:
        phase = phases.spans[-1][0]
        phases.write("/out/phases.tsv")
        where = "before its first phase" if phase == "setup" else f"in its phase {phase}"
        stepconfig.die(
            tool, f"{cpv} for {chost} failed {where} (emerge ended with status {status})",
            "the first error in the log above is usually the reason" + ("" if phase == "setup" else f"; the ebuild's part is src_{phase}"),
        )
    if not os.path.isfile(package):
        stepconfig.die(tool, f"emerge ended well but left no {package}", "this is a bug: the package's name and its plan differ", BUG)
    made = [os.path.relpath(os.path.join(d, f), "/build/binpkgs") for d, _, fs in os.walk("/build/binpkgs") for f in fs if f.endswith(".gpkg.tar")]
    if made != [cpv + ".gpkg.tar"]:
        stepconfig.die(tool, f"emerge built {' '.join(made)} where only {cpv} was planned", "this is a bug: a step builds exactly its package", BUG)
    target = f"/out/{cpv.split('/')[1]}.gpkg.tar"
    shutil.copyfile(package, target + ".part")
    os.rename(target + ".part", target)
