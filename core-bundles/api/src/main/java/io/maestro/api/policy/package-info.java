/** Governance: what policies decide, why, and how people change them. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.policy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
