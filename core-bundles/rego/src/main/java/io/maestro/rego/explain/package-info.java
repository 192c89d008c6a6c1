/** Says why a policy answered as it did, and what would have to be otherwise. */
@NullMarked
@Version("1.0.0")
package io.maestro.rego.explain;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
