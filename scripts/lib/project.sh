# What the scripts share; sourced, never run. POSIX sh.
#
# A script sets `project` to the project's directory before it sources this file.

# Says something to the person in front of it, never on standard output.
say() { printf '%s\n' "$*" >&2; }

# Gives up. 70 is no exit status of oomsh's own.
die() {
  say "$(basename "$0"): $*"
  exit 70
}

# Prints the comment at a script's head, which is its manual.
show_manual() { sed -n '2,/^$/ { s/^# \{0,1\}//; p; }' "$1"; }

# Puts swift into PATH.
need_swift() {
  command -v swift >/dev/null 2>&1 && return
  for place in "${SWIFT_HOME:-}/usr/bin" "${SWIFT_HOME:-}/bin" "$HOME/.local/share/swiftly/bin"; do
    if [ -x "$place/swift" ]; then
      PATH=$place:$PATH
      export PATH
      return
    fi
  done
  die "there is no swift in PATH. Install Swift 6.2 or newer (https://swift.org/install)," \
    "or say where it is: SWIFT_HOME=/path/to/toolchain"
}

# Whether a C compiler finds libedit's header and the linker its library.
has_libedit() {
  compiler=$(dirname "$(command -v swift)")/clang
  [ -x "$compiler" ] || compiler=cc
  printf '%s\n' '#include <histedit.h>' 'int main(void) { return el_init("", 0, 0, 0) != 0; }' |
    "$compiler" -xc - -ledit -o /dev/null >/dev/null 2>&1
}

# Installs libedit's development files where they are missing.
need_libedit() {
  has_libedit && return
  manual="install libedit's development files by hand (libedit-dev, libedit-devel)"
  command -v apt-get >/dev/null 2>&1 || die "libedit is missing and there is no apt-get: $manual"
  say "installing libedit-dev, which oomsh's line editor needs"
  install_libedit && has_libedit && return
  say "again, with fresh package lists"
  as_root apt-get -qq update || say "apt-get update failed"
  install_libedit || die "apt-get could not install libedit-dev: $manual"
  has_libedit || die "libedit-dev is installed, but no compiler finds it: $manual"
}

install_libedit() {
  as_root apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends libedit-dev
}

# Runs a command as root; asks for a password only where somebody can type it.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    DEBIAN_FRONTEND=noninteractive "$@" >&2 </dev/null
  elif ! command -v sudo >/dev/null 2>&1; then
    die "this needs root, and there is no sudo. As root: $*"
  elif [ -t 0 ]; then
    sudo DEBIAN_FRONTEND=noninteractive "$@" >&2
  else
    sudo -n DEBIAN_FRONTEND=noninteractive "$@" >&2 </dev/null
  fi
}

# The flags with which oomsh is linked: all of it statically where the C libraries come as archives,
# as Debian's do, which halves the CPU time from start to prompt; else only Swift's own library.
link_flags() {
  compiler=$(dirname "$(command -v swift)")/clang
  [ -x "$compiler" ] || compiler=cc
  archives="-lbsd -lmd -ltinfo"
  # shellcheck disable=SC2086
  if printf '%s\n' '#include <histedit.h>' 'int main(void) { return el_init("", 0, 0, 0) != 0; }' |
    "$compiler" -static -xc - -ledit $archives -o /dev/null >/dev/null 2>&1; then
    printf '%s' "--static-swift-stdlib -Xswiftc -static-executable"
    for archive in $archives; do printf '%s' " -Xlinker $archive"; done
  else
    printf '%s' "--static-swift-stdlib"
  fi
}

# Builds the release unless no source is newer than the last build. Sets `program`.
build_oomsh() {
  program=$project/.build/release/oomsh
  stamp=$project/.build/oomsh-built
  if [ -x "$program" ] && [ -e "$stamp" ] && ! sources_changed_since "$stamp"; then return; fi
  need_swift
  need_libedit
  say "building oomsh (the first time takes a few minutes)"
  mkdir -p "$project/.build"
  # Taken now: what is edited during the build is newer than that.
  : >"$stamp.$$"
  log=$(mktemp)
  # shellcheck disable=SC2046
  if ! swift build --package-path "$project" -c release --product oomsh $(link_flags) \
    >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log" "$stamp.$$"
    die "the build failed"
  fi
  rm -f "$log"
  mv "$stamp.$$" "$stamp"
}

# Directories count too, so that a file that was removed is noticed.
sources_changed_since() {
  [ -n "$(find "$project/Package.swift" "$project/Sources" -newer "$1" -print -quit)" ]
}
