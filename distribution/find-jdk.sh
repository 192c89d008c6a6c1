# Sourced by every script: sets JAVA_HOME to a JDK 25, or says in one line what to install and exits.
# A JDK says its version in the file "release"; asking java itself would cost a tenth of a second.

is_jdk_25() {
  [[ -x $1/bin/javac && -r $1/release ]] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

find_jdk() {
  local on_path candidate
  on_path=$(readlink -f "$(command -v javac || true)" 2>/dev/null || true)
  for candidate in "${JAVA_HOME:-}" "${on_path%/bin/javac}" \
      /usr/lib/jvm/* /usr/java/* /opt/* /opt/*/* /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/*; do
    if [[ -n $candidate ]] && is_jdk_25 "$candidate"; then
      export JAVA_HOME=$candidate
      return
    fi
  done
  echo "$(basename "$0"): needs JDK 25: install one (for example the package temurin-25-jdk) or set JAVA_HOME to it" >&2
  exit 1
}

find_jdk
