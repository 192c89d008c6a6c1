/** Where the data of tenants lies: routes, items, locations and transfers. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.residency;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
