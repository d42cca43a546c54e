"""Portage's own dependency graph as values, through its Python API.

The API is private in places (names with _), which is why the prefix holds one exact version of Portage.
"""
import hashlib
import os
import sys

import _emerge.actions
import _emerge.create_depgraph_params
import _emerge.depgraph
import _emerge.main
import portage
import portage.exception
import portage.util
import portage.versions
from portage.package.ebuild.digestcheck import digestcheck

import problems
import stepconfig

portage._internal_caller = True

SCHEMA = 1
MAX_PACKAGES = 2_000
MAX_FILE_BYTES = 64 * 1024 * 1024
ARGUMENTS = ["--root-deps=rdeps", "--quiet", "--pretend", "--oneshot", "--autounmask=n", "--color=n"]
# What of the configuration reaches a build, beside USE.
FLAGS = (
    "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "EXTRA_ECONF", "EXTRA_EMAKE", "FEATURES", "INSTALL_MASK",
    "CC", "CXX", "AR", "RANLIB", "NM", "LD", "STRIP", "OBJCOPY", "PKG_CONFIG",
)


def load():
    """Portage's configuration of the step: a pair of the emerge configuration and the depgraph's parameters."""
    action, options, _ = _emerge.main.parse_opts(ARGUMENTS)
    config = _emerge.actions.load_emerge_config(action=action, args=[], opts=options)
    return config, _emerge.create_depgraph_params.create_depgraph_params(config.opts, config.action)


def graph(loaded, chost, atoms, problem):
    config, parameters = loaded
    settings = config.target_config.settings
    portdb = config.target_config.trees["porttree"].dbapi
    if not settings.profiles:
        raise problem("bad_config", f"there is no profile for {chost}", "this is a bug: the repository rookery has one for each CHOST")
    names = problems.Names(portdb, settings, problem)
    for atom in atoms:
        names.check(atom)
    try:
        success, depgraph, _ = _emerge.depgraph.backtrack_depgraph(
            settings, config.trees, config.opts, parameters, config.action, list(atoms), None
        )
    except portage.exception.InvalidAtom as error:
        raise problem("bad_atom", f"'{error}' is not a package atom", "write it as CATEGORY/NAME", str(error)) from error
    except portage.exception.InvalidDependString as error:
        raise problem("bad_config", f"a dependency in a repository cannot be read: {error}", "correct that ebuild") from error
    except portage.exception.PortageKeyError as error:
        raise names.unreadable(str(error).strip("'"), "") from error
    if not success:
        depgraph.display_problems()
        raise problems.explain(depgraph, names, settings["EROOT"])
    return _answer(depgraph, config, chost, problem)


def _answer(depgraph, config, chost, problem):
    settings = config.target_config.settings
    portdb = config.target_config.trees["porttree"].dbapi
    eroot = settings["EROOT"]
    order = [package for package in depgraph.altlist() if getattr(package, "operation", "") == "merge"]
    if len(order) > MAX_PACKAGES:
        raise problem("other", f"{len(order)} packages would be built", f"ask for fewer; the bound is {MAX_PACKAGES}")
    for package in order:
        if package.root != eroot:
            raise problem(
                "other", f"{package.cpv} would have to be built for the build host itself",
                "install its program on the build host; the portable toolchain builds nothing for the host", str(package.cpv),
            )
    edges = depgraph._dynamic_config.digraph
    profile = _profile_digest(settings)
    return {
        "schema": SCHEMA, "chost": chost,
        "packages": [_package(package, order, edges, config.target_config, portdb, profile, problem) for package in order],
    }


def _package(package, order, edges, root_config, portdb, profile, problem):
    settings = portage.config(clone=root_config.settings)
    settings.setcpv(package)
    ebuild, location = portdb.findname2(package.cpv, myrepo=package.repo)
    directory = os.path.dirname(ebuild)
    use = frozenset(package.use.enabled)
    build, run = _dependencies(package, order, edges)
    _check_manifest(package, directory, settings, problem)
    return {
        "cpv": str(package.cpv), "category": package.category, "pf": package.pf, "slot": package.slot, "sub_slot": package.sub_slot or package.slot,
        "repo": package.repo, "eapi": package.eapi, "use": sorted(use & package.iuse.all), "iuse": sorted(package.iuse.all),
        "ebuild": _sha256(ebuild), "inherits": _eclasses(package, location, portdb), "files": _tree_digest(directory + "/files"),
        "env": _environment(settings, package, profile), "patches": _patches(package),
        "distfiles": _distfiles(package, use, directory, location, portdb, settings, problem),
        "build_deps": build, "run_deps": run,
    }


def _dependencies(package, order, edges):
    """CPVs that this package needs while it is built, and once it is installed; in merge order.

    Run-time dependencies can be circular; build dependencies cannot, or there would be no merge order.
    """
    priorities = {child: edges.nodes[package][0].get(child, ()) for child in edges.child_nodes(package)}
    build, run = [], []
    for child in order:
        for priority in priorities.get(child, ()):
            if getattr(priority, "buildtime", False) and child.cpv not in build:
                build.append(str(child.cpv))
            if (getattr(priority, "runtime", False) or getattr(priority, "runtime_post", False)) and child.cpv not in run:
                run.append(str(child.cpv))
    return build, run


def _check_manifest(package, directory, settings, problem):
    """Ebuild and files against the Manifest, as Portage would do it at the start of the build."""
    settings["O"] = directory
    try:
        good = digestcheck([], settings, strict=True)
    except portage.exception.PortageException as error:
        good = False
        print(error, file=sys.stderr)
    if not good:
        raise problem(
            "bad_manifest", f"the files of {package.cpv} do not fit its Manifest in the repository {package.repo}",
            "if you changed them on purpose, write the Manifest anew (`ebuild X.ebuild manifest`), or set thin-manifests in layout.conf",
            str(package.cpv),
        )


