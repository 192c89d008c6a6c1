/** Where data lies, against a real PostgreSQL and storages in memory. */
@NullMarked
package io.maestro.residency;

import org.jspecify.annotations.NullMarked;
