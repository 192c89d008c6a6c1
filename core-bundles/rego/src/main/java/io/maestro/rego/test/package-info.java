/** Runs the tests that policies bring: rules whose names begin with {@code test_}. */
@NullMarked
@Version("1.0.0")
package io.maestro.rego.test;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