def _distfiles(package, use, directory, location, portdb, settings, problem):
    try:
        wanted = portdb.getFetchMap(package.cpv, useflags=use, mytree=location)
    except portage.exception.InvalidDependString as error:
        raise problem("bad_manifest", f"SRC_URI of {package.cpv} cannot be read: {error}", "correct the ebuild", str(package.cpv)) from error
    manifest = portdb.repositories.get_repo_for_location(location).load_manifest(directory, settings["DISTDIR"])
    known = manifest.fhashdict.get("DIST", {})
    found = []
    for name in sorted(wanted):
        entry = known.get(name)
        if entry is None or not entry.get("SHA512") or not entry.get("BLAKE2B") or "size" not in entry:
            raise problem(
                "bad_manifest", f"{package.cpv} needs the source file {name}, for which its Manifest has no size, BLAKE2B and SHA512",
                "add the line with `ebuild X.ebuild manifest` in the repository " + package.repo, str(package.cpv),
            )
        found.append({
            "name": name, "size": int(entry["size"]), "blake2b": entry["BLAKE2B"].lower(), "sha512": entry["SHA512"].lower(),
            "uris": _expand(wanted[name], settings),
        })
    return found


def _expand(uris, settings):
    """Addresses in the ebuild's order; mirror:// stands for the repository's list of mirrors, a bare name for none."""
    expanded = []
    for uri in uris:
        uri = uri.removeprefix("mirror+").removeprefix("fetch+")
        if uri.startswith("mirror://"):
            name, _, path = uri[len("mirror://"):].partition("/")
            expanded += [f"{base.rstrip('/')}/{path}" for base in settings.thirdpartymirrors().get(name, ())]
        elif "://" in uri:
            expanded.append(uri)
    return list(dict.fromkeys(expanded))


def _eclasses(package, location, portdb):
    eclasses = portdb.repositories.get_repo_for_location(location).eclass_db.eclasses
    names = sorted(set((package._metadata.get("INHERITED") or "").split()))
    return [{"name": name, "sha256": _sha256(eclasses[name].location)} for name in names]


def _environment(settings, package, profile):
    """Every variable that the configuration gives this package, by make.conf, package.env or the profile."""
    names = set(FLAGS) | set(stepconfig.user_make_conf())
    for files in settings._penvdict.values():
        for atom, env_files in files.items():
            if portage.dep.match_from_list(atom, [package]):
                for env_file in env_files:
                    names |= set(_env_variables(env_file))
    names -= set(stepconfig.FIXED) | {"USE"}
    values = {name: " ".join(settings.get(name, "").split()) for name in names}
    values = {name: value for name, value in values.items() if value}
    values["FEATURES"] = " ".join(sorted(settings.features))
    values["profile"] = profile
    hooks = _hook_digest(package)
    if hooks:
        values["bashrc"] = hooks
    return dict(sorted(values.items()))


def _env_variables(name):
    path = f"{stepconfig.PORTAGE_ETC}/env/{name}"
    if not os.path.isfile(path):
        return {}
    return portage.util.getconfig(path, tolerant=True, allow_sourcing=True, expand=False) or {}


def _hook_digest(package):
    """The user's bashrc and env/CATEGORY… files: bash code that Portage runs in every phase of a package."""
    places = [stepconfig.PORTAGE_ETC + "/bashrc", stepconfig.PORTAGE_ETC + "/package.bashrc", stepconfig.PORTAGE_ETC + "/bashrc.d"]
    name = package.cp.split("/")[1]
    for part in (name, f"{name}:{package.slot}", _version(package), package.pf):
        places.append(f"{stepconfig.PORTAGE_ETC}/env/{package.category}/{part}")
    return _places_digest(places)


def _patches(package):
    """The user's patches, by the same four names as eapply_user."""
    base = stepconfig.PORTAGE_ETC + "/patches/"
    candidates = []
    for part in (f"{package.category}/{package.pf}", f"{package.category}/{_version(package)}", package.cp):
        candidates += [base + part, f"{base}{part}:{package.slot}"]
    return _places_digest(list(dict.fromkeys(candidates)))


def _version(package):
    """PN-PV without the ebuild's own revision, Portage's P."""
    return portage.versions.pkgsplit(package.pf)[0] + "-" + portage.versions.pkgsplit(package.pf)[1]


def _profile_digest(settings):
    """What of the profiles acts directly on a build; the rest acts through USE and through what is visible."""
    places = [os.path.join(profile, name) for profile in settings.profiles for name in ("make.defaults", "profile.bashrc", "package.bashrc", "package.env")]
    return _places_digest(places)


def _places_digest(places):
    """Digest of those places that exist, "" if none does."""
    parts = []
    for place in places:
        if os.path.isdir(place):
            parts.append(place + "\0" + _tree_digest(place))
        elif os.path.isfile(place):
            parts.append(place + "\0" + _sha256(place))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest() if parts else ""


def _tree_digest(directory):
    """Digest of a tree's paths, executable bits and contents; "" for a tree without files."""
    entries = []
    for below, directories, names in os.walk(directory):
        directories.sort()
        for name in names:
            path = os.path.join(below, name)
            executable = "x" if os.access(path, os.X_OK) else "-"
            entries.append(f"{os.path.relpath(path, directory)}\0{executable}\0{_sha256(path)}")
    return hashlib.sha256("\n".join(sorted(entries)).encode()).hexdigest() if entries else ""


def _sha256(path):
    if os.path.getsize(path) > MAX_FILE_BYTES:
        raise ValueError(f"{path} is larger than {MAX_FILE_BYTES} bytes; such a file does not belong into a repository")
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
