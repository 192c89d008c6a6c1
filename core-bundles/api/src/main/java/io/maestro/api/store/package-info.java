/** What the store offers the edge, idempotent requests, and what engines hand one another, transactions. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
