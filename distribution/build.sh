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

# One line for each module, so that slow does not look like hung; the rest is in the log.
build_what_changed() {
  if distribution_is_current; then
    return
  fi
  local log=$root/target/build.log status=0
  mkdir -p "$root/target"
  echo "Building. The first time takes 5 minutes on two idle cores and downloads 200 MB; all that Maven says is in $log" >&2
  maven -Dstyle.color=never -DskipTests -pl distribution/assembly -am package 2>&1 </dev/null | tee "$log" \
    | sed -nu 's/^\[INFO\] Building \(.*\) [0-9][^ ]*  *\[\([0-9]*\)\/\([0-9]*\)\]$/  \2 of \3  \1/p' >&2 || status=$?
  if [[ $status != 0 ]]; then
    grep '^\[ERROR\]' "$log" | head -n 30 >&2
    echo "$(basename "$0"): the build failed with $status; $log says more. What is built already is kept: try again" >&2
    exit 1
  fi
}
