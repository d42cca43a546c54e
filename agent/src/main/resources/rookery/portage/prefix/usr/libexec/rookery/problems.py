"""Why Portage found no graph: its own findings, sorted into a few codes, each with one sentence on what to do."""
import difflib
import os

import portage
import portage.exception
from _emerge.AtomArg import AtomArg
from _emerge.DependencyArg import DependencyArg
from portage.dep import Atom, check_required_use
from portage.package.ebuild.getmaskingstatus import getmaskingstatus

import stepconfig

UNREADABLE = "an error in its ebuild"
MAX_SUGGESTIONS = 3
MAX_LISTED = 8


class Names:
    """The packages of the step's repositories, and near misses of a name."""

    def __init__(self, portdb, settings, problem):
        self.portdb = portdb
        self.settings = settings
        self.problem = problem
        self.packages = sorted(portdb.cp_all())

    def check(self, text):
        """An atom of the request, before Portage sees it: what cannot be an atom, or names nothing, is told at once."""
        try:
            atom = Atom(text if "/" in text else _with_category(text), allow_repo=True)
        except portage.exception.InvalidAtom as error:
            raise self.problem("bad_atom", f"'{text}' is not a package atom", "write it as CATEGORY/NAME, e.g. net-misc/curl or =net-misc/curl-7.88.1", text) from error
        if atom.blocker:
            raise self.problem("bad_atom", f"'{text}' is a blocker", "name the packages that you want; mask others with package.mask", text)
        if "/" not in text:
            named = [cp for cp in self.packages if cp.split("/")[1] == atom.cp.split("/")[1]]
            if len(named) == 1:
                raise self.problem("bad_atom", f"'{text}' has no category", f"write {named[0]}", text)
            if named:
                raise self.problem("bad_atom", f"'{text}' has no category and could be any of {', '.join(named)}", "write one of them", text)
            raise self.unknown(text, atom.cp.split("/")[1], "")
        if atom.cp not in self.packages:
            raise self.unknown(text, atom.cp, "")

    def unknown(self, text, name, because):
        near = self.near(name)
        repos = ", ".join(self.portdb.getRepositories())
        remedy = f"did you mean {' or '.join(near)}?" if near else f"add a repository that has it to portage.repos (searched here: {repos})"
        return self.problem("no_such_package", f"no repository has a package '{name}'{because}", remedy, text)

    def masks(self, cpv):
        try:
            return getmaskingstatus(cpv, settings=portage.config(clone=self.settings), portdb=self.portdb)
        except KeyError:  # bash could not read the ebuild; its words are on standard error
            return [UNREADABLE]

    def slot(self, cpv):
        try:
            return self.portdb.aux_get(cpv, ["SLOT"])[0]
        except KeyError:
            return None

    def unreadable(self, cpv, text, because=""):
        return self.problem(
            "bad_config", f"the ebuild of {cpv} cannot be read{because}",
            "correct it, the eclass that it inherits or its Manifest; bash's and Portage's words are in the detail", text,
        )

    def near(self, name):
        short = name.split("/")[-1].lower()
        shorts = {}
        for cp in self.packages:
            shorts.setdefault(cp.split("/")[1].lower(), []).append(cp)
        found = [cp for match in difflib.get_close_matches(short, list(shorts), MAX_SUGGESTIONS, 0.6) for cp in shorts[match]]
        # libzstd, zstd-devel, sqlite3: another distribution's name around ours
        found += [cp for other, cps in shorts.items() for cp in cps if len(other) > 2 and other in short and cp not in found]
        return found[:MAX_SUGGESTIONS]


def _with_category(text):
    """'=curl-8' -> '=x/curl-8': only to see whether it is an atom at all."""
    start = len(text) - len(text.lstrip("<>=~!"))
    return text[:start] + "x/" + text[start:]


def explain(depgraph, names, eroot):
    """The first problem that Portage shows, as an exception to be raised."""
    dynamic = depgraph._dynamic_config
    for (root, atom), details in dynamic._unsatisfied_deps_for_display:
        return _unsatisfied(depgraph, names, root, atom, details, eroot)
    if dynamic._circular_deps_for_display is not None:
        cycle = [str(node.cpv) for node in dynamic._circular_deps_for_display.order if hasattr(node, "cpv")]
        return names.problem(
            "circular", f"these packages need each other to be built: {', '.join(cycle[:MAX_LISTED])}",
            "break the circle with a USE flag of one of them (package.use); Portage's suggestion is in the detail", cycle[0] if cycle else "",
        )
    conflicts = list(dynamic._package_tracker.slot_conflicts())
    if conflicts:
        packages = [str(package.cpv) for package in conflicts[0]]
        parents = sorted({str(atom) for package in conflicts[0] for _, atom in dynamic._parent_atoms.get(package, ())})
        return names.problem(
            "slot_conflict", f"{' and '.join(packages)} want the same slot (asked for by {', '.join(parents[:MAX_LISTED])})",
            "relax one of these wishes, or mask a version with package.mask", packages[0],
        )
    if dynamic._unsatisfied_blockers_for_display:
        blocker = next(iter(dynamic._unsatisfied_blockers_for_display))
        return names.problem("slot_conflict", f"the packages do not go together: {blocker.atom} is forbidden by another of them", "ask for one of the two only", str(blocker.atom))
    return names.problem("other", "Portage found no way to build these packages", "its own words are in the detail", "")


