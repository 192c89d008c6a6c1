/** Tenants and their environments. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.tenancy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
