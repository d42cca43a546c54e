"""What resolve, package and sysroot share: the configuration of one step, written into the step's own empty roots.

/prefix/var   the build host's side: package database of the host's tools, locks, caches
/sysroot      ROOT, SYSROOT and PORTAGE_CONFIGROOT of the CHOST
"""
import os
import re
import shutil
import sys

CONFIG = "/config"
PREFIX = "/prefix"
REPOS = "/repos"
SYSROOT = "/sysroot"
PORTAGE_ETC = SYSROOT + "/etc/portage"
MAIN_REPO = "rookery"

MAX_CONFIG_FILES = 10_000
MAX_CONFIG_BYTES = 64 * 1024 * 1024
MAX_REPOS = 100
MAX_USE = 1_000
MAX_JOBS = 1_024

# CHOST -> profile below profiles/rookery
PROFILES = {
    "x86_64-unknown-linux-musl": "linux-musl/amd64",
    "aarch64-unknown-linux-musl": "linux-musl/arm64",
    "riscv64-unknown-linux-musl": "linux-musl/riscv",
    "x86_64-w64-mingw32": "mingw/amd64",
}

# What the farm decides. A configuration that sets one of these would be overridden without a word, so it is refused.
FIXED = (
    "ACCEPT_CHOSTS", "ARCH", "BINPKG_COMPRESS", "BINPKG_FORMAT", "CBUILD", "CHOST", "DISTDIR", "EMERGE_DEFAULT_OPTS",
    "EPREFIX", "FETCHCOMMAND", "GENTOO_MIRRORS", "MAKEOPTS", "PKGDIR", "PORTAGE_BINHOST", "PORTAGE_CONFIGROOT",
    "PORTAGE_TMPDIR", "PORTDIR", "PORTDIR_OVERLAY", "RESUMECOMMAND", "ROOT", "SYSROOT",
)
# Places of an /etc/portage that the farm writes itself.
OWN_PLACES = ("make.profile", "repos.conf", "binrepos.conf")
# What of an /etc/portage runs, or sets variables, while packages are installed.
ACTING_PLACES = ("bashrc", "env", "hooks", "package.env")
ACTING_FILES = ("package.bashrc", "profile.bashrc")

REPO_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")
USE_FLAG = re.compile(r"[-+]?[A-Za-z0-9][A-Za-z0-9+_@-]{0,199}|-\*")

# The walls around the step are its sandbox: Portage's own namespaces inside it would only cost time, and its users do
# not exist there. Nothing is stripped or compressed, because nothing of it reaches the linked program, and host tools
# that touch files of a foreign CPU are a risk without a use.
FEATURES = (
    "buildpkg noinfo noman nodoc nostrip -binpkg-docompress -binpkg-dostrip -binpkg-logs -binpkg-multi-instance "
    "-collision-protect -compress-index -distlocks -ebuild-locks -ipc-sandbox -merge-sync -merge-wait -multilib-strict "
    "-network-sandbox -news -parallel-fetch -pid-sandbox -pkgdir-index-trusted -preserve-libs -qa-unresolved-soname-deps -sandbox "
    "-unmerge-logs -userfetch -userpriv -usersandbox -usersync"
)


class ConfigError(Exception):
    """The user's part of the configuration is wrong: one sentence each for what was found and for what to do."""

    def __init__(self, message, remedy, atom=""):
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.atom = atom


def check_chost(chost):
    if chost not in PROFILES:
        raise ConfigError(
            f"the portable toolchain has no CHOST '{chost}'", "use one of " + ", ".join(PROFILES)
        )
    return chost


def configure(chost, use, repos, jobs=1, acting=True):
    """Fills /prefix/var and /sysroot/etc/portage; the caller has checked nothing.

    Without what acts, add_acting() is for later.
    """
    check_chost(chost)
    if len(use) > MAX_USE or len(repos) > MAX_REPOS or not 1 <= jobs <= MAX_JOBS:
        raise ConfigError(
            f"{len(use)} USE flags, {len(repos)} repositories or {jobs} jobs are more than can be meant",
            f"stay within {MAX_USE} flags, {MAX_REPOS} repositories and {MAX_JOBS} jobs",
        )
    for flag in use:
        if not USE_FLAG.fullmatch(flag):
            raise ConfigError(f"'{flag}' is not a USE flag", "write flags as 'flag' or '-flag' in portage.use")
    shutil.copytree(PREFIX + "/share/rookery/var", PREFIX + "/var", dirs_exist_ok=True)
    for directory in ("etc/portage", "usr/include", "usr/lib", "usr/lib/pkgconfig", "tmp", "var/db/pkg"):
        os.makedirs(f"{SYSROOT}/{directory}", exist_ok=True)
    _copy_config(lambda shown: acting or not _acts(shown))
    os.symlink(f"{REPOS}/{MAIN_REPO}/profiles/rookery/{PROFILES[chost]}", PORTAGE_ETC + "/make.profile")
    _write(PORTAGE_ETC + "/repos.conf", _repos_conf(repos))
    _write_make_conf(chost, use, jobs)
    # The same repositories for the build host's side, whose own configuration is read-only.
    os.environ["PORTAGE_REPOSITORIES"] = _repos_conf(repos)


def environment(chost):
    """What <CHOST>-emerge exports, for a Portage that runs in this process."""
    os.environ.update(
        CHOST=chost, EPREFIX="", ROOT=SYSROOT + "/", SYSROOT=SYSROOT, PORTAGE_CONFIGROOT=SYSROOT, NO_COLOR="1", NOCOLOR="true"
    )
    os.environ.setdefault("PORTAGE_USERNAME", "root")
    os.environ.setdefault("PORTAGE_GRPNAME", "root")