def _unsatisfied(depgraph, names, root, atom, details, eroot):
    parent = details.get("myparent")
    because = ""
    if parent is not None and not isinstance(parent, (AtomArg, DependencyArg)):
        because = f", which {parent.cpv} needs"
    if root != eroot:
        return _host_tool(names, atom, because)
    bare = atom.without_use
    refused = details.get("show_req_use")
    if refused is not None:
        return _required_use(names, refused, atom)
    if atom.cp not in names.packages:
        return names.unknown(str(atom), atom.cp, because)
    candidates = names.portdb.xmatch("match-all", bare)
    broken = [cpv for cpv in names.portdb.cp_list(atom.cp) if names.slot(cpv) is None]
    if broken and not candidates:
        return names.unreadable(str(broken[-1]), str(atom), because)
    if not candidates:
        versions = names.portdb.cp_list(atom.cp)
        repos = names.portdb.getRepositories()
        if atom.repo and atom.repo not in repos:
            return names.problem(
                "no_such_package", f"'{atom}' names a repository that is not there{because}", f"add it to portage.repos, or name one of: {', '.join(repos)}", str(atom)
            )
        return names.problem(
            "no_such_package", f"no version of {atom.cp} fits '{bare}'{because}",
            "there are: " + ", ".join(f"{cpv} (slot {names.slot(cpv)})" for cpv in versions[-MAX_LISTED:]), str(atom),
        )
    visible = [cpv for cpv in candidates if not names.masks(cpv)]
    if not visible:
        # the newest of those with the fewest reasons against them is the one that is meant, most likely
        least = min(len(names.masks(cpv)) for cpv in candidates)
        return _masked(names, [cpv for cpv in candidates if len(names.masks(cpv)) == least][-1], bare, because)
    package = depgraph._pkg(visible[-1], "ebuild", depgraph._frozen_config.roots[root], myrepo=visible[-1].repo)
    if package.invalid:
        said = [" ".join(words.split()) for listed in package.invalid.values() for words in listed]
        return names.problem("bad_config", f"the ebuild of {package.cpv} in {package.repo} is not valid: {said[0]}{because}", "correct the ebuild", str(atom))
    required = package._metadata.get("REQUIRED_USE")
    if required and not check_required_use(required, depgraph._pkg_use_enabled(package), package.iuse.is_valid_flag, eapi=package.eapi):
        return _required_use(names, package, atom)
    wanted = atom.unevaluated_atom.use
    if wanted is not None:
        missing = sorted(package.iuse.get_missing_iuse(wanted.required))
        if missing:
            return names.problem("unsatisfied_use", f"{package.cpv} has no USE flag '{missing[0]}'{because}", f"its flags are: {', '.join(sorted(package.iuse.all)) or 'none'}", str(atom))
        enabled = depgraph._pkg_use_enabled(package)
        change = sorted(atom.use.enabled - enabled) + ["-" + flag for flag in sorted(atom.use.disabled & enabled)]
        return names.problem(
            "unsatisfied_use", f"{package.cpv} must have USE=\"{' '.join(change)}\"{because}",
            f"add the line '{atom.cp} {' '.join(change)}' to package.use of the configuration", str(atom),
        )
    return names.problem("other", f"Portage cannot use {visible[-1]}{because}", "its own words are in the detail", str(atom))


def _required_use(names, package, atom):
    required = " ".join(package._metadata["REQUIRED_USE"].split())
    enabled = " ".join(sorted(package.use.enabled & package.iuse.all)) or "none"
    return names.problem(
        "required_use", f"the USE flags of {package.cpv} break its rule '{required}' (enabled: {enabled})",
        f"change portage.use, or add a line for {package.cp} to package.use of the configuration", str(atom),
    )


def _masked(names, cpv, atom, because):
    reasons = names.masks(cpv)
    reason = "; ".join(reasons)
    keyword = next((words.split()[0] for words in reasons if words.endswith("keyword")), "")
    if "package.mask" in reason or "profile" in reason:
        remedy = f"if you need it all the same, add '={cpv}' to package.unmask of the configuration"
    elif keyword:
        remedy = f"add the line '={cpv} {'**' if keyword == 'missing' else keyword}' to package.accept_keywords of the configuration"
    else:
        remedy = "the reason is in the ebuild or its repository; choose another version"
    return names.problem("masked", f"{cpv} is masked by {reason}{because}", remedy, str(atom))


def _host_tool(names, atom, because):
    """A BDEPEND: a program of the build host, that no ebuild of ours can bring."""
    with open(stepconfig.PREFIX + "/etc/rookery/host-packages", encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if len(words) == 5 and portage.versions.cpv_getkey(words[0]) == atom.cp:
                there = any(os.path.exists(file) for file in words[3].split(","))
                found = f"the build host has no {words[3].split(',')[0]}" if not there else f"the build host's {words[0]} does not fit '{atom}'"
                return names.problem(
                    "no_such_package", f"{found}{because}", f"install the package {words[4]} on the build host, then remove the toolchain's prefix so that it is made anew", str(atom)
                )
    return names.problem(
        "no_such_package", f"the build host does not offer '{atom}'{because}",
        "the portable toolchain has no such tool; use the toolchain stage3 or crossdev for this package", str(atom),
    )
