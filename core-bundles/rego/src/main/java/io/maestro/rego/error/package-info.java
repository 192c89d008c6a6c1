/** What can be wrong with a policy or with a question to it, and where. */
@NullMarked
@Version("1.0.0")
package io.maestro.rego.error;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