def die(tool, message, remedy, status=1):
    """The last lines of stderr: what was found, then what to do."""
    sys.stdout.flush()
    print(f"{tool}: {message}\n{tool}: {remedy}", file=sys.stderr, flush=True)
    sys.exit(status)


def _repos_conf(repos):
    names = [MAIN_REPO] + [name for name in repos if name != MAIN_REPO]
    # The list given says the order of priority; where it does not name ours, ours comes first (lowest).
    order = list(repos) if MAIN_REPO in repos else names
    text = f"[DEFAULT]\nmain-repo = {MAIN_REPO}\n"
    for name in names:
        if not REPO_NAME.fullmatch(name):
            raise ConfigError(f"'{name}' is not a repository name", "use letters, digits, '_' and '-'")
        if not os.path.isdir(f"{REPOS}/{name}"):
            raise ConfigError(
                f"there is no repository '{name}'",
                "name only repositories that the spec's portage.repos lists; here are: " + ", ".join(sorted(os.listdir(REPOS))),
            )
        if not os.path.isfile(f"{REPOS}/{name}/metadata/layout.conf"):
            raise ConfigError(
                f"the repository '{name}' has no metadata/layout.conf", f"write one with the lines 'masters = {MAIN_REPO}' and 'thin-manifests = true'"
            )
        text += f"\n[{name}]\nlocation = {REPOS}/{name}\npriority = {10 * order.index(name)}\nauto-sync = no\n"
    return text


def add_acting():
    """Adds to a configuration what it was made without."""
    _copy_config(_acts)


def _acts(shown):
    return shown.split(os.sep)[0] in ACTING_PLACES or os.path.basename(shown) in ACTING_FILES


def _copy_config(wanted):
    """Copies from the user's /etc/portage-shaped directory, regular files and directories only."""
    if not os.path.isdir(CONFIG):
        return
    files = size = 0
    for directory, directories, names in os.walk(CONFIG, onerror=_unreadable):
        directories.sort()
        below = os.path.relpath(directory, CONFIG)
        if below == ".":
            for name in OWN_PLACES:
                if os.path.lexists(os.path.join(CONFIG, name)):
                    raise ConfigError(
                        f"the configuration directory has '{name}', which the farm writes itself",
                        "remove it; repositories are named in portage.repos, the profile follows from the platform",
                    )
            if "make.conf" in directories:
                raise ConfigError("the configuration's make.conf is a directory", "put its contents into one file make.conf")
        for name in sorted(names):
            source = os.path.join(directory, name)
            shown = os.path.normpath(os.path.join(below, name))
            if os.path.islink(source) or not os.path.isfile(source):
                raise ConfigError(f"'{shown}' in the configuration directory is not a regular file", "put a copy in its place")
            files += 1
            size += os.path.getsize(source)
            if files > MAX_CONFIG_FILES or size > MAX_CONFIG_BYTES:
                raise ConfigError(
                    "the configuration directory is too large",
                    f"keep it within {MAX_CONFIG_FILES} files and {MAX_CONFIG_BYTES >> 20} MiB; a sysroot or distfiles do not belong there",
                )
            if shown != "make.conf" and wanted(shown):
                os.makedirs(os.path.join(PORTAGE_ETC, below), exist_ok=True)
                shutil.copyfile(source, os.path.join(PORTAGE_ETC, shown))


def _unreadable(error):
    raise ConfigError(f"'{error.filename}' of the configuration directory cannot be read: {error.strerror}", "make it readable")


def user_make_conf():
    """The variables of the user's make.conf, raw; an empty dict where there is none."""
    path = CONFIG + "/make.conf"
    if not os.path.isfile(path):
        return {}
    from portage.exception import ParseError, PortageException
    from portage.util import getconfig

    try:
        return getconfig(path, tolerant=False, allow_sourcing=False, expand=False) or {}
    except (ParseError, PortageException, ValueError) as error:
        raise ConfigError(f"make.conf of the configuration cannot be read: {str(error).strip()}", "write it as NAME=\"value\" lines") from error


def _write_make_conf(chost, use, jobs):
    variables = user_make_conf()
    for name in sorted(variables):
        if name in FIXED or name.startswith("PORTAGE_") or name.startswith("BINPKG_"):
            raise ConfigError(
                f"make.conf of the configuration sets {name}, which the farm decides", f"remove {name} from make.conf"
            )
    directory = PORTAGE_ETC + "/make.conf"
    os.makedirs(directory)
    _write(directory + "/10-defaults", 'CFLAGS="-O2 -pipe -fomit-frame-pointer"\nACCEPT_LICENSE="*"\n')
    if variables:
        shutil.copyfile(CONFIG + "/make.conf", directory + "/50-config")
    settings = {
        "CHOST": chost,
        "CBUILD": os.uname().machine + "-pc-linux-gnu",
        "USE": " ".join(["${USE}", *use]),
        "FEATURES": "${FEATURES} " + FEATURES,
        # gzip: what reads a package needs no more than a JDK or a Debian has.
        "BINPKG_FORMAT": "gpkg",
        "BINPKG_COMPRESS": "gzip",
        "BINPKG_COMPRESS_FLAGS": "-n -6",
        "DISTDIR": "/distfiles",
        "PKGDIR": "/build/binpkgs",
        "PORTAGE_TMPDIR": "/build",
        "PORTAGE_ELOG_SYSTEM": "echo",
        "PORTAGE_WORKDIR_MODE": "0755",
        "MAKEOPTS": f"-j{jobs}",
        "GENTOO_MIRRORS": "",
    }
    if "CXXFLAGS" not in variables:
        settings["CXXFLAGS"] = "${CFLAGS}"
    _write(directory + "/90-farm", "".join(f'{name}="{value}"\n' for name, value in settings.items()))


def _write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
