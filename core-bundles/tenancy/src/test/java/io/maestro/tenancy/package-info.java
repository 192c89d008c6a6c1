/** Tenancy against a real PostgreSQL. */
@NullMarked
package io.maestro.tenancy;

import org.jspecify.annotations.NullMarked;
