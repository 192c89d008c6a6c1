/** Callers: principals, roles, API tokens, and the record of attempts to overstep. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.identity;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
