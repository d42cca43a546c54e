#!/bin/sh
# Makes the Gentoo Prefix of the portable toolchain. Runs once, inside the sandbox, with
#   /prefix (writable, empty)   what comes out; every path recorded in it says /prefix
#   /wheels (read-only)         the wheels of Portage and zig, downloaded before
#   /setup  (read-only)         the directory of this script
# A Portage that pip installed takes sys.prefix for its EPREFIX: the virtual environment *is* the Prefix, with the build
# host's configuration in etc/portage and its package database in var/db/pkg. Nothing outside of it is touched.
set -eu

chosts='x86_64-unknown-linux-musl aarch64-unknown-linux-musl riscv64-unknown-linux-musl x86_64-w64-mingw32'
portage_version=3.0.83
zig_version=0.17.1

fail() { # what was found, what to do
    echo "setup-prefix: $1" >&2
    echo "setup-prefix: $2" >&2
    exit 1
}

[ -w /prefix ] || fail "/prefix is not writable" "bind an empty directory there; it becomes the prefix"
set -- /prefix/* /prefix/.[!.]*
for found do
    if [ -e "$found" ]; then fail "/prefix is not empty: there is $found" "remove what an interrupted set-up left there and start again"; fi
done
for wheel in "portage-$portage_version" "ziglang-$zig_version"; do
    set -- "/wheels/$wheel"-*.whl
    [ -f "$1" ] || fail "there is no $1" \
        "download it with: pip download --no-deps portage==$portage_version ziglang==$zig_version"
done
/usr/bin/python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' || \
    fail "/usr/bin/python3 is $(/usr/bin/python3 --version 2>&1); Portage needs 3.9 or newer" "install a newer python3"
/usr/bin/python3 -m venv /prefix || fail "python3 -m venv failed (its own words are above)" "install python3-venv"
# No index: the set-up has no network, and what is installed is exactly what was downloaded and checked before.
/prefix/bin/python3 -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-index --no-deps \
    --find-links /wheels "portage==$portage_version" "ziglang==$zig_version" || \
    fail "pip could not install the two wheels" "remove /wheels' files and download them again; a broken download is the usual reason"

cp -R /setup/prefix/. /prefix/
chmod 755 /prefix/usr/libexec/rookery/*

cd /prefix
python=$(ls -d lib/python3*/site-packages)
mkdir -p usr/bin usr/lib/rookery
# zig finds its own library beside the real file, so a link will do.
chmod 755 "$python/ziglang/zig"
ln -s "../../../$python/ziglang/zig" usr/lib/rookery/zig
for chost in $chosts; do
    for tool in gcc g++ cc c++; do ln -s ../libexec/rookery/cc "usr/bin/$chost-$tool"; done
    for tool in ar ranlib nm strip objcopy objdump readelf ld windres dlltool; do ln -s ../libexec/rookery/tool "usr/bin/$chost-$tool"; done
    for tool in emerge ebuild; do ln -s ../libexec/rookery/cross-emerge "usr/bin/$chost-$tool"; done
    ln -s ../libexec/rookery/pkg-config "usr/bin/$chost-pkg-config"
done
# Portage calls GNU tar by this name, Debian by the other.
ln -s /usr/bin/tar usr/bin/gtar

# The stock configuration names ::gentoo at a place that is not there, and a binhost on the network.
rm -f share/portage/config/binrepos.conf
printf '[DEFAULT]\nmain-repo = rookery\n\n[rookery]\nlocation = /repos/rookery\nauto-sync = no\n' >share/portage/config/repos.conf

# The build host: CHOST of its own tools, and what of Gentoo's packages the host gives in its stead.
printf 'CHOST="%s-pc-linux-gnu"\n' "$(uname -m)" >>etc/portage/make.conf
ln -s /repos/rookery/profiles/rookery/host etc/portage/make.profile
/prefix/bin/python3 /prefix/usr/libexec/rookery/host-packages /prefix/etc/rookery/host-packages /prefix/share/rookery/var

# Per step /prefix/var is a fresh directory, filled from share/rookery/var: locks, counters and caches are written there.
mkdir -p var
