# Sourced by the scripts: builds the distribution when a source is newer than its stamp. Needs $root and a JDK.

# What the distribution is made of; tests and docs are not.
distribution_is_current() {
  local stamp=$root/distribution/assembly/target/stamp
  [[ -e $stamp ]] && [[ -z $(cd "$root" && find pom.xml bnd .mvn core-bundles adapter-bundles partner-devkit distribution \
    \( -name target -o -path '*/src/test' -o -name node_modules \) -prune -o -newer "$stamp" -print -quit) ]]
}

maven() {
  if ! command -v mvn >/dev/null; then
    echo "$(basename "$0"): needs Maven 3.8 or newer: install it (for example the package maven)" >&2
    exit 1
  fi
  # Maven's own libraries use what the JDK is about to take away; nothing we can mend.
  (cd "$root" && MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow" mvn -B -ntp "$@")
}

# The distribution's scripts are quiet; Maven speaks only when something is wrong.
build_what_changed() {
  if distribution_is_current; then
    return
  fi
  echo "Building; the first time this takes a few minutes ..." >&2
  if ! maven -q -DskipTests -pl distribution/assembly -am package >&2; then
    echo "$(basename "$0"): the build failed, see above" >&2
    exit 1
  fi
}
