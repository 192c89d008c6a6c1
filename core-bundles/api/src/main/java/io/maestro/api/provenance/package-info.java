/** Receipts: signed, chained records of what was done, and the keys that sign them. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.provenance;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
