# Shared by the scripts beside it; sourced, never run. Expects bash, set -euo pipefail, and the repository as folder.
# shellcheck shell=bash

TOOLS=$PWD/target/tools
CARGO_DENY=0.20.2
CARGO_DEB=3.8.0

# Debian packages, each with the reason that is shown before it is installed. Debian 12, 13 and Ubuntu 24.04 know them all.
BUILD_PACKAGES=(
	"gcc: links the program, compiles libopus and the crypto library"
	"g++: part of the same"
	"make: part of the same"
	"cmake: builds libopus"
	"pkg-config: finds ALSA"
	"libasound2-dev: ALSA, the sound cards"
	"ca-certificates: downloads from the crate registry"
)
DEMO_PACKAGES=(
	"ffmpeg: import reads recordings with it"
	"librsvg2-bin: the picture of the evening as PNG"
	"fonts-dejavu-core: Vietnamese letters in that picture"
	"python3: verifies the log a second time"
	"python3-cryptography: the same"
	"jq: reads the program's JSON"
	"procps: the demo looks at its processes"
)
PACKAGE_PACKAGES=(
	"dpkg-dev: finds which libraries the Debian package depends on"
	"binutils: strips the program in it"
)
TEST_PACKAGES=(
	"ffmpeg: import reads recordings with it"
	"espeak-ng: speaks the recordings that tests damage"
	"sox: cuts and damages them"
	"pulseaudio: a null sink, to record what plays"
	"pulseaudio-utils: speaks to it"
	"libasound2-plugins: ALSA through that sink"
	"python3: a second verifier of the log"
	"python3-cryptography: the same"
	"openssl: reads key files a second way"
	"jq: reads the program's JSON"
	"dbus: a private bus with a false timedate1"
	"systemd: checks the units"
	"mmdebstrap: a clean Debian to install the package in"
	"debian-archive-keyring: the same"
	"uidmap: the same, when not root"
	"man-db: reads the manual pages"
	"procps: looks at processes"
)

say() { printf '%s\n' "$*"; }
die() {
	printf '%s\n' "$*" >&2
	exit 3
}

# step TITLE: closes the step before with its time, opens the next. STEPS is the number of steps, set by the script.
STEP=0 STEP_TITLE='' STEP_BEGAN=0
step() {
	step_done
	STEP=$((STEP + 1)) STEP_TITLE=$1 STEP_BEGAN=$SECONDS
	printf '\n== [%d/%d] %s\n' "$STEP" "$STEPS" "$1"
}
step_done() {
	[ "$STEP" = 0 ] || printf '== [%d/%d] %s: done in %s\n' "$STEP" "$STEPS" "$STEP_TITLE" "$(span $((SECONDS - STEP_BEGAN)))"
}
span() {
	if [ "$1" -ge 60 ]; then printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); else printf '%d s' "$1"; fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "cannot run as root: $* (become root, or install sudo)"
	fi
}

# apt, patient: with a lock that another apt holds, and with a network that stumbles.
apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@"
}

# need_packages "name: why" …: installs those that are missing, and says so before; quiet when all are there.
need_packages() {
	command -v dpkg-query >/dev/null || die "this is not Debian or Ubuntu; install by hand: ${*%%:*}"
	local entry name missing=()
	for entry in "$@"; do
		name=${entry%%:*}
		is_installed "$name" && continue
		[ ${#missing[@]} -gt 0 ] || say "Debian packages to install:"
		[[ " ${missing[*]-} " == *" $name "* ]] || missing+=("$name")
		say "  $name:${entry#*:}"
	done
	if [ ${#missing[@]} = 0 ]; then
		say "all Debian packages are there"
		return
	fi
	local try
	: >"$LOG"
	for try in 1 2 3; do
		# The lists may be missing or older than the mirror: only then are they fetched.
		if [ "$try" = 1 ] && apt_lists_missing; then
			say "fetching the package lists"
			apt_get update >"$LOG" 2>&1 || true
		fi
		if apt_get install --no-install-recommends "${missing[@]}" >>"$LOG" 2>&1; then
			say "installed: ${missing[*]}"
			return
		fi
		say "apt-get install did not succeed (try $try of 3); fetching the package lists"
		sleep $((try * 2))
		apt_get update >>"$LOG" 2>&1 || true
	done
	tail -n 30 "$LOG" >&2
	die "could not install: ${missing[*]} (whole output: $LOG)"
}
apt_lists_missing() { [ -z "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -print -quit 2>/dev/null)" ]; }

# The toolchain: there, and new enough for Cargo.toml's rust-version.
need_rust() {
	local want have
	[ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ] && PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
	command -v cargo >/dev/null || die "no Rust toolchain: install one from https://rustup.rs"
	want=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
	have=$(rustc --version | cut -d' ' -f2)
	[ "$(printf '%s\n' "$want" "${have%%-*}" | sort -V | head -n1)" = "$want" ] ||
		die "Rust $have is older than $want: run 'rustup update'"
	say "Rust $have"
}
# need_component NAME SUBCOMMAND: rustfmt and clippy are missing from a minimal toolchain.
need_component() {
	cargo "$2" --version >/dev/null 2>&1 && return
	command -v rustup >/dev/null || die "cargo $2 is missing: install the component $1 of your Rust toolchain"
	say "installing the Rust component $1"
	rustup component add "$1"
}

# need_tool NAME VERSION: a cargo tool in target/tools, built once a version; one of the same version elsewhere is reused.
need_tool() {
	local name=$1 version=$2 home=$TOOLS/$1-$2
	if [ ! -x "$home/bin/$name" ]; then
		if [ "$("$name" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+')" = "$version" ]; then
			return
		fi
		say "building $name $version into target/tools (once)"
		mkdir -p "$TOOLS"
		CARGO_TARGET_DIR=$TOOLS/build retry cargo install --quiet --locked --root "$home" --version "$version" "$name"
		rm -rf "$TOOLS/build"
	fi
	PATH=$home/bin:$PATH
}
retry() {
	local try
	for try in 1 2 3; do
		"$@" && return
		[ "$try" = 3 ] || { say "again in $((try * 5)) s: $*"; sleep $((try * 5)); }
	done
	return 1
}

mkdir -p target
LOG=$PWD/target/packages.log
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
