# shellcheck shell=sh disable=SC2154
# What building and testing need of the machine beyond a JDK: Debian packages and a Go toolchain.
# Sourced by ../rookery, whose say, die, fail_from, at_least, cache and logs it uses.

GO_MIN=1.26
GO_PIN=1.26.8
APT_LOCK_SECONDS=900
APT_UPDATE_TRIES=6

# For whom, what is looked for (a command on PATH, or a file), and the package that brings it.
# pod2man stands for the full perl: perl-base, which is always there, cannot configure OpenSSL.
# stdlib.h stands for the C library's headers, ensurepip for a python3 that can make a venv.
requirements() {
    python=$(basename "$(readlink -f /usr/bin/python3)")
    cat <<TABLE
maven mvn maven
build /usr/bin/python3 python3
build /usr/lib/$python/ensurepip/__init__.py python3-venv
build pkg-config pkg-config
build cmake cmake
build ninja ninja-build
build make make
build pod2man perl
build patch patch
build bzip2 bzip2
build xz xz-utils
build zstd zstd
build gcc gcc
build /usr/include/stdlib.h libc6-dev
build tclsh tcl
build git git
build bwrap bubblewrap
build setpriv util-linux
build qemu-aarch64-static qemu-user-static
build qemu-riscv64-static qemu-user-static
build /etc/ssl/certs/ca-certificates.crt ca-certificates
test skopeo skopeo
test docker-registry docker-registry
test podman podman
test musl-gcc musl-tools
test aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
test /usr/aarch64-linux-gnu/include/stdlib.h libc6-dev-arm64-cross
test riscv64-linux-gnu-gcc gcc-riscv64-linux-gnu
test /usr/riscv64-linux-gnu/include/stdlib.h libc6-dev-riscv64-cross
corpus eu-readelf elfutils
corpus readelf binutils
test file file
test shellcheck shellcheck
test chromium chromium
test chromedriver chromium-driver
bench /usr/bin/python3 python3
bench /usr/lib/$python/ensurepip/__init__.py python3-venv
bench gcc gcc
bench /usr/include/stdlib.h libc6-dev
bench xargs findutils
bench /usr/bin/time time
bench file file
bench readelf binutils
bench eu-readelf elfutils
bench scanelf pax-utils
bench llvm-readelf llvm
TABLE
}

