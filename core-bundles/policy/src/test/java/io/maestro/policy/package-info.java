/** Governance against a real PostgreSQL. */
@NullMarked
package io.maestro.policy;

import org.jspecify.annotations.NullMarked;