missing_packages() { # missing_packages VERB
    packages=
    while read -r for_whom probe package; do
        case $1:$for_whom in *:maven | *:"$1" | test:build | test:corpus | demo:build) ;; *) continue ;; esac
        case $probe in
        /*) if [ -e "$probe" ]; then continue; fi ;;
        *) if command -v "$probe" >/dev/null; then continue; fi ;;
        esac
        case " $packages " in *" $package "*) ;; *) packages="$packages $package" ;; esac
    done <<TABLE
$(requirements)
TABLE
    case $1 in
    maven | corpus) ;;
    *) if [ -z "$(any_go)" ]; then packages="$packages golang-go"; fi ;;
    esac
    echo "${packages# }"
}

prerequisites() { # prerequisites VERB: names what is missing, installs it when root
    packages=$(missing_packages "$1")
    if [ -z "$packages" ]; then return; fi
    if ! command -v apt-get >/dev/null; then
        die 20 "needs what these Debian packages bring: $packages; install their like with this system's package manager"
    fi
    if [ "$(id -u)" -ne 0 ]; then
        die 20 "needs packages that are not installed; run: sudo apt-get update && sudo apt-get install --yes --no-install-recommends $packages"
    fi
    exec 6<"$cache"
    flock 6 # of two at once, the second finds the first one's work done
    packages=$(missing_packages "$1")
    if [ -n "$packages" ]; then
        say "installing what is missing: $packages"
        # shellcheck disable=SC2086 # the packages are words
        install_packages $packages
        packages=$(missing_packages "$1")
        [ -z "$packages" ] || die 20 "installed them, but what these should bring is still missing: $packages; see $logs/apt.log"
    fi
    exec 6<&-
}

install_packages() {
    # A directory of our own for the archives: where another apt runs at the same time on an image with
    # docker-clean, it would delete ours from the shared one between download and unpacking.
    archives=$(mktemp -d)
    mkdir "$archives/partial"
    tries=1
    # DPkg::Lock::Timeout does not cover the lock on the package lists, hence the loop.
    until apt-get -q -o DPkg::Lock::Timeout="$APT_LOCK_SECONDS" update >"$logs/apt.log" 2>&1 </dev/null; do
        if [ "$tries" -ge "$APT_UPDATE_TRIES" ]; then say "apt-get update failed; going on with the package lists as they are"; break; fi
        tries=$((tries + 1))
        sleep 5
    done
    status=0
    DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout="$APT_LOCK_SECONDS" -o Dir::Cache::archives="$archives" \
        install --yes --no-install-recommends "$@" >>"$logs/apt.log" 2>&1 </dev/null || status=$?
    rm -rf "$archives"
    [ "$status" -eq 0 ] || fail_from 21 "$logs/apt.log" "apt-get could not install $*"
}

# ---- Go. Asked for its GOROOT outside any module, and without its switching to a module's toolchain.
go_root() { (cd / && GOTOOLCHAIN=local "$1" env GOROOT 2>/dev/null) || :; }

any_go() { # the gos to try, the best first
    for go in "${ROOKERY_GOROOT:-/nonexistent}/bin/go" "$(command -v go || :)" /usr/local/go/bin/go "$cache/go/$GO_PIN/bin/go"; do
        if [ -x "$go" ]; then echo "$go"; fi
    done
}

find_go() { # sets and exports ROOKERY_GOROOT
    gos=$(any_go)
    while read -r go; do
        root=$(go_root "$go")
        version=$(sed -n '1s/^go//p' "$root/VERSION" 2>/dev/null) || continue
        if at_least "$GO_MIN" "$version"; then
            ROOKERY_GOROOT=$root
            export ROOKERY_GOROOT
            return
        fi
    done <<GOS
$gos
GOS
    fetch_go "$(echo "$gos" | head -n 1)"
    ROOKERY_GOROOT=$cache/go/$GO_PIN
    export ROOKERY_GOROOT
}

fetch_go() { # fetch_go OLD_GO: the pinned toolchain is a module, which any go can download and check
    case $(uname -m) in x86_64) arch=amd64 ;; aarch64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
    module=golang.org/toolchain@v0.0.1-go$GO_PIN.linux-$arch
    exec 6<"$cache"
    flock 6
    if [ -x "$cache/go/$GO_PIN/bin/go" ]; then
        exec 6<&-
        return
    fi
    say "$1 is older than Go $GO_MIN: getting $GO_PIN into $cache/go"
    mkdir -p "$cache/go"
    new=$(mktemp -d "$cache/go/new.XXXXXX")
    (cd "$new" && GO111MODULE=on GOTOOLCHAIN=local GOFLAGS=-modcacherw GOMODCACHE="$new" "$1" mod download "$module") \
        >"$logs/go.log" 2>&1 || {
        rm -rf "$new"
        fail_from 21 "$logs/go.log" "could not get Go $GO_PIN through $1 ($module); install a Go $GO_MIN or newer instead"
    }
    # A module holds neither the executable bit nor files named go.mod below its own: restore both.
    chmod +x "$new/$module"/bin/* "$new/$module"/pkg/tool/*/*
    mv "$new/$module/src/_go.mod" "$new/$module/src/go.mod"
    mv -T "$new/$module" "$cache/go/$GO_PIN" ||
        die 20 "cannot move Go to $cache/go/$GO_PIN; is the disk full?"
    rm -rf "$new"
    exec 6<&-
}
